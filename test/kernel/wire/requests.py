"""Requests that run no cell: kernel_info, is_complete, complete, inspect, history, comm_info, and those that make no sense."""

import queue

from kernel import Kernel, case, holds, main, same


@case("kernel_info on shell and on control, between busy and idle")
def kernel_info(kernel):
    for channel in ("shell", "control"):
        result = kernel.finish(kernel.send("kernel_info_request", {}, channel), channel=channel)
        content = result.reply["content"]
        same(result.reply["msg_type"], "kernel_info_reply")
        same(content["status"], "ok")
        same(content["protocol_version"], "5.5")
        same(content["language_info"]["name"], "typescript")
        same(content["language_info"]["file_extension"], ".ts")
        same(content["supported_features"], [])
        assert content["implementation"] and content["implementation_version"] and content["banner"], content
        same(result.kinds, ["busy", "idle"])


@case("a new subscription to iopub is welcomed")
def welcome(kernel):
    import zmq
    from jupyter_client.session import Session

    # Not the client's own: it would take the same message, heard by both, for one sent twice.
    session = Session(key=kernel.client.session.key)
    for topic in (b"", b"kernel."):
        with zmq.Context.instance().socket(zmq.SUB) as socket:
            socket.linger = 0
            socket.connect(kernel.client._make_url("iopub"))
            socket.subscribe(topic)
            assert socket.poll(5000), "no welcome"
            frames = socket.recv_multipart()
            _, parts = session.feed_identities(frames)
            message = session.deserialize(parts)
            same(message["msg_type"], "iopub_welcome")
            same(message["content"], {"subscription": topic.decode()})
            same(message["parent_header"], {})


@case("is_complete knows complete, incomplete and invalid code")
def is_complete(kernel):
    samples = {
        "complete": ["", "1", "const a = 1;", "type T = { a: number }", "await 1", "/[(]/.test('(')", "`${'}'}`", "for (;;) {}"],
        "incomplete": ["function f() {", "const x = `abc", "[1,2,", "foo(", "/* open", "if (a) {\n  b();", "x = `${"],
        "invalid": ["const = 3", "for for", "let 1a = 2", "}", "a b c"],
    }
    for wanted, codes in samples.items():
        for code in codes:
            content = kernel.ask("is_complete_request", {"code": code})["content"]
            assert content["status"] == wanted, f"{code!r}: {content}, wanted {wanted}"
            same("indent" in content, wanted == "incomplete")


def complete(kernel, code, cursor=None):
    reply = kernel.ask("complete_request", {"code": code, "cursor_pos": len(code) if cursor is None else cursor})
    content = reply["content"]
    same((reply["msg_type"], content["status"]), ("complete_reply", "ok"))
    return content


@case("complete gives matches with their types, in the same order")
def completion(kernel):
    content = complete(kernel, "Math.ab")
    same(content["matches"], ["abs"])
    same((content["cursor_start"], content["cursor_end"]), (5, 7))
    content = complete(kernel, "const xs = [1]; xs.")
    types = content["metadata"]["_jupyter_types_experimental"]
    same([each["text"] for each in types], content["matches"])
    kinds = {each["text"]: each["type"] for each in types}
    same((kinds["map"], kinds["length"]), ("method", "property"))


@case("complete counts in code points: characters outside the BMP before the cursor")
def code_points(kernel):
    code = "const smile = '🙂🙂🙂'; smile.toUpperC"
    content = complete(kernel, code)
    same(content["matches"], ["toUpperCase"])
    same((content["cursor_start"], content["cursor_end"]), (len(code) - 8, len(code)))
    # In the middle of the code, with more of it behind.
    rest = "; '𝛼'.trim()"
    content = complete(kernel, code + rest, len(code))
    same((content["matches"], content["cursor_end"]), (["toUpperCase"], len(code)))
    types = content["metadata"]["_jupyter_types_experimental"]
    same((types[0]["start"], types[0]["end"]), (len(code) - 8, len(code)))


@case("complete knows the variables of cells that ran, and their types")
def completion_of_cells(kernel):
    same(kernel.execute("const gardenTools = { spade: 1, rake: 'x' }").status, "ok")
    same(complete(kernel, "gardenT")["matches"], ["gardenTools"])
    same(sorted(complete(kernel, "gardenTools.")["matches"])[:2], ["rake", "spade"])


@case("complete and inspect run no code")
def no_evaluation(kernel):
    kernel.execute("var touched = 0; const trap = { get inner() { touched++; return { deep: 1 } } }")
    complete(kernel, "trap.inner.")
    kernel.ask("inspect_request", {"code": "trap.inner.deep", "cursor_pos": 8, "detail_level": 1})
    same(kernel.value("touched"), "0")


@case("complete where there is nothing to say answers with no matches")
def no_completion(kernel):
    for code, cursor in (("", 0), ("'a string wi", 12), ("// comment", 10), ("x.y.z.", 6), ("]]]", 1000)):
        content = complete(kernel, code, cursor)
        assert isinstance(content["matches"], list), content
        assert isinstance(content["metadata"], dict), content


def inspect(kernel, code, cursor=None, detail=0):
    cursor = len(code) if cursor is None else cursor
    content = kernel.ask("inspect_request", {"code": code, "cursor_pos": cursor, "detail_level": detail})["content"]
    same(content["status"], "ok")
    same(content["metadata"], {})
    return content


@case("inspect tells signature and documentation, as Markdown and as plain text")
def inspection(kernel):
    content = inspect(kernel, "Math.abs")
    same(content["found"], True)
    for kind in ("text/markdown", "text/plain"):
        holds(content["data"][kind], "abs(x: number): number", "absolute value")
    holds(content["data"]["text/markdown"], "```")
    assert "```" not in content["data"]["text/plain"], content["data"]


@case("inspect knows the functions of cells that ran, and counts in code points")
def inspection_of_cells(kernel):
    kernel.execute("/** Doubles a number. */\nfunction twice(n: number): number { return 2 * n }")
    code = "const a = '🙂🙂🙂🙂🙂🙂🙂🙂'; twice(2)"
    content = inspect(kernel, code, code.index("twice") + 1)
    same(content["found"], True)
    holds(content["data"]["text/plain"], "twice(n: number): number", "Doubles a number")


@case("inspect where there is nothing finds nothing")
def no_inspection(kernel):
    for code in ("", "   ", "1 + 1 // xx"):
        content = inspect(kernel, code, min(len(code), 2))
        same((content["found"], content["data"]), (False, {}))


def history(kernel, **wanted):
    content = kernel.ask("history_request", {"output": False, "raw": True, **wanted})["content"]
    same(content["status"], "ok")
    return content["history"]


@case("history: tail, range and search, with and without output")
def histories():
    kernel = Kernel()
    try:
        for code in ("const base = 10", "base + 1", "base + 2", "base + 1"):
            kernel.value(code)
        same(
            history(kernel, hist_access_type="tail", n=2),
            [[1, 3, "base + 2"], [1, 4, "base + 1"]],
        )
        same(history(kernel, hist_access_type="tail", n=2, output=True)[0], [1, 3, ["base + 2", "12"]])
        same(history(kernel, hist_access_type="tail", n=1, output=True, raw=False), [[1, 4, ["base + 1", "11"]]])
        same(history(kernel, hist_access_type="range", session=0, start=2, stop=4), [[0, 2, "base + 1"], [0, 3, "base + 2"]])
        same(history(kernel, hist_access_type="range", session=1, start=1, stop=2, output=True), [[1, 1, ["const base = 10", None]]])
        same(history(kernel, hist_access_type="range", session=-1, start=1, stop=9), [])
        same([h[1] for h in history(kernel, hist_access_type="search", pattern="base*")], [2, 3, 4])
        same([h[1] for h in history(kernel, hist_access_type="search", pattern="base ? 1", unique=True)], [4])
        same([h[1] for h in history(kernel, hist_access_type="search", pattern="*", n=1)], [4])

        # A restart begins a session; those before it stay.
        kernel.manager.restart_kernel(now=False)
        kernel.connect()
        same(history(kernel, hist_access_type="range", session=-1, start=1, stop=2), [[1, 1, "const base = 10"]])
        kernel.value("'new'")
        same(history(kernel, hist_access_type="tail", n=2), [[1, 4, "base + 1"], [2, 1, "'new'"]])
        same(kernel.execute("0").reply["content"]["execution_count"], 2)
    finally:
        kernel.stop()


@case("history of a cell that failed is kept")
def failed_history(kernel):
    kernel.execute("throw new Error('kept anyway')")
    holds(str(history(kernel, hist_access_type="tail", n=1)), "kept anyway")


@case("comm_info without comms is empty")
def comm_info(kernel):
    for content in ({}, {"target_name": "jupyter.widget"}, {"target_name": None}):
        answer = kernel.ask("comm_info_request", content)["content"]
        same(answer, {"status": "ok", "comms": {}})


@case("a request nobody knows is dropped, and others go on")
def unknown(kernel):
    for msg_type in ("debug_request", "create_subshell_request", "nonsense", "execute_reply", "__proto__", "constructor"):
        for channel in ("shell", "control"):
            msg_id = kernel.send(msg_type, {"a": 1}, channel)
            try:
                message = getattr(kernel.client, f"get_{channel}_msg")(timeout=0.05)
                raise AssertionError(f"{msg_type} ({msg_id}) was answered: {message['content']}")
            except queue.Empty:
                pass
    same(kernel.value("'still here'"), "'still here'")


@case("a request with wrong content is answered with an error that names the field")
def wrong(kernel):
    for msg_type, content, field in (
        ("execute_request", {"code": 5}, "code"),
        ("execute_request", {"code": "1", "silent": "yes"}, "silent"),
        ("complete_request", {"code": "a", "cursor_pos": "x"}, "cursor_pos"),
        ("history_request", {"hist_access_type": "everything"}, "hist_access_type"),
        ("is_complete_request", {}, "code"),
        ("inspect_request", {"code": None}, "code"),
    ):
        content = kernel.ask(msg_type, content)["content"]
        same(content["status"], "error")
        holds(content["evalue"], field)
        assert "ename" in content and "traceback" in content, content


main()
