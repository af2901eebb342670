"""Writes test/fixtures/tabular/series.json: PyTorch's LSTM, GRU and causal Conv1d, forward and all gradients.

Made with Python 3.11, torch 2.15.0 (CPU):

    python test/python/make_series.py
"""

import json
from pathlib import Path

import torch

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "tabular" / "series.json"
torch.manual_seed(42)
torch.set_num_threads(1)
BATCH, LENGTH, CHANNELS, HIDDEN = 3, 7, 2, 4


def tensor(value):
    return {"shape": list(value.shape), "data": value.detach().flatten().tolist()}


def case(name, module, run, extra):
    """The loss weighs every output differently, so that no gradient cancels out."""
    x = torch.randn(BATCH, LENGTH, CHANNELS, requires_grad=True)
    output = run(module, x)
    weights = torch.randn_like(output)
    (output * weights).sum().backward()
    return {
        "name": name,
        **extra,
        "x": tensor(x),
        "params": {key: tensor(value) for key, value in module.named_parameters()},
        "output": tensor(output),
        "lossWeights": tensor(weights),
        "gradients": {"x": tensor(x.grad), **{key: tensor(value.grad) for key, value in module.named_parameters()}},
    }


def recurrent(module, x):
    return module(x)[0]


def causal(dilation, kernel):
    def run(module, x):
        padded = torch.nn.functional.pad(x.transpose(1, 2), ((kernel - 1) * dilation, 0))
        return module(padded).transpose(1, 2)

    return run


cases = [
    case(f"{kind.__name__}, {layers} layers", kind(CHANNELS, HIDDEN, layers, batch_first=True), recurrent, {"kind": kind.__name__, "layers": layers})
    for kind in (torch.nn.LSTM, torch.nn.GRU)
    for layers in (1, 2)
] + [
    case(
        f"Conv1d, kernel {kernel}, dilation {dilation}",
        torch.nn.Conv1d(CHANNELS, HIDDEN, kernel, dilation=dilation),
        causal(dilation, kernel),
        {"kind": "Conv1d", "dilation": dilation},
    )
    for kernel, dilation in ((1, 1), (3, 1), (2, 3))
]
OUT.parent.mkdir(exist_ok=True)
OUT.write_text(json.dumps({"torch": torch.__version__, "cases": cases}) + "\n")
