"""activations.json: transformers' activation functions by name, and their derivatives, at x."""

from pathlib import Path

import torch
from transformers.activations import ACT2FN

from .files import write_json

NAMES = ["gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "silu", "swish"]


def write(folder: Path) -> None:
    x = torch.tensor([-12, -4, -2.5, -1, -0.5, -0.01, 0.01, 0.25, 0.75, 1.5, 3, 5, 12], dtype=torch.float64)
    found = {"x": x.tolist()}
    for name in NAMES:
        at = x.clone().requires_grad_()
        y = ACT2FN[name](at)
        (slope,) = torch.autograd.grad(y.sum(), at)
        found[name] = {"y": y.tolist(), "slope": slope.tolist()}
    write_json(folder / "activations.json", found)
