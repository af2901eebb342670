"""Writes test/fixtures/safetensors: small files by Python's own libraries, which our reader and writer are held to.

Made with Python 3.11, torch 2.15.0, safetensors 0.8.0, transformers 5.23.0:

    python test/python/make_safetensors.py
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForSequenceClassification

HERE = Path(__file__).resolve().parent.parent / "fixtures" / "safetensors"


def kinds():
    """Every element type we store, odd names, a scalar, an empty tensor, and metadata (one string: their order is random)."""
    tensors = {
        "h": torch.tensor([[1.5, -2.0], [0.25, 65504.0]], dtype=torch.float16),
        "b": torch.tensor([1.0, -3.0, 1e38], dtype=torch.bfloat16),
        "ids": torch.tensor([0, 1, -1, 2**62], dtype=torch.int64),
        "scalar": torch.tensor(3.5),
        "empty": torch.zeros(0, 4),
        "10": torch.arange(3, dtype=torch.float32),
        'odd "\\\n\x01\x7f é': torch.ones(1),
        "\uffff": torch.ones(1),
        "\U0001f600": torch.ones(1),  # after U+FFFF by its UTF-8 bytes, before it by its UTF-16 units
        "A": torch.full((2, 1, 2), -0.0),
    }
    save_file(tensors, HERE / "kinds.safetensors", {"é": 'a "quoted" word'})
    save_file({"x": torch.arange(6.0).reshape(2, 3)}, HERE / "no-metadata.safetensors")


def integers():
    """The other element types, their ends and middles; two names a type, so that the order of types and names both show."""
    tensors = {}
    for dtype in (torch.uint64, torch.int64, torch.uint32, torch.int32, torch.uint16, torch.int16, torch.int8, torch.uint8):
        info = torch.iinfo(dtype)
        name = str(dtype).removeprefix("torch.")
        tensors[f"b.{name}"] = torch.tensor([info.min, 1, info.max], dtype=dtype)
        tensors[f"a.{name}"] = torch.tensor(7, dtype=dtype)
    tensors["b.float64"] = torch.tensor([[0.1], [-1e300], [float("inf")]], dtype=torch.float64)
    tensors["b.float32"] = torch.tensor([0.1])
    tensors["b.float16"] = torch.tensor([0.1], dtype=torch.float16)
    tensors["b.bfloat16"] = torch.tensor([0.1], dtype=torch.bfloat16)
    tensors["b.bool"] = torch.tensor([True, False, True])
    save_file(tensors, HERE / "integers.safetensors", {"format": "pt"})


def rounding():
    """32-bit floats beside what torch rounds them to: ties, subnormals, overflow, both infinities, NaN."""
    generator = torch.Generator().manual_seed(7)
    random = torch.randn(160, generator=generator) * 2.0 ** torch.randint(-30, 20, (160,), generator=generator)
    halves = torch.arange(0, 0x7C00, 331, dtype=torch.int32).to(torch.int16).view(torch.float16).float()
    brains = torch.arange(0, 0x7F80, 331, dtype=torch.int32).to(torch.int16).view(torch.bfloat16).float()
    steps = torch.cat([(torch.nextafter(halves, halves + 1) + halves) / 2, halves])
    ties = torch.cat([
        (halves[:-1].half().view(torch.int16) + 1).view(torch.float16).float().add(halves[:-1]).div(2),
        brains.view(torch.int32).add(0x8000).view(torch.float32),
    ])
    near = torch.cat([ties.view(torch.int32).add(1).view(torch.float32), ties.view(torch.int32).sub(1).view(torch.float32)])
    edge = torch.tensor([0.0, -0.0, 65504.0, 65519.99, 65520.0, -65520.0, 1e-8, 2.0**-25, 2.0**-24, 1.5 * 2.0**-24,
                         3.4028235e38, 3.39e38, 1e-45, float("inf"), float("-inf"), float("nan")])
    values = torch.cat([random, -random[:20], steps, ties, near, edge])
    brain = values.to(torch.bfloat16)
    brain[values.isnan()] = torch.tensor(0x7FC0, dtype=torch.int16).view(torch.bfloat16)  # torch's own varies by CPU
    save_file({"x": values, "half": values.half(), "brain": brain}, HERE / "rounding.safetensors")


def sharded():
    """A tiny model saved by transformers in shards; `whole` is the same model in one file."""
    torch.manual_seed(3)
    config = BertConfig(vocab_size=30, hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
                        intermediate_size=8, max_position_embeddings=8)
    model = BertForSequenceClassification(config)
    model.save_pretrained(HERE / "sharded", max_shard_size="1KB")
    model.save_pretrained(HERE / "whole")
    order = list(model.state_dict())
    (HERE / "sharded" / "order.json").write_text(json.dumps(order) + "\n")


if __name__ == "__main__":
    HERE.mkdir(parents=True, exist_ok=True)
    kinds()
    integers()
    rounding()
    sharded()
