"""Answers each line of JSON on standard input with one of its own: the Python side of bench/program.ts."""

import json
import os
import sys
import time
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


def answer_steps(make: Callable[[dict], object]) -> None:
    """A case makes a trainer, later requests ask for steps and get their times: the Python side of bench/ours/answer-steps.ts."""
    import torch

    trainer = None

    def respond(request: dict) -> dict:
        nonlocal trainer
        if "case" in request:
            torch.set_num_threads(cores())
            trainer = make(request["case"])
            return trainer.facts()
        milliseconds = []
        loss = None
        for _ in range(request["steps"]):
            start = time.perf_counter()
            loss = trainer.step()
            milliseconds.append(1000 * (time.perf_counter() - start))
        return {"milliseconds": milliseconds, "loss": loss, **trainer.memory()}

    answer(respond)
