"""Dropout that drops what src/engine/ops/dropout.ts drops, so that two runs differ in nothing but rounding.

    with our_dropout(first_draw) as next_step:
        for batch in batches:
            next_step()
            model(**batch)

Dropout alone moves the accuracy of a short run by a point or two: with draws of its own on each side, a comparison of one run with one run
says little. Each place in the model where something is dropped is a stream, numbered in the order of the forward pass.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

GOLDEN = 0x9E3779B9


def wrapped(x):
    """The lower 32 bits of an int64 tensor or of a Python integer."""
    return x & 0xFFFFFFFF


def mix(h: torch.Tensor) -> torch.Tensor:
    """MurmurHash3's finaliser. A product may overflow int64: its lower 32 bits are right all the same."""
    h = wrapped(h)
    h = wrapped((h ^ (h >> 16)) * 0x85EBCA6B)
    h = wrapped((h ^ (h >> 13)) * 0xC2B2AE35)
    return h ^ (h >> 16)


def mask(shape: torch.Size, rate: float, stream: int, seed: int) -> torch.Tensor:
    """1 / (1 - rate) where an element is kept, 0 where it is dropped."""
    columns = torch.arange(1, shape[-1] + 1)
    rows = torch.arange(1, shape.numel() // shape[-1] + 1)
    column_hash = mix(mix(torch.tensor(stream + GOLDEN)) + columns * GOLDEN)
    row_hash = mix(seed + mix(torch.tensor((stream + 1) * 0x85EBCA77)) + rows * GOLDEN)
    a = (row_hash >> 9).float() * 2**-13 + 1024
    b = (column_hash >> 9).float() * 2**-23 + 1
    product = a[:, None] * b[None, :]
    kept = (product - product.floor()) >= rate
    return (kept.float() / (1 - rate)).view(shape)


@contextmanager
def our_dropout(first_draw: int) -> Iterator[Callable[[], None]]:
    """Replaces torch's dropout in training mode; call what it yields before each step."""
    state = {"step": -1, "stream": 0}

    def next_step() -> None:
        state["step"] += 1
        state["stream"] = 0

    def dropout(x, p=0.5, training=True, inplace=False):
        if not training:
            return x
        stream = state["stream"]
        state["stream"] += 1
        return x * mask(x.shape, p, stream, first_draw + state["step"]) if p > 0 else x

    own = torch.nn.functional.dropout
    torch.nn.functional.dropout = dropout
    try:
        yield next_step
    finally:
        torch.nn.functional.dropout = own
