"""Bad messages: 10,000 of them, made from a seed, after which the kernel answers as before."""

import hashlib
import hmac
import json
import os
import random
import time

from kernel import case, main, same

TYPES = [
    "execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request", "comm_info_request",
    "comm_open", "comm_msg", "comm_close", "kernel_info_request", "input_reply", "debug_request", "usage_request", "", "x" * 300,
    "__proto__", "toString",
]  # fmt: skip
# Not among them: shutdown_request, which ends the kernel rightly, and interrupt_request.
FIELDS = [
    "code", "cursor_pos", "detail_level", "silent", "store_history", "user_expressions", "allow_stdin", "stop_on_error",
    "hist_access_type", "n", "session", "start", "stop", "pattern", "unique", "output", "raw", "comm_id", "target_name", "data",
    "value", "__proto__", "status",
]  # fmt: skip


def anything(random, depth=0):
    """Any JSON value, the odd ones preferred."""
    simple = [
        None, True, False, 0, -1, 1.5, 1e308, -(2**53), 2**70, "", "x", "𝛼🙂", "\ud83d", "\u0000", "a" * 5000, "1", "tail", "range",
        "search", "*a*" * 40, "[", "jupyter.widget", "while", "${`", "\\", "\u2028",
    ]  # fmt: skip
    if depth > 3 or random.random() < 0.6:
        return random.choice(simple)
    if random.random() < 0.5:
        return [anything(random, depth + 1) for _ in range(random.randrange(4))]
    return {random.choice([*FIELDS, "constructor", "then", "toJSON"]): anything(random, depth + 1) for _ in range(random.randrange(4))}


def deep(count):
    return b"[" * count + b"]" * count


def parts(random):
    """Header, parent, metadata, content and buffers, as bytes, mostly right in form and wrong in content."""
    msg_type = random.choice(TYPES)
    header = {"msg_id": os.urandom(8).hex(), "msg_type": msg_type, "session": "fuzz", "username": "f", "date": "", "version": "5.3"}
    content = {name: anything(random) for name in random.sample(FIELDS, random.randrange(6))}
    if msg_type == "execute_request":
        # Wrong in at least one field: code that runs would be a test of something else.
        content["code"] = random.choice([None, 5, [], {}, True])
    if random.random() < 0.2:
        header[random.choice(list(header))] = anything(random)
        if header["msg_type"] == "execute_request":
            content["code"] = 7
    if random.random() < 0.1:
        header["extra"] = anything(random)
    made = [json.dumps(each).encode() for each in (header, random.choice([{}, header]), {}, content)]
    if random.random() < 0.15:
        made[random.randrange(4)] = random.choice(
            [b"", b"null", b"[]", b"7", b'"text"', b"{", b"\xff\xfe{}", b"NaN", deep(2000), b'{"a":' + deep(5000) + b"}", os.urandom(30)]
        )
    return made + [os.urandom(random.randrange(20)) for _ in range(random.choice([0, 0, 0, 1, 3]))]


def sign(key, made):
    signature = hmac.HMAC(key, digestmod=hashlib.sha256)
    for part in made[:4]:
        signature.update(part)
    return signature.hexdigest().encode()


def frames(random, key, earlier):
    """One message: signed well, signed ill, mutated, or sent before."""
    made = parts(random)
    whole = [b"<IDS|MSG>", sign(key, made), *made]
    kind = random.random()
    if kind < 0.5:
        earlier.append(whole)
        return whole
    if kind < 0.6:
        return [b"<IDS|MSG>", random.choice([b"", b"0" * 64, b"\xff" * 64, sign(b"wrong", made), sign(key, made)[:-1]]), *made]
    if kind < 0.7 and earlier:
        return random.choice(earlier)
    if kind < 0.8:
        return whole[: random.randrange(1, len(whole))]
    if kind < 0.85:
        return [os.urandom(random.randrange(50)) for _ in range(random.randrange(1, 9))]
    if kind < 0.9:
        return [*[os.urandom(5) for _ in range(random.randrange(4))], *whole]
    if kind < 0.95:
        return [b"<IDS|MSG>"] * random.randrange(1, 8)
    random.shuffle(whole)
    return whole


@case("10,000 bad messages on shell, control and stdin leave the kernel answering, with its variables")
def fuzz(kernel):
    import zmq

    kernel.value("var survivor = 'here'")
    seed = int(os.environ.get("FUZZ_SEED", "20261122"))
    chance = random.Random(seed)
    key = kernel.client.session.key
    context = zmq.Context()
    sockets = []
    for channel in ("shell", "control", "stdin"):
        socket = context.socket(zmq.DEALER)
        socket.linger = -1
        socket.sndhwm = 0
        socket.connect(kernel.client._make_url(channel))
        sockets.append(socket)
    earlier = []
    for turn in range(10_000):
        socket = chance.choice(sockets)
        socket.send_multipart(frames(chance, key, earlier))
        if turn % 200 == 0:
            kernel.drain(0)
            # Answers nobody reads are not what this is about.
            for each in sockets:
                while each.poll(0):
                    each.recv_multipart()
    since = time.monotonic()
    for channel in ("control", "shell"):
        same(kernel.ask("kernel_info_request", {}, channel, timeout=60)["content"]["status"], "ok")
    assert time.monotonic() - since < 30
    for socket in sockets:
        socket.close(0)
    context.term()
    kernel.drain(0.3)
    same(kernel.value("survivor"), "'here'")
    same(kernel.ask("complete_request", {"code": "Math.ab", "cursor_pos": 7})["content"]["matches"], ["abs"])
    msg_id = kernel.client.execute("prompt('q')", allow_stdin=True)
    kernel.client.get_stdin_msg(timeout=10)
    kernel.client.input("a")
    same(kernel.finish(msg_id).text, "'a'")


@case("a message that is not signed with the key runs nothing")
def unsigned(kernel):
    from jupyter_client.session import Session

    forged = Session(key=b"not the key")
    for _ in range(3):
        forged.send(kernel.client.shell_channel.socket, "execute_request", {"code": "var forged = true", "silent": False})
        forged.send(kernel.client.control_channel.socket, "shutdown_request", {"restart": False})
    same(kernel.value("typeof (globalThis as any).forged"), "'undefined'")
    same(kernel.execute("// @ts-nocheck\nforged").status, "error")


@case("a message sent twice runs once")
def replayed(kernel):
    kernel.value("var times = 0")
    session = kernel.client.session
    message = session.msg("execute_request", {"code": "times++"})
    signed = session.serialize(message)
    for _ in range(5):
        kernel.client.shell_channel.socket.send_multipart(signed)
    kernel.finish(message["header"]["msg_id"])
    same(kernel.value("times"), "1")


@case("bytes that are no ZeroMQ at all do not disturb a port")
def noise(kernel):
    import socket
    from urllib.parse import urlparse

    for channel in ("shell", "iopub", "control", "stdin", "hb"):
        where = urlparse(kernel.client._make_url(channel))
        for text in (b"GET / HTTP/1.1\r\n\r\n", os.urandom(200), b"\xff" + b"\x00" * 8 + b"\x7f"):
            with socket.create_connection((where.hostname, where.port)) as connection:
                connection.sendall(text)
    same(kernel.value("1"), "1")
    assert kernel.beat() < 1


main()
