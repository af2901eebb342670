"""Signs in at a JupyterHub, starts a person's server, and runs a cell on its TypeScript kernel, all through the hub's addresses.

usage: python hub.py HUB_URL API_TOKEN USER < cells.json > replies.json
"""

import json
import sys
import time
import uuid

import requests
import websocket

hub, token, user = sys.argv[1:]
session = requests.Session()
session.headers["Authorization"] = f"token {token}"


def ask(method, path, **options):
    reply = session.request(method, hub + path, timeout=60, **options)
    reply.raise_for_status()
    return reply.json() if reply.content else None


def execute(socket, code):
    msg_id = uuid.uuid4().hex
    header = {"msg_id": msg_id, "msg_type": "execute_request", "username": user, "session": msg_id, "version": "5.3", "date": ""}
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}
    socket.send(json.dumps(message))
    heard = []
    while True:
        message = json.loads(socket.recv())
        if message["parent_header"].get("msg_id") != msg_id:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            heard.append(content["text"])
        elif kind == "execute_result":
            heard.append(content["data"]["text/plain"])
        elif kind == "error":
            heard.append(f"{content['ename']}: {content['evalue']}")
        elif kind == "status" and content["execution_state"] == "idle":
            return heard


ask("POST", f"/hub/api/users/{user}")
ask("POST", f"/hub/api/users/{user}/server")
deadline = time.monotonic() + 60
while not ask("GET", f"/hub/api/users/{user}").get("servers", {}).get("", {}).get("ready"):
    assert time.monotonic() < deadline, "the server did not start"
    time.sleep(0.3)

specs = ask("GET", f"/user/{user}/api/kernelspecs")
spec = specs["kernelspecs"]["typescript"]
logo = session.get(hub + spec["resources"]["logo-64x64"], timeout=60)
kernel = ask("POST", f"/user/{user}/api/kernels", json={"name": "typescript"})
address = f"{hub.replace('http', 'ws', 1)}/user/{user}/api/kernels/{kernel['id']}/channels"
socket = websocket.create_connection(address, header=[f"Authorization: token {token}"], timeout=60)
replies = [execute(socket, code) for code in json.load(sys.stdin)]
socket.close()
ask("DELETE", f"/user/{user}/api/kernels/{kernel['id']}")
session.delete(f"{hub}/hub/api/users/{user}/server", timeout=60)
json.dump({"name": spec["spec"]["display_name"], "logo": [logo.status_code, logo.headers["Content-Type"]], "replies": replies}, sys.stdout)
