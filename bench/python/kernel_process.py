"""A kernel as a notebook sees it: a process started with a connection file, spoken to by jupyter_client.

    kernel = Kernel("ipykernel", argv, cwd, env, interrupt="signal")
    kernel.first_result("1+1", 30)      # seconds from launching the process
    kernel.execute("1+1", 30).seconds   # from sending to reply and idle
    kernel.end()

All times are the client's: from before the request is packed until the last message that belongs to it is unpacked.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field

import zmq
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.connect import write_connection_file


class Late(Exception):
    """Nothing came within the time."""


@dataclass
class Result:
    """What a cell made a kernel say until `seconds` after it was sent."""

    seconds: float = 0.0
    status: str = ""
    """That of the reply, or "late" where reply or idle did not come."""
    text: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    messages: int = 0


class Kernel:
    def __init__(self, name: str, argv: list[str], cwd: str, env: dict[str, str], interrupt: str):
        self.name = name
        self.interrupt_mode = interrupt
        folder = tempfile.mkdtemp(prefix="model-types-bench-")
        path, _ = write_connection_file(os.path.join(folder, "kernel.json"), ip="127.0.0.1", key=os.urandom(16).hex().encode())
        self.log_path = os.path.join(folder, "log.txt")
        # A kernel binds its sockets some time after the client wants to connect: the client tries again each 5 ms, not
        # each 100 as by default, and never drops what a kernel sends faster than it reads.
        self.context = zmq.Context()
        self.context.setsockopt(zmq.RECONNECT_IVL, 5)
        self.context.setsockopt(zmq.RCVHWM, 0)
        self.context.setsockopt(zmq.LINGER, 0)
        self.client = BlockingKernelClient(connection_file=path, context=self.context)
        self.client.load_connection_file()
        self.client.start_channels(stdin=False, hb=False)
        self.shell = self.client.shell_channel.socket
        self.iopub = self.client.iopub_channel.socket
        self.arrived: deque[tuple[str, dict]] = deque()
        self.poller = zmq.Poller()
        self.poller.register(self.shell, zmq.POLLIN)
        self.poller.register(self.iopub, zmq.POLLIN)
        with open(self.log_path, "w") as log:
            self.launched = time.perf_counter()
            self.process = subprocess.Popen(
                [part.replace("{connection_file}", path) for part in argv],
                cwd=cwd,
                env={**os.environ, **env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _next(self, deadline: float) -> tuple[str, dict]:
        """The next message and its channel. Raises Late at the deadline."""
        while not self.arrived:
            for socket, _ in self.poller.poll(max(0, min(200, 1000 * (deadline - time.perf_counter())))):
                channel = "shell" if socket is self.shell else "iopub"
                self.arrived.append((channel, self.client.session.recv(socket)[1]))
            if not self.arrived and time.perf_counter() >= deadline:
                raise Late(f"{self.name} did not finish in time. {self.last_words()}")
            if not self.arrived and self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}. {self.last_words()}")
        return self.arrived.popleft()

    def last_words(self) -> str:
        with open(self.log_path, errors="replace") as log:
            return log.read()[-600:].strip()

    def first_result(self, code: str, limit: float) -> float:
        """Seconds from launching the process to the reply and the idle of its first cell.

        As front ends do, asks for kernel_info first, until an answer comes on both sockets: what a kernel publishes before
        the client has subscribed is lost.
        """
        heard = False
        while not heard:
            asked, replied, deadline = self.client.kernel_info(), False, self.launched + limit
            while not (replied and heard):
                try:
                    channel, message = self._next(deadline)
                except Late:
                    if not replied:
                        raise
                    break
                if channel == "iopub":
                    heard = True
                elif message["parent_header"].get("msg_id") == asked:
                    replied, deadline = True, time.perf_counter() + 0.02
            if not heard and time.perf_counter() > self.launched + limit:
                raise Late(f"{self.name} publishes nothing. {self.last_words()}")
        result = self.execute(code, limit)
        if result.status != "ok":
            raise RuntimeError(f"{self.name} fails at its first cell: {' '.join(result.errors + result.text)[:600]}")
        return time.perf_counter() - self.launched

    def execute(self, code: str, limit: float, lines: int = 0) -> Result:
        """Runs a cell to its reply, its idle and as many lines of text (the last may be unfinished)."""
        start = time.perf_counter()
        return self.finish(self.client.execute(code, allow_stdin=False), start, limit, lines)

    def finish(self, sent: str, start: float, limit: float, lines: int = 0) -> Result:
        """Gathers what belongs to a request that was sent. Text that is missing a second after all else is taken for lost."""
        result = Result()
        idle, found = False, 0
        deadline = start + limit
        while not (idle and result.status and found >= lines):
            if idle and result.status:
                deadline = min(deadline, start + result.seconds + 1)
            try:
                channel, message = self._next(deadline)
            except Late:
                if not (idle and result.status):
                    result.status = "late"
                break
            if message["parent_header"].get("msg_id") != sent:
                continue
            kind, content = message["msg_type"], message["content"]
            text = None
            if channel == "shell":
                result.status = content.get("status", "")
            elif kind == "stream":
                text = content["text"]
            elif kind in ("execute_result", "display_data"):
                text = str(content["data"].get("text/plain", "")) + "\n"
            elif kind == "error":
                result.errors.append(f"{content.get('ename')}: {content.get('evalue')}")
            elif kind == "status":
                idle = idle or content["execution_state"] == "idle"
            if text is not None:
                result.text.append(text)
                found += text.count("\n")
            if result.status == "error":
                lines = 0
            result.messages += 1
            result.seconds = time.perf_counter() - start
        return result

    def ask(self, kind: str, content: dict, limit: float) -> tuple[float, dict]:
        """Seconds to the reply on the shell channel, and its content."""
        start = time.perf_counter()
        message = self.client.session.msg(kind, content)
        self.client.shell_channel.send(message)
        while True:
            channel, reply = self._next(start + limit)
            if channel == "shell" and reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                return time.perf_counter() - start, reply["content"]

    def interrupt(self) -> None:
        if self.interrupt_mode == "message":
            self.client.control_channel.send(self.client.session.msg("interrupt_request", {}))
        else:
            self.process.send_signal(signal.SIGINT)

    def end(self) -> None:
        """Kills it with all that it started."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.client.stop_channels()
        self.context.destroy(linger=0)
