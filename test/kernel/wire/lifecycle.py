"""How a kernel and its cells end: process.exit, crashes, memory, restart, shutdown, a Jupyter that vanishes."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

from kernel import Kernel, case, descendants, gone, holds, main, same


def ends(kernel, code, *words, timeout=30):
    """Runs a cell that ends the executor; the next one must say so, and find no variables."""
    kernel.value("var before = 1")
    result = kernel.execute(code, timeout=timeout)
    same(result.status, "error")
    same(result.error["ename"], result.reply["content"]["ename"])
    holds(" ".join([result.error["ename"], result.error["evalue"]]), *words)
    after = kernel.execute("console.log('runs')")
    same((after.status, after.stdout), ("ok", "runs\n"))
    holds(after.stderr, "fresh")
    once = kernel.execute("// @ts-nocheck\ntypeof before")
    same((once.text, once.stderr), ("'undefined'", ""))
    return result


@case("process.exit in a cell is told in it, and the next cell runs in a fresh process after a notice")
def exits(kernel):
    result = ends(kernel, "console.log('last words'); process.exit(3)", "3")
    same(result.stdout, "last words\n")


@case("an abort is told as a crash")
def aborts(kernel):
    ends(kernel, "process.abort()", "SIGABRT")


@case("a process killed from outside is told")
def killed(kernel):
    ends(kernel, "process.kill(process.pid, 'SIGKILL'); while (true) {}", "kill")


@case("a cell that runs out of memory is told so")
def memory():
    kernel = Kernel(node_options=["--max-old-space-size=150"])
    try:
        ends(kernel, "const hoard: number[][] = []; while (true) hoard.push(new Array(100_000).fill(1.5))", "memory", timeout=60)
    finally:
        kernel.stop()


@case("process.exit while nothing runs is told to the cell that made it happen")
def idle_exit(kernel):
    first = kernel.client.execute("setTimeout(() => process.exit(7), 200); 'set'")
    kernel.reply(first)
    told = kernel.until(first, lambda m: m["msg_type"] == "error")
    holds(told["content"]["evalue"], "7")
    after = kernel.execute("'alive'")
    same(after.text, "'alive'")
    holds(after.stderr, "fresh")


@case("a process that ends while nothing runs is told to the latest cell, also where a widget was used since")
def idle_kill(kernel):
    first = kernel.client.execute("process.pid")
    pid = int(kernel.finish(first).text)
    message = kernel.send("comm_msg", {"comm_id": "a widget", "data": {}})
    kernel.until(message, lambda m: m["content"].get("execution_state") == "idle")
    os.kill(pid, signal.SIGKILL)
    told = kernel.until(first, lambda m: m["msg_type"] == "error")
    holds(told["content"]["evalue"], "killed")
    holds(kernel.execute("'alive'").stderr, "fresh")


@case("an executor that cannot start again is told in each cell, and leaves no comm message waiting")
def cannot_start():
    kernel = Kernel()
    try:
        pid = int(kernel.value("process.pid"))
        os.rmdir(kernel.cwd)
        os.kill(pid, signal.SIGKILL)
        for _ in range(2):
            result = kernel.execute("// @ts-nocheck\n1")
            same(result.status, "error")
        holds(" ".join(result.error["traceback"]), "did not start", "ENOENT")
        message = kernel.send("comm_msg", {"comm_id": "a widget", "data": {}})
        kernel.until(message, lambda m: m["content"].get("execution_state") == "idle")
        os.mkdir(kernel.cwd)
        same(kernel.value("1 + 1"), "2")
    finally:
        kernel.stop()


@case("cells that wait behind one that ends the process are aborted")
def behind(kernel):
    ids = [kernel.client.execute(code) for code in ("process.exit(1)", "1", "2")]
    same([kernel.finish(each).status for each in ids], ["error", "aborted", "aborted"])
    same(kernel.value("1"), "1")


@case("ten ends in a row leave a kernel that runs, and no processes behind")
def many(kernel):
    before = len(descendants(kernel.pid))
    for _ in range(10):
        same(kernel.execute("process.exit(0)").status, "error")
    same(kernel.value("1"), "1")
    deadline = time.monotonic() + 5
    while len(descendants(kernel.pid)) > before and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(descendants(kernel.pid)) <= before, (before, len(descendants(kernel.pid)))


@case("shutdown on control is answered, and every process ends by itself")
def shutdown():
    for code in ("1", "while (true) {}", "await new Promise(() => {})"):
        kernel = Kernel()
        try:
            msg_id = kernel.client.execute(f"console.log('on'); {code}")
            kernel.until_printed(msg_id, "on\n")
            pids = [kernel.pid, *descendants(kernel.pid)]
            assert len(pids) > 1, pids
            asked = kernel.send("shutdown_request", {"restart": False}, "control")
            reply = kernel.reply(asked, "control")
            same(reply["content"], {"status": "ok", "restart": False})
            kernel.until(asked, lambda m: m["msg_type"] == "shutdown_reply", 5)
            since = time.monotonic()
            kernel.manager.provisioner.process.wait(5)
            gone(pids)
            assert time.monotonic() - since < 3
            same(kernel.manager.provisioner.process.returncode, 0)
        finally:
            kernel.stop()


@case("processes that cells started end with the kernel")
def children():
    kernel = Kernel()
    try:
        code = "import { spawn } from 'node:child_process'; const child = spawn('sleep', ['60']); child.pid"
        pid = int(kernel.value(code))
        kernel.ask("shutdown_request", {"restart": False}, "control")
        kernel.manager.provisioner.process.wait(5)
        gone([pid])
    finally:
        kernel.stop()


@case("shutdown on shell is answered too; with restart, the reply says so")
def shutdown_on_shell():
    kernel = Kernel()
    try:
        reply = kernel.ask("shutdown_request", {"restart": True})
        same(reply["content"], {"status": "ok", "restart": True})
        kernel.manager.provisioner.process.wait(5)
    finally:
        kernel.stop()


@case("a restart gives a new kernel at the same addresses, and leaves nothing of the old one")
def restart():
    kernel = Kernel()
    try:
        kernel.value("var before = 1")
        for _ in range(3):
            pids = [kernel.pid, *descendants(kernel.pid)]
            kernel.manager.restart_kernel(now=False)
            gone(pids)
            kernel.connect()
            same(kernel.execute("// @ts-nocheck\ntypeof before").text, "'undefined'")
            same(kernel.execute("1").reply["content"]["execution_count"], 2)
    finally:
        kernel.stop()


@case("SIGTERM ends the kernel and all it started")
def terminated():
    kernel = Kernel()
    try:
        msg_id = kernel.client.execute("console.log('on'); while (true) {}")
        kernel.until_printed(msg_id, "on\n")
        pids = [kernel.pid, *descendants(kernel.pid)]
        os.kill(kernel.pid, signal.SIGTERM)
        kernel.manager.provisioner.process.wait(5)
        gone(pids)
    finally:
        kernel.stop()


@case("SIGKILL of the protocol process leaves no executor spinning")
def killed_hard():
    kernel = Kernel()
    try:
        msg_id = kernel.client.execute("console.log('on'); while (true) {}")
        kernel.until_printed(msg_id, "on\n")
        pids = [kernel.pid, *descendants(kernel.pid)]
        os.kill(kernel.pid, signal.SIGKILL)
        kernel.manager.provisioner.process.wait(5)
        gone(pids)
    finally:
        kernel.stop()


@case("a Jupyter that vanishes takes the kernel with it")
def orphaned():
    program = (
        f"import sys; sys.path.insert(0, {os.path.dirname(os.path.abspath(__file__))!r})\n"
        "import json, time\n"
        "from kernel import Kernel, descendants\n"
        "kernel = Kernel()\n"
        "kernel.client.execute('while (true) {}'); time.sleep(0.5)\n"
        "print(json.dumps([kernel.pid, *descendants(kernel.pid)]), flush=True)\n"
        "time.sleep(60)\n"
    )
    jupyter = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    pids = json.loads(jupyter.stdout.readline())
    jupyter.kill()
    jupyter.wait()
    try:
        gone(pids, timeout=8)
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@case("a connection file that cannot be used ends the kernel with words about it")
def bad_connection():
    from kernel import MAIN, NODE

    ended = subprocess.run([NODE, MAIN, "/nowhere/connection.json"], capture_output=True, text=True, timeout=20)
    assert ended.returncode not in (0, None), ended
    holds(ended.stderr, "/nowhere/connection.json")
    ended = subprocess.run([NODE, MAIN], capture_output=True, text=True, timeout=20)
    assert ended.returncode != 0
    holds(ended.stderr, "usage")


@case("the kernel works over ipc")
def ipc():
    # jupyter_client makes the file; ports of ipc are numbers behind a path.
    from jupyter_client import BlockingKernelClient
    from jupyter_client.connect import write_connection_file
    from kernel import MAIN, NODE
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "c.json")
        write_connection_file(path, transport="ipc", ip=os.path.join(folder, "k"))
        env = {**os.environ, "MODEL_TYPES_KERNEL_HISTORY": "off"}
        process = subprocess.Popen([NODE, MAIN, path], cwd=folder, env=env)
        client = BlockingKernelClient(connection_file=path)
        client.load_connection_file()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=20)
            reply = client.execute_interactive("1 + 1", timeout=20, output_hook=lambda m: None)
            same(reply["content"]["status"], "ok")
            client.shutdown()
            same(process.wait(5), 0)
        finally:
            process.kill()
            client.stop_channels()


main()
