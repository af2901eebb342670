"""Several clients of one kernel, and clients that vanish."""

import contextlib
import queue
import time

from kernel import case, main, same


def second(kernel):
    """Another client, ready; not by `manager.client()`, which would give it the first one's identity."""
    from jupyter_client import BlockingKernelClient

    client = BlockingKernelClient(connection_file=kernel.manager.connection_file)
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=20)
    return client


def iopub(client, msg_id, timeout=10):
    """What a client hears of a request up to `idle`."""
    heard = []
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        message = client.get_iopub_msg(timeout=timeout)
        if message["parent_header"].get("msg_id") != msg_id:
            continue
        heard.append(message)
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return heard
    raise AssertionError("no idle")


@case("both clients hear what a cell says, only the one that asked gets the reply")
def two(kernel):
    other = second(kernel)
    try:
        msg_id = other.execute("console.log('for all')")
        same(other.get_shell_msg(timeout=10)["parent_header"]["msg_id"], msg_id)
        kinds = ["status", "execute_input", "stream", "status"]
        same([m["msg_type"] for m in iopub(other, msg_id)], kinds)
        same([m["msg_type"] for m in iopub(kernel.client, msg_id)], kinds)
        with contextlib.suppress(queue.Empty):
            while True:
                message = kernel.client.get_shell_msg(timeout=0.2)
                # Replies left over from the time it asked whether the kernel is ready are its own.
                assert message["msg_type"] == "kernel_info_reply", f"the other client got {message['content']}"
    finally:
        other.stop_channels()


@case("cells of two clients run in turn, and share their variables")
def in_turn(kernel):
    other = second(kernel)
    try:
        first = kernel.client.execute("await new Promise((r) => setTimeout(r, 300)); const shared = 'mine'")
        # Which of two clients is heard first is anybody's guess.
        kernel.until(first, lambda m: m["msg_type"] == "execute_input")
        theirs = other.execute("shared")
        result = kernel.finish(first)
        same(result.status, "ok")
        heard = iopub(other, theirs)
        same([m["content"]["data"]["text/plain"] for m in heard if m["msg_type"] == "execute_result"], ["'mine'"])
        same(other.get_shell_msg(timeout=10)["parent_header"]["msg_id"], theirs)
    finally:
        other.stop_channels()


@case("only the client that runs the cell is asked for input")
def asks_one(kernel):
    other = second(kernel)
    try:
        other.execute("prompt('who?')", allow_stdin=True)
        same(other.get_stdin_msg(timeout=10)["msg_type"], "input_request")
        try:
            message = kernel.client.get_stdin_msg(timeout=0.2)
            raise AssertionError(f"the other client was asked {message['content']}")
        except queue.Empty:
            pass
        other.input("me")
        same(other.get_shell_msg(timeout=10)["content"]["status"], "ok")
    finally:
        other.stop_channels()


@case("a client that vanishes while its cell runs disturbs nobody")
def vanishes(kernel):
    other = second(kernel)
    other.execute("for (let i = 0; i < 50; i++) { console.log(i); await new Promise((r) => setTimeout(r, 10)) }; var finished = true")
    time.sleep(0.1)
    other.stop_channels()
    same(kernel.value("finished"), "true")


@case("a client that comes back under its old identity gets its replies")
def comes_back(kernel):
    import zmq

    session = kernel.client.session
    for turn in range(2):
        with zmq.Context.instance().socket(zmq.DEALER) as socket:
            socket.linger = 0
            socket.identity = b"the same client"
            socket.connect(kernel.client._make_url("shell"))
            session.send(socket, "kernel_info_request", {})
            assert socket.poll(5000), f"no reply the time {turn + 1}"
            _, message = session.recv(socket, mode=0)
            same(message["content"]["status"], "ok")


main()
