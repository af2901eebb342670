"""Comms: opened from either side, messages and buffers both ways."""

from kernel import BRIDGE, case, holds, main, same

OPEN = (
    BRIDGE + "const comm = kernel.openComm('test.target', "
    "{ data: { state: 1 }, metadata: { version: '2.1.0' }, buffers: [new Uint8Array([1, 2, 255])] });\n"
    "let closed = 0;\n"
    "comm.onMessage((message: any) => {\n"
    "  console.log('got', JSON.stringify(message.data), message.buffers.map((b: Uint8Array) => [...b].join()).join(';'));\n"
    "  comm.send({ echo: message.data }, { buffers: message.buffers });\n"
    "});\n"
    "comm.onClose(() => { closed++ });\n"
)


def opened(kernel):
    result = kernel.execute(OPEN)
    same(result.status, "ok")
    return result, result.of("comm_open")[0]["comm_id"]


def of(message, kind):
    return message["msg_type"] == kind


@case("a comm opened by a cell is announced, with metadata and buffers")
def kernel_opens(kernel):
    result, _ = opened(kernel)
    [message] = [m for m in result.messages if of(m, "comm_open")]
    same(message["content"]["target_name"], "test.target")
    same(message["content"]["data"], {"state": 1})
    same(message["metadata"], {"version": "2.1.0"})
    same([bytes(b) for b in message["buffers"]], [bytes([1, 2, 255])])
    same(message["parent_header"]["msg_id"], result.msg_id)


@case("a message of the client runs its handler: busy, output, answer, idle, all with that message as parent")
def client_sends(kernel):
    _, comm_id = opened(kernel)
    message = kernel.client.session.msg("comm_msg", {"comm_id": comm_id, "data": {"n": 7, "s": "𝛼"}})
    kernel.client.session.send(kernel.client.shell_channel.socket, message, buffers=[b"\x00\x09", b""])
    msg_id = message["header"]["msg_id"]
    kernel.until(msg_id, lambda m: of(m, "status") and m["content"]["execution_state"] == "idle")
    heard = kernel.heard[msg_id]
    same([m["msg_type"] for m in heard], ["status", "stream", "comm_msg", "status"])
    same(heard[1]["content"]["text"], 'got {"n":7,"s":"𝛼"} 0,9;\n')
    same(heard[2]["content"], {"comm_id": comm_id, "data": {"echo": {"n": 7, "s": "𝛼"}}})
    same([bytes(b) for b in heard[2]["buffers"]], [b"\x00\x09", b""])


@case("comm_info lists what is open, by target")
def info(kernel):
    _, comm_id = opened(kernel)
    comms = kernel.ask("comm_info_request", {"target_name": "test.target"})["content"]
    same(comms["status"], "ok")
    same(comms["comms"][comm_id], {"target_name": "test.target"})
    same(kernel.ask("comm_info_request", {"target_name": "other"})["content"]["comms"], {})


@case("a comm the client closes is closed here; one closed here is closed there")
def closes(kernel):
    _, comm_id = opened(kernel)
    msg_id = kernel.send("comm_close", {"comm_id": comm_id, "data": {}})
    kernel.until(msg_id, lambda m: of(m, "status") and m["content"]["execution_state"] == "idle")
    same(kernel.value("closed"), "1")
    assert comm_id not in kernel.ask("comm_info_request", {})["content"]["comms"]
    result, comm_id = opened(kernel)
    result = kernel.execute("comm.close({ why: 'done' })")
    same(result.of("comm_close"), [{"comm_id": comm_id, "data": {"why": "done"}}])
    assert comm_id not in kernel.ask("comm_info_request", {})["content"]["comms"]


@case("a comm opened by the client reaches the handler of its target")
def client_opens(kernel):
    kernel.value(
        BRIDGE + "kernel.onCommOpen('from.client', (comm: any, message: any) => {\n"
        "  console.log('opened', JSON.stringify(message.data));\n"
        "  comm.onMessage((m: any) => comm.send({ sum: m.data.a + m.data.b }));\n"
        "});"
    )
    first = kernel.send("comm_open", {"comm_id": "c1", "target_name": "from.client", "data": {"hello": True}})
    kernel.until_printed(first, 'opened {"hello":true}\n')
    same(kernel.ask("comm_info_request", {})["content"]["comms"]["c1"], {"target_name": "from.client"})
    second = kernel.send("comm_msg", {"comm_id": "c1", "data": {"a": 1, "b": 2}})
    answer = kernel.until(second, lambda m: of(m, "comm_msg"))
    same(answer["content"], {"comm_id": "c1", "data": {"sum": 3}})


@case("a comm for a target nobody serves is closed at once")
def no_target(kernel):
    msg_id = kernel.send("comm_open", {"comm_id": "c2", "target_name": "nobody", "data": {}})
    message = kernel.until(msg_id, lambda m: of(m, "comm_close"))
    same(message["content"]["comm_id"], "c2")
    assert "c2" not in kernel.ask("comm_info_request", {})["content"]["comms"]


@case("messages for comms that are not open harm nobody")
def lost(kernel):
    for kind in ("comm_msg", "comm_close"):
        msg_id = kernel.send(kind, {"comm_id": "never opened", "data": {}})
        kernel.until(msg_id, lambda m: of(m, "status") and m["content"]["execution_state"] == "idle")
    same(kernel.value("1"), "1")


@case("a handler that throws is told to the message that ran it")
def throws(kernel):
    result = kernel.execute(BRIDGE + "const angry = kernel.openComm('angry'); angry.onMessage(() => { throw new RangeError('no') });")
    comm_id = result.of("comm_open")[0]["comm_id"]
    msg_id = kernel.send("comm_msg", {"comm_id": comm_id, "data": {}})
    error = kernel.until(msg_id, lambda m: of(m, "error"))
    same(error["content"]["ename"], "RangeError")
    kernel.until(msg_id, lambda m: of(m, "status") and m["content"]["execution_state"] == "idle")
    same(kernel.value("1"), "1")


@case("a message is handled while a cell waits, and each prints to its own parent")
def while_waiting(kernel):
    _, comm_id = opened(kernel)
    cell = kernel.client.execute("await new Promise((resolve) => setTimeout(resolve, 800)); console.log('cell')")
    kernel.until(cell, lambda m: of(m, "execute_input"))
    msg_id = kernel.send("comm_msg", {"comm_id": comm_id, "data": {"w": 1}})
    kernel.until_printed(msg_id, 'got {"w":1}')
    assert cell not in kernel.replies
    result = kernel.finish(cell)
    same(result.stdout, "cell\n")


@case("the order of 500 messages is kept both ways")
def order(kernel):
    _, comm_id = opened(kernel)
    ids = [kernel.send("comm_msg", {"comm_id": comm_id, "data": {"i": i}}) for i in range(500)]
    for i, msg_id in enumerate(ids):
        answer = kernel.until(msg_id, lambda m: of(m, "comm_msg"))
        same(answer["content"]["data"], {"echo": {"i": i}})
    kernel.drain()


main()
