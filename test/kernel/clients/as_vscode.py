"""Does with a kernel what VS Code's Jupyter extension does with one that it starts itself, over ZeroMQ and without a server.

It fills in {connection_file}, waits until the ports of shell and iopub take connections (which it opens and drops), asks for
kernel_info until it is answered, interrupts by a message on the *shell* channel, and ends a kernel by killing the processes
it started, then the kernel. (vscode-jupyter: kernelProcess.node.ts, rawKernelConnection.node.ts)
"""

import json
import os
import socket
import subprocess
import sys
import time

import psutil
from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file
from jupyter_client.kernelspec import KernelSpecManager

spec = KernelSpecManager().get_kernel_spec("typescript")
path, connection = write_connection_file(os.path.abspath("connection.json"), ip="127.0.0.1")
process = subprocess.Popen(
    [word.replace("{connection_file}", path) for word in spec.argv],
    env={**os.environ, **spec.env},
    stdout=subprocess.PIPE,
    stderr=subprocess.PIPE,
    text=True,
)


def wait_until_used(port):
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, f"nothing listens on {port}"
            time.sleep(0.2)


for name in ("shell_port", "iopub_port"):
    for _ in range(3):
        wait_until_used(connection[name])

client = BlockingKernelClient(connection_file=path)
client.load_connection_file()
client.start_channels()
client.wait_for_ready(timeout=20)

report = {"interrupt_mode": spec.interrupt_mode, "interrupts": []}
info = client.kernel_info(reply=True, timeout=10)["content"]
report["language"] = info["language_info"]["name"]

for code in ("while (true) {}", "await new Promise(() => {})"):
    client.execute(code)
    time.sleep(0.5)
    client.shell_channel.send(client.session.msg("interrupt_request", {}))
    replies = [client.get_shell_msg(timeout=5) for _ in range(2)]
    report["interrupts"].append([[r["msg_type"], r["content"]["status"]] for r in replies])

client.execute("6 * 7")
report["after"] = client.get_shell_msg(timeout=10)["content"]["status"]
client.stop_channels()

children = psutil.Process(process.pid).children(recursive=True)
for child in children:
    child.kill()
process.terminate()
report["words"] = "".join(process.communicate(timeout=10))
gone, alive = psutil.wait_procs(children, timeout=5)
report["left"] = len(alive)
json.dump(report, sys.stdout)
