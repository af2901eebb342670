"""Running cells: what an execute_request makes a kernel say, and in which order."""

import time
from datetime import datetime

from kernel import BRIDGE, case, holds, main, same


@case("a cell's messages come in order: busy, execute_input, output, execute_result, idle")
def order(kernel):
    result = kernel.execute("console.log('a'); 1 + 2 + 3")
    same(result.kinds, ["busy", "execute_input", "stream", "execute_result", "idle"])
    same(result.stdout, "a\n")
    same(result.text, "6")
    count = result.reply["content"]["execution_count"]
    same(result.of("execute_input"), [{"code": "console.log('a'); 1 + 2 + 3", "execution_count": count}])
    same(result.of("execute_result")[0]["execution_count"], count)
    same(result.reply["content"]["status"], "ok")
    same(result.reply["content"]["user_expressions"], {})
    same(result.reply["content"].get("payload"), [])


@case("every message has the request's header as its parent, and a header of its own")
def parents(kernel):
    message = kernel.client.session.msg("execute_request", {"code": "console.log(1); 2"})
    kernel.client.shell_channel.send(message)
    result = kernel.finish(message["header"]["msg_id"])
    ids = set()
    for each in [*result.messages, result.reply]:
        for field in ("msg_id", "msg_type", "session", "username"):
            same(each["parent_header"][field], message["header"][field])
        same(each["header"]["version"], "5.5")
        same(each["header"]["session"], result.reply["header"]["session"])
        assert each["header"]["date"], each["header"]
        ids.add(each["header"]["msg_id"])
    same(len(ids), len(result.messages) + 1)
    same(result.reply["msg_type"], "execute_reply")


@case("execution counts go up by one with each stored cell")
def counts(kernel):
    first = kernel.execute("1").reply["content"]["execution_count"]
    same(kernel.execute("2").reply["content"]["execution_count"], first + 1)
    same(kernel.execute("throw new Error('x')").reply["content"]["execution_count"], first + 2)
    same(kernel.execute("").status, "ok")


@case("silent: nothing is broadcast of input or result, nothing is counted or kept")
def silent(kernel):
    before = kernel.execute("0").reply["content"]["execution_count"]
    result = kernel.execute("var seen = 'in silence'; 5", silent=True, store_history=True)
    same(result.status, "ok")
    same(result.kinds, ["busy", "idle"])
    after = kernel.execute("seen").reply["content"]["execution_count"]
    same(after, before + 1)
    same(kernel.value("seen"), "'in silence'")
    history = kernel.ask("history_request", {"hist_access_type": "tail", "n": 3, "output": False, "raw": True})
    assert "silence" not in str(history["content"]["history"]), history["content"]


@case("store_history false: shown, but neither counted nor kept")
def unstored(kernel):
    before = kernel.execute("0").reply["content"]["execution_count"]
    result = kernel.execute("'not kept'", store_history=False)
    same(result.text, "'not kept'")
    same(result.kinds, ["busy", "execute_input", "execute_result", "idle"])
    same(kernel.execute("0").reply["content"]["execution_count"], before + 1)
    history = kernel.ask("history_request", {"hist_access_type": "tail", "n": 3, "output": False, "raw": True})
    assert "not kept" not in str(history["content"]["history"]), history["content"]


@case("stop_on_error: cells that wait behind a failing one are aborted, each with busy, reply and idle")
def stop_on_error(kernel):
    ids = [kernel.client.execute(code) for code in ("throw new Error('first')", "var second = 2", "var third = 3")]
    results = [kernel.finish(each) for each in ids]
    same([each.status for each in results], ["error", "aborted", "aborted"])
    for aborted in results[1:]:
        same(aborted.kinds, ["busy", "idle"])
    same(kernel.value("typeof (globalThis as any).second + typeof (globalThis as any).third"), "'undefinedundefined'")
    same(kernel.execute("'after'").text, "'after'")


@case("stop_on_error false: the cells behind run")
def go_on(kernel):
    ids = [kernel.client.execute("throw new Error('x')", stop_on_error=False), kernel.client.execute("'ran'")]
    results = [kernel.finish(each) for each in ids]
    same([each.status for each in results], ["error", "ok"])
    same(results[1].text, "'ran'")


@case("a cell aborted by a type error's failure too")
def stop_on_type_error(kernel):
    ids = [kernel.client.execute("const wrong: number = 'text'"), kernel.client.execute("1")]
    same([kernel.finish(each).status for each in ids], ["error", "aborted"])


@case("user_expressions: values as MIME bundles, errors as errors")
def user_expressions(kernel):
    expressions = {"sum": "known + 1", "text": "'a'", "thrown": "(() => { throw new TypeError('no') })()", "bad": "1 +"}
    result = kernel.execute("const known = 41", user_expressions=expressions)
    same(result.status, "ok")
    answers = result.reply["content"]["user_expressions"]
    same(answers["sum"]["status"], "ok")
    same(answers["sum"]["data"]["text/plain"], "42")
    same(answers["sum"]["metadata"], {})
    same(answers["text"]["data"]["text/plain"], "'a'")
    for name in ("thrown", "bad"):
        same(answers[name]["status"], "error")
        assert all(key in answers[name] for key in ("ename", "evalue", "traceback")), answers[name]
    same(answers["thrown"]["ename"], "TypeError")
    same(result.text, None)
    # Without a cell too.
    alone = kernel.execute("", user_expressions={"again": "known"})
    same(alone.reply["content"]["user_expressions"]["again"]["data"]["text/plain"], "41")


@case("an error comes once on iopub and the same in the reply")
def error(kernel):
    result = kernel.execute("console.log('before');\nthrow new TypeError('bad thing')")
    same(result.kinds, ["busy", "execute_input", "stream", "error", "idle"])
    content = result.reply["content"]
    same(content["status"], "error")
    for key in ("ename", "evalue", "traceback"):
        same(content[key], result.error[key])
    same((content["ename"], content["evalue"]), ("TypeError", "bad thing"))
    assert content["traceback"] and all(isinstance(line, str) for line in content["traceback"]), content
    holds("\n".join(content["traceback"]), "line 2", "bad thing")


@case("a type error keeps the cell from running, with its code and its line")
def type_error(kernel):
    result = kernel.execute("var ranAnyway = true;\nconst n: number = 'text';")
    same(result.status, "error")
    holds("\n".join(result.error["traceback"]), "TS2322", "const n: number = 'text'")
    same(kernel.value("typeof (globalThis as any).ranAnyway"), "'undefined'")
    same(kernel.execute("// @ts-nocheck\nconst n2: number = 'text';\nn2").text, "'text'")


@case("a syntax error is an error like others")
def syntax_error(kernel):
    result = kernel.execute("const = 3")
    same(result.status, "error")
    same(result.error["evalue"], result.reply["content"]["evalue"])
    same(result.of("execute_result"), [])


@case("anything can be thrown")
def thrown(kernel):
    for code in ("throw 'text'", "throw undefined", "throw { a: 1 }", "throw null", "throw Object.create(null)"):
        result = kernel.execute(code)
        same(result.status, "error")
        assert isinstance(result.error["ename"], str) and isinstance(result.error["evalue"], str), result.error


@case("what is declared before a throw stays")
def kept(kernel):
    kernel.execute("const stays = 7; throw new Error('x')")
    same(kernel.value("stays"), "7")


@case("a result that is undefined is no result; null is one")
def nothing(kernel):
    same(kernel.execute("undefined").text, None)
    same(kernel.execute("const a = 1").text, None)
    same(kernel.execute("null").text, "null")


@case("stdout and stderr keep their order")
def streams(kernel):
    result = kernel.execute("console.log('1'); console.error('2'); console.log('3'); process.stdout.write('4')")
    same([(c["name"], c["text"]) for c in result.of("stream")], [("stdout", "1\n"), ("stderr", "2\n"), ("stdout", "3\n4")])


@case("texts outside the BMP arrive whole, half a surrogate pair as U+FFFD")
def unicode(kernel):
    result = kernel.execute("console.log('🙂 ü \\u{1d6fc}'); console.log('\\ud83d'); '🙂'")
    same(result.stdout, "🙂 ü 𝛼\n\ufffd\n")
    same(result.text, "'🙂'")


@case("a child process's output streams into its cell")
def child(kernel):
    result = kernel.execute(
        "import { spawn, spawnSync } from 'node:child_process';\n"
        "spawnSync(process.execPath, ['-e', 'console.log(1); console.error(2)'], { stdio: 'inherit' });\n"
        "await new Promise((resolve) => spawn('echo', ['three'], { stdio: 'inherit' }).on('close', resolve));"
    )
    same(sorted(result.stdout.split()), ["1", "three"])
    same(result.stderr.strip(), "2")


@case("displays are published, updated and cleared")
def displays(kernel):
    result = kernel.execute(
        BRIDGE + "kernel.publish({ data: { 'text/html': '<b>1</b>' }, metadata: { a: 1 }, transient: { display_id: 'd' } }, false);\n"
        "kernel.publish({ data: { 'text/html': '<b>2</b>' }, metadata: {}, transient: { display_id: 'd' } }, true);\n"
        "kernel.clearOutput(true);\n"
        "(globalThis as any)[Symbol.for('Jupyter.display')]({ data: { 'text/plain': 'x' }, metadata: {}, transient: {} });"
    )
    same(result.kinds, ["busy", "execute_input", "display_data", "update_display_data", "clear_output", "display_data", "idle"])
    first, last = result.of("display_data")
    same(first, {"data": {"text/html": "<b>1</b>"}, "metadata": {"a": 1}, "transient": {"display_id": "d"}})
    same(last["data"], {"text/plain": "x"})
    same(result.of("update_display_data")[0]["transient"], {"display_id": "d"})
    same(result.of("clear_output"), [{"wait": True}])


@case("a display of what JSON cannot hold harms nobody")
def odd_displays(kernel):
    for code in ("{ big: 1n }", "circle", "new Map([[1, new Date(0)]])", "() => 1", "Symbol('s')", "NaN", "undefined"):
        result = kernel.execute(
            BRIDGE + "const circle: any = { list: [] }; circle.list.push(circle);\n"
            f"kernel.publish({{ data: {{ 'application/json': {code} }}, metadata: {{}}, transient: {{}} }}, false);"
        )
        assert result.status in ("ok", "error"), code
        same(kernel.value("typeof circle"), "'object'")


@case("output of a timer goes to the cell that set it, also while another cell runs")
def timers(kernel):
    first = kernel.client.execute("setTimeout(() => console.log('late'), 300); console.log('now')")
    kernel.reply(first)
    second = kernel.client.execute("await new Promise((resolve) => setTimeout(resolve, 700)); console.log('other')")
    kernel.reply(second)
    kernel.until_printed(first, "now\nlate\n")
    kernel.until_printed(second, "other\n")
    texts = [m["content"]["text"] for m in kernel.heard[second] if m["msg_type"] == "stream"]
    same(texts, ["other\n"])


@case("an unhandled rejection is told to the cell that made it, and is not fatal")
def rejection(kernel):
    first = kernel.client.execute("var survivor = 1; setTimeout(() => { void Promise.reject(new RangeError('stray')) }, 100);")
    kernel.reply(first)
    kernel.execute("'another cell'")
    told = kernel.until(first, lambda m: m["msg_type"] == "error")
    same((told["content"]["ename"], told["content"]["evalue"]), ("RangeError", "stray"))
    thrown = kernel.client.execute("setTimeout(() => { throw new Error('from a timer') }, 50);")
    kernel.reply(thrown)
    same(kernel.until(thrown, lambda m: m["msg_type"] == "error")["content"]["evalue"], "from a timer")
    same(kernel.value("survivor"), "1")


@case("the reply's metadata says when the cell started and how long it took")
def elapsed(kernel):
    result = kernel.execute("await new Promise((resolve) => setTimeout(resolve, 200))")
    metadata = result.reply["metadata"]
    assert 190 <= metadata["elapsed_ms"] < 5000, metadata
    started = datetime.fromisoformat(metadata["started"].replace("Z", "+00:00"))
    assert abs(started.timestamp() - time.time()) < 60, metadata
    assert "elapsed_ms" in kernel.execute("throw 1").reply["metadata"]


@case("cells sent at once run one after the other, in order")
def queued(kernel):
    ids = [kernel.client.execute(f"await new Promise((r) => setTimeout(r, {20 - i})); console.log({i})") for i in range(8)]
    results = [kernel.finish(each) for each in ids]
    same([each.stdout for each in results], [f"{i}\n" for i in range(8)])
    order = [each.reply["content"]["execution_count"] for each in results]
    same(order, list(range(order[0], order[0] + 8)))


main()
