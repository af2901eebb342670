"""Stop: by message and by signal, in whatever a cell does; and what answers while a cell spins."""

import time

from kernel import Kernel, case, holds, main, same

SPINNING = {
    "an endless loop": "while (true) {}",
    "a loop after an await": "await null; for (;;) {}",
    "a pending promise": "await new Promise(() => {})",
    "a timer that never comes": "await new Promise((resolve) => setTimeout(resolve, 1e8))",
    "a loop of awaits": "while (true) await null",
    "for await over what never ends": "for await (const x of (async function* () { while (true) yield 1 })()) { void x }",
    "a loop in a function that a cell before made": "spin()",
    "an endless recursion of promises": "const again = async (): Promise<void> => { await null; return again() }; await again()",
    "a loop that catches everything": "while (true) { try { while (true) {} } catch { } finally { } }",
    "a loop in a callback": "[1].forEach(() => { while (true) {} })",
    "a loop in a getter": "const o = { get x() { for (;;) {} } }; o.x",
    "a while without braces": "let i = 0; while (true) i++",
    "a loop in a generator": "[...(function* () { while (true) yield 1 })()].length",
    "a sort that takes for ever": "const f = () => { const a = Array.from({ length: 1e4 }, Math.random); a.sort((x, y) => x - y); }; do f(); while (true)",
}


def start_spinning(kernel, code):
    msg_id = kernel.client.execute(f"console.log('on'); {code}")
    kernel.until_printed(msg_id, "on\n")
    return msg_id


def stopped(kernel, msg_id, timeout=8):
    since = time.monotonic()
    result = kernel.finish(msg_id, timeout)
    same(result.status, "error")
    same(result.error["ename"], "Interrupted")
    same(result.reply["content"]["ename"], "Interrupted")
    return time.monotonic() - since


def declare(kernel):
    kernel.value("var survivor = { n: 1 }; function spin() { while (true) {} }")


for what, code in SPINNING.items():

    @case(f"Stop ends {what}, and variables survive")
    def spinning(kernel, code=code):
        declare(kernel)
        msg_id = start_spinning(kernel, code)
        time.sleep(0.05)
        kernel.interrupt()
        took = stopped(kernel, msg_id)
        assert took < 3, f"took {took:.1f} s"
        same(kernel.value("survivor.n"), "1")


@case("Stop by a signal to the kernel's group does the same, and completion survives it too")
def by_signal(kernel):
    declare(kernel)
    for code in ("while (true) {}", "await new Promise(() => {})"):
        msg_id = start_spinning(kernel, code)
        kernel.interrupt(by="signal")
        stopped(kernel, msg_id)
    same(kernel.value("survivor.n"), "1")
    content = kernel.ask("complete_request", {"code": "survivor.", "cursor_pos": 9})["content"]
    same(content["matches"], ["n"])
    same(kernel.execute("const n: number = 'x'").status, "error")


@case("a kernelspec with interrupt_mode signal works as well")
def signal_mode():
    kernel = Kernel(interrupt_mode="signal")
    try:
        declare(kernel)
        msg_id = start_spinning(kernel, "while (true) {}")
        kernel.manager.interrupt_kernel()
        stopped(kernel, msg_id)
        same(kernel.value("survivor.n"), "1")
    finally:
        kernel.stop()


@case("100 interrupts in a row, of a mix of cells, by message and by signal: 100 of 100 alive")
def hundred(kernel):
    declare(kernel)
    kernel.value("var rounds = 0")
    codes = [
        "while (true) {}",
        "await null; for (;;) {}",
        "await new Promise(() => {})",
        "while (true) await null",
        "spin()",
    ]
    slowest = 0.0
    for turn in range(100):
        msg_id = start_spinning(kernel, f"rounds++; {codes[turn % len(codes)]}")
        kernel.interrupt(by="signal" if turn % 7 == 3 else "message")
        slowest = max(slowest, stopped(kernel, msg_id))
    same(kernel.value("[rounds, survivor.n]"), "[ 100, 1 ]")
    assert slowest < 3, f"the slowest took {slowest:.1f} s"


@case("Stop while nothing runs does nothing, and the next cell runs")
def idle(kernel):
    for _ in range(3):
        kernel.interrupt()
        kernel.interrupt(by="signal")
    # A signal goes another way than messages; one still under way would rightly stop what comes next.
    time.sleep(0.2)
    same(kernel.value("1 + 1"), "2")


@case("Stop pressed many times at once stops one cell")
def many(kernel):
    msg_id = start_spinning(kernel, "while (true) {}")
    for _ in range(20):
        kernel.send("interrupt_request", {}, "control")
    stopped(kernel, msg_id)
    time.sleep(0.3)
    same(kernel.value("'fine'"), "'fine'")
    same(kernel.value("await new Promise((resolve) => setTimeout(() => resolve('still fine'), 300))"), "'still fine'")


@case("Stop aborts the cells that wait behind")
def queued(kernel):
    msg_id = start_spinning(kernel, "while (true) {}")
    behind = [kernel.client.execute("var ran = true") for _ in range(3)]
    time.sleep(0.2)
    kernel.interrupt()
    stopped(kernel, msg_id)
    same([kernel.finish(each).status for each in behind], ["aborted"] * 3)
    same(kernel.value("1"), "1")


@case("Stop right after a cell was sent, before it began, stops it")
def early(kernel):
    for delay in (0, 0.002, 0.01, 0.03):
        msg_id = kernel.client.execute("while (true) {}")
        kernel.until(msg_id, lambda m: m["msg_type"] == "execute_input")
        time.sleep(delay)
        kernel.interrupt()
        result = kernel.finish(msg_id, 8)
        same((result.status, result.error["ename"]), ("error", "Interrupted"))
    same(kernel.value("1"), "1")


@case("code that cleans up in finally does so when stopped")
def cleaning(kernel):
    msg_id = start_spinning(kernel, "try { while (true) {} } finally { console.log('cleaned') }")
    kernel.interrupt()
    result = kernel.finish(msg_id)
    same(result.status, "error")
    holds(result.stdout, "cleaned")


@case("completion, inspection, is_complete, kernel_info, history and the heartbeat answer while a cell spins")
def while_spinning(kernel):
    kernel.value("const orchard = { apple: 1 }")
    kernel.ask("complete_request", {"code": "orchard.", "cursor_pos": 8})
    msg_id = start_spinning(kernel, "while (true) {}")
    times = {}

    def timed(name, act):
        since = time.monotonic()
        answer = act()
        times[name] = round(time.monotonic() - since, 3)
        return answer

    asked = kernel.ask
    content = timed("complete", lambda: asked("complete_request", {"code": "orchard.", "cursor_pos": 8}))["content"]
    same(content["matches"], ["apple"])
    content = timed("inspect", lambda: asked("inspect_request", {"code": "Math.abs", "cursor_pos": 8, "detail_level": 0}))
    same(content["content"]["found"], True)
    same(timed("is_complete", lambda: asked("is_complete_request", {"code": "1"}))["content"]["status"], "complete")
    for channel in ("shell", "control"):
        timed(channel, lambda: asked("kernel_info_request", {}, channel))
    timed("history", lambda: asked("history_request", {"hist_access_type": "tail", "n": 1, "output": False, "raw": True}))
    timed("heartbeat", kernel.beat)
    assert max(times.values()) < 1, times
    kernel.interrupt()
    stopped(kernel, msg_id)


main()
