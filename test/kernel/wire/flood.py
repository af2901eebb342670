"""Much output: all of it arrives, up to a cut that says where the rest is."""

import os
import re
import time

from kernel import Kernel, case, holds, main, same


@case("200,000 lines arrive whole and in order, below the cut")
def lines():
    kernel = Kernel(env={"MODEL_TYPES_KERNEL_OUTPUT_LIMIT": "10000000"})
    try:
        result = kernel.execute("for (let i = 0; i < 200_000; i++) console.log(i)", timeout=60)
        same(result.status, "ok")
        printed = result.stdout.split("\n")
        same(len(printed), 200_001)
        for i, line in enumerate(printed[:-1]):
            assert line == str(i), f"{line!r} came for {i}"
        same(result.stderr, "")
        assert len(result.messages) < 1000, f"{len(result.messages)} messages"
    finally:
        kernel.stop()


@case("output without end is cut with a notice, and all of it is in the file that the notice names")
def cut(kernel):
    result = kernel.execute("for (let i = 0; i < 200_000; i++) console.log('line', i)", timeout=60)
    same(result.status, "ok")
    everything = result.stdout + result.stderr
    assert len(everything) < 3_000_000, len(everything)
    holds(everything, "line 0\nline 1\n", "line 199999")
    path = re.search(r"(/\S+\.txt)", everything).group(1)
    with open(path) as file:
        kept = file.read().split("\n")
    same((kept[0], kept[-2], len(kept)), ("line 0", "line 199999", 200_001))


@case("output whose file cannot be written is cut all the same, and says so")
def no_file():
    kernel = Kernel(env={"TMPDIR": "/dev/null/nowhere", "MODEL_TYPES_KERNEL_OUTPUT_LIMIT": "1000"})
    try:
        result = kernel.execute("for (let i = 0; i < 2000; i++) console.log(i)")
        same(result.status, "ok")
        holds(result.stdout, "More than 1,000 characters", "lost", "/dev/null/nowhere")
        holds(result.stderr, "not all are kept", "\n1999\n")
    finally:
        kernel.stop()


@case("a client that listens sees output while it comes, not at the end")
def live(kernel):
    msg_id = kernel.client.execute("console.log('first'); await new Promise((r) => setTimeout(r, 1500)); console.log('second')")
    kernel.until_printed(msg_id, "first\n")
    since = time.monotonic()
    kernel.until_printed(msg_id, "second\n")
    assert time.monotonic() - since > 1, "both came together"
    kernel.finish(msg_id)


@case("one very long line is whole")
def long_line(kernel):
    result = kernel.execute("console.log('🙂'.repeat(300_000))")
    same(result.stdout, "🙂" * 300_000 + "\n")


@case("Stop reaches a cell that prints for ever, and the kernel answers soon after")
def endless(kernel):
    msg_id = kernel.client.execute("for (let i = 0; ; i++) console.log('noise', i)")
    kernel.until_printed(msg_id, "noise 1000\n")
    since = time.monotonic()
    kernel.interrupt()
    result = kernel.finish(msg_id, 30)
    same(result.status, "error")
    same(result.error["ename"], "Interrupted")
    same(kernel.value("1"), "1")
    assert time.monotonic() - since < 15, time.monotonic() - since


@case("other requests are answered during a flood")
def meanwhile(kernel):
    msg_id = kernel.client.execute("for (let i = 0; ; i++) console.log('noise', i)")
    kernel.until_printed(msg_id, "noise 1000\n")
    since = time.monotonic()
    same(kernel.ask("complete_request", {"code": "Math.ab", "cursor_pos": 7})["content"]["matches"], ["abs"])
    assert time.monotonic() - since < 3
    kernel.interrupt()
    kernel.finish(msg_id, 30)


@case("the files of cut outputs are gone when the kernel is")
def files():
    kernel = Kernel(env={"MODEL_TYPES_KERNEL_OUTPUT_LIMIT": "1000"})
    try:
        result = kernel.execute("for (let i = 0; i < 1000; i++) console.log('line', i)")
        path = re.search(r"(/\S+\.txt)", result.stdout + result.stderr).group(1)
        assert os.path.exists(path)
        same(os.stat(path).st_mode & 0o077, 0)
        kernel.manager.shutdown_kernel(now=False)
        assert not os.path.exists(path)
    finally:
        kernel.stop()


main()
