"""Talks to the TypeScript kernel as JupyterLab does: runs pieces of code in turn, and can press Stop.

usage: python conversation.py KERNEL_NAME < turns.json > replies.json

A turn is {"code": ..., "stopAfter": text or null}: where `stopAfter` is given, Stop is pressed once that text has been
printed. A reply is {"status": ..., "stdout": ..., "stderr": ..., "error": ..., "seconds": ...}; tslab writes errors to stderr.
"""

import json
import sys
import threading
import time

from jupyter_client.manager import start_new_kernel


def take_turn(manager, client, code, stop_after):
    reply = {"stdout": "", "stderr": "", "error": ""}
    stopped = False

    def hear(message):
        nonlocal stopped
        if message["msg_type"] == "stream":
            reply[message["content"]["name"]] += message["content"]["text"]
        if message["msg_type"] == "error":
            reply["error"] = f"{message['content']['ename']}: {message['content']['evalue']}"
        if stop_after and not stopped and stop_after in reply["stdout"]:
            stopped = True
            # Not in this thread: its event loop is the one that waits for the reply.
            threading.Thread(target=manager.interrupt_kernel).start()

    time.sleep(0.5)  # After a failed cell tslab refuses others for 0.2 s, so that "Run All" stops there.
    start = time.monotonic()
    message = client.execute_interactive(code, output_hook=hear, timeout=240)
    return {"status": message["content"]["status"], "seconds": time.monotonic() - start, **reply}


def main():
    manager, client = start_new_kernel(kernel_name=sys.argv[1], startup_timeout=60)
    try:
        turns = json.load(sys.stdin)
        json.dump([take_turn(manager, client, t["code"], t.get("stopAfter")) for t in turns], sys.stdout)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main()
