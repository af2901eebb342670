"""The client of bench/suites/kernel.ts: starts kernels and measures them, one request a line (bench/program.ts).

    {"start": {"name", "argv", "cwd", "env", "interrupt"}, "code", "limit"}  -> {"milliseconds"} to the first result
    {"execute": name, "cells": [...], "limit", "lines"}         -> {"results": [{"milliseconds", "status", "text", ...}]}
    {"ask": name, "requests": [{"kind", "code", "cursor"}], "limit", "while": cell or null} -> {"answers": [...]}
    {"interrupt": name, "code", "limit"}                        -> {"milliseconds"}, null where it went on
    {"memory": name}                                            -> {"processes": [...]}
    {"end": name}                                               -> {}

Milliseconds are null where no answer came within the limit (seconds).
"""

import time

from answer import answer
from kernel_memory import memory
from kernel_process import Kernel, Late

kernels: dict[str, Kernel] = {}


def start(request: dict) -> dict:
    what = request["start"]
    kernel = Kernel(what["name"], what["argv"], what["cwd"], what["env"], what["interrupt"])
    try:
        seconds = kernel.first_result(request["code"], request["limit"])
    except Exception:
        kernel.end()
        raise
    kernels[what["name"]] = kernel
    return {"milliseconds": 1000 * seconds}


def execute(request: dict) -> dict:
    results = []
    for cell in request["cells"]:
        result = kernels[request["execute"]].execute(cell, request["limit"], request.get("lines", 0))
        text = "".join(result.text)
        results.append(
            {
                "milliseconds": 1000 * result.seconds,
                "status": result.status,
                "text": text[-1000:],
                "errors": result.errors,
                "lines": text.count("\n"),
                "characters": len(text),
                "messages": result.messages,
            }
        )
    return {"results": results}


def ask(request: dict) -> dict:
    kernel = kernels[request["ask"]]
    running = request.get("while")
    if running is not None:
        start = time.perf_counter()
        sent = kernel.client.execute(running, allow_stdin=False)
        time.sleep(0.5)  # by now it spins
    answers = []
    silent = set()  # a kind of request that was not answered is not tried again: the spinning cell would end meanwhile
    for one in request["requests"]:
        content = {"code": one["code"], "cursor_pos": one["cursor"]}
        if one["kind"] == "inspect_request":
            content["detail_level"] = 0
        try:
            if one["kind"] in silent:
                raise Late
            seconds, reply = kernel.ask(one["kind"], content, request["limit"])
        except Late:
            silent.add(one["kind"])
            answers.append({"milliseconds": None, "found": ""})
            continue
        found = reply.get("matches") or reply.get("data", {}).get("text/plain", "")
        answers.append({"milliseconds": 1000 * seconds, "found": str(found)[:2000]})
    if running is not None:
        kernel.finish(sent, start, 60)
    return {"answers": answers}


def interrupt(request: dict) -> dict:
    kernel = kernels[request["interrupt"]]
    sent = kernel.client.execute(request["code"], allow_stdin=False)
    time.sleep(0.5)
    start = time.perf_counter()
    kernel.interrupt()
    result = kernel.finish(sent, start, request["limit"])
    return {"milliseconds": None if result.status == "late" else 1000 * result.seconds}


def end(request: dict) -> dict:
    kernel = kernels.pop(request["end"], None)
    if kernel is not None:
        kernel.end()
    return {}


def respond(request: dict) -> dict:
    for name, act in (("start", start), ("execute", execute), ("ask", ask), ("interrupt", interrupt), ("end", end)):
        if name in request:
            return act(request)
    if "memory" in request:
        return {"processes": memory(kernels[request["memory"]].process.pid)}
    raise ValueError(f"no such request: {request}")


if __name__ == "__main__":
    try:
        answer(respond)
    finally:
        for kernel in kernels.values():
            kernel.end()
