"""Answers each line of JSON on standard input with one of its own: the Python side of bench/program.ts."""

import json
import os
import sys
from collections.abc import Callable

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def answer(respond: Callable[[dict], dict]) -> None:
    """An error is the answer to the request that raised it."""
    out, sys.stdout = sys.stdout, sys.stderr  # libraries chat: only answers go to standard output
    for line in sys.stdin:
        try:
            reply = respond(json.loads(line))
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=out, flush=True)
