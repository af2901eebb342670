"""A running kernel as its clients see it, by jupyter_client: what the programs beside this file test with.

A program holds cases, functions marked by `@case("what holds")`, and ends with `main(...)`. Run alone it tells each case:

    python execute.py            all cases, one line of JSON each: {"case": ..., "ok": ..., "words": ..., "seconds": ...}
    python execute.py --list     their names
    python execute.py WORD       those with WORD in their names
"""

import contextlib
import json
import os
import queue
import shutil
import signal
import sys
import tempfile
import time
import traceback

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
MAIN = os.path.join(ROOT, "dist", "src", "kernel", "main.js")
NODE = os.environ.get("TEST_NODE", "node")

CASES = []


def case(name):
    """Marks a function as a case; it takes the kernel that its program shares, or none."""

    def mark(function):
        CASES.append((name, function))
        return function

    return mark


class Result:
    """Everything a kernel said about one request."""

    def __init__(self, msg_id):
        self.msg_id = msg_id
        self.reply = None
        self.messages = []

    @property
    def status(self):
        return self.reply["content"]["status"]

    def of(self, kind):
        return [m["content"] for m in self.messages if m["msg_type"] == kind]

    @property
    def kinds(self):
        """The message types in order; streams that follow each other count as one."""
        kinds = []
        for m in self.messages:
            kind = m["content"]["execution_state"] if m["msg_type"] == "status" else m["msg_type"]
            if not (kinds and kind == "stream" == kinds[-1]):
                kinds.append(kind)
        return kinds

    def stream(self, name):
        return "".join(c["text"] for c in self.of("stream") if c["name"] == name)

    @property
    def stdout(self):
        return self.stream("stdout")

    @property
    def stderr(self):
        return self.stream("stderr")

    @property
    def text(self):
        """The result as plain text; None where the cell has none."""
        results = self.of("execute_result")
        assert len(results) < 2, results
        return results[0]["data"]["text/plain"] if results else None

    @property
    def error(self):
        errors = self.of("error")
        assert len(errors) < 2, errors
        return errors[0] if errors else None


class Kernel:
    def __init__(self, env=None, node_options=(), interrupt_mode="message", cwd=None):
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_client.manager import KernelManager

        self.folder = tempfile.mkdtemp(prefix="kernel-wire-")
        self.cwd = cwd or os.path.join(self.folder, "notebooks")
        specs = os.path.join(self.folder, "kernels")
        os.makedirs(os.path.join(specs, "tested"))
        os.makedirs(self.cwd, exist_ok=True)
        with open(os.path.join(specs, "tested", "kernel.json"), "w") as file:
            json.dump(
                {
                    "argv": [NODE, *node_options, MAIN, "{connection_file}"],
                    "display_name": "tested",
                    "language": "typescript",
                    "interrupt_mode": interrupt_mode,
                },
                file,
            )
        self.history_file = os.path.join(self.folder, "history.jsonl")
        self.env = {**os.environ, "MODEL_TYPES_KERNEL_HISTORY": self.history_file, **(env or {})}
        self.manager = KernelManager(
            kernel_name="tested",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[specs], ensure_native_kernel=False),
            connection_file=os.path.join(self.folder, "connection.json"),
        )
        self.client = None
        self.start()

    def start(self):
        self.manager.start_kernel(cwd=self.cwd, env=self.env)
        self.connect()

    def connect(self):
        if self.client:
            self.client.stop_channels()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=30)
        self.replies = {}
        self.heard = {}
        self.drain()

    def stop(self):
        self.client.stop_channels()
        with contextlib.suppress(Exception):
            self.manager.shutdown_kernel(now=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self):
        return self.manager.provisioner.process.pid

    # --- asking ---

    def send(self, msg_type, content=None, channel="shell", **parts):
        """Sends a request of any kind; gives its id."""
        message = self.client.session.msg(msg_type, content or {}, **parts)
        getattr(self.client, f"{channel}_channel").send(message)
        return message["header"]["msg_id"]

    def ask(self, msg_type, content=None, channel="shell", timeout=20):
        """Sends a request and waits for its reply alone."""
        return self.reply(self.send(msg_type, content, channel), channel, timeout)

    def execute(self, code, timeout=30, **flags):
        return self.finish(self.client.execute(code, **flags), timeout)

    def value(self, code):
        """Runs code that must go well; gives its result as plain text."""
        result = self.execute(code)
        assert result.status == "ok", result.reply["content"]
        return result.text

    def finish(self, msg_id, timeout=30, channel="shell"):
        """Waits for the reply to a request, and for all it makes the kernel say up to `idle`."""
        result = Result(msg_id)
        result.reply = self.reply(msg_id, channel, timeout)
        self.until(msg_id, lambda m: m["msg_type"] == "status" and m["content"]["execution_state"] == "idle", timeout)
        result.messages = self.heard.pop(msg_id)
        return result

    # --- hearing ---

    def reply(self, msg_id, channel="shell", timeout=20):
        deadline = time.monotonic() + timeout
        while msg_id not in self.replies:
            left = max(0.01, deadline - time.monotonic())
            try:
                message = getattr(self.client, f"get_{channel}_msg")(timeout=min(left, 1))
            except queue.Empty:
                assert self.manager.provisioner.process.poll() is None, "the kernel's process has ended"
                if left > 1:
                    continue
                heard = [f"{m['msg_type']}: {json.dumps(m['content'])[:300]}" for m in self.heard.get(msg_id, [])]
                raise AssertionError(f"no reply on {channel} within {timeout} s; heard {heard}") from None
            self.replies[message["parent_header"].get("msg_id")] = message
        return self.replies.pop(msg_id)

    def hear(self, timeout):
        """The next message of iopub, kept with others of its parent; None where none comes."""
        try:
            message = self.client.get_iopub_msg(timeout=timeout)
        except queue.Empty:
            return None
        self.heard.setdefault(message["parent_header"].get("msg_id"), []).append(message)
        return message

    def until(self, msg_id, holds, timeout=20):
        """Waits until a message about this request holds; gives it."""
        deadline = time.monotonic() + timeout
        looked = 0
        while True:
            messages = self.heard.setdefault(msg_id, [])
            for message in messages[looked:]:
                if holds(message):
                    return message
            looked = len(messages)
            left = deadline - time.monotonic()
            if left <= 0 or self.hear(left) is None:
                said = [f"{m['msg_type']}: {json.dumps(m['content'])[:300]}" for m in messages]
                raise AssertionError(f"waited {timeout} s on iopub; heard {said}")

    def until_printed(self, msg_id, text, timeout=20):
        said = [""]

        def holds(message):
            if message["msg_type"] == "stream":
                said[0] += message["content"]["text"]
            return text in said[0]

        return self.until(msg_id, holds, timeout)

    def drain(self, quiet=0.1):
        """Forgets what was said so far."""
        while self.hear(quiet):
            pass
        self.heard = {}

    # --- stopping ---

    def interrupt(self, by="message"):
        if by == "message":
            reply = self.ask("interrupt_request", channel="control")
            assert reply["content"]["status"] == "ok", reply["content"]
        else:
            # As jupyter_client does it: to the whole group.
            os.killpg(os.getpgid(self.pid), signal.SIGINT)

    def beat(self, timeout=2.0):
        """Seconds until the heartbeat answers."""
        import zmq

        with zmq.Context.instance().socket(zmq.REQ) as socket:
            socket.linger = 0
            socket.connect(self.client._make_url("hb"))
            since = time.monotonic()
            socket.send(b"ping")
            assert socket.poll(timeout * 1000), f"no heartbeat within {timeout} s"
            assert socket.recv() == b"ping"
            return time.monotonic() - since


BRIDGE = "const kernel = (globalThis as any)[Symbol.for('model-types.kernel')];\n"
"""Makes the kernel's bridge known to a cell."""


def same(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"


def holds(text, *pieces):
    for piece in pieces:
        assert piece in text, f"{piece!r} is missing in {text!r}"


def descendants(pid):
    """The ids of all processes that a process started, at any remove."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        return [child.pid for child in psutil.Process(pid).children(recursive=True)]
    return []


def gone(pids, timeout=10.0):
    """Waits until none of these processes runs any more."""
    import psutil

    deadline = time.monotonic() + timeout
    while True:
        alive = []
        for pid in pids:
            with contextlib.suppress(psutil.NoSuchProcess):
                if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                    alive.append(" ".join(psutil.Process(pid).cmdline())[:120])
        if not alive:
            return
        assert time.monotonic() < deadline, f"still running after {timeout} s: {alive}"
        time.sleep(0.05)


def main(start=Kernel):
    """Runs the cases of the program. `start` makes the kernel they share, once one takes it."""
    arguments = sys.argv[1:]
    if arguments == ["--list"]:
        print(json.dumps([name for name, _ in CASES]))
        return
    chosen = [each for each in CASES if not arguments or any(word in each[0] for word in arguments)]
    shared = None
    for name, function in chosen:
        since = time.monotonic()
        words = ""
        try:
            if function.__code__.co_argcount == 0:
                function()
            else:
                shared = shared or start()
                try:
                    function(shared)
                except BaseException:
                    # Whatever state it is in, the next case wants a kernel as good as new.
                    shared.stop()
                    shared = None
                    raise
        except Exception:
            words = traceback.format_exc(limit=-3)
        seconds = round(time.monotonic() - since, 2)
        print(json.dumps({"case": name, "ok": not words, "words": words, "seconds": seconds}), flush=True)
    if shared:
        shared.stop()
