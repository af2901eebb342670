"""Writes test/fixtures/pytorch-bin: weights as torch.save writes them, and files that ask for more than weights.

Made with Python 3.11, torch 2.15.0, transformers 5.23.0:

    python test/python/make_pickles.py

The values are the same at each run; some bytes are not (old files name storages by their place in memory). The hostile
files do nothing worse than print a line, should anybody load them.
"""

import io
import json
import os
import pickle
import struct
import zipfile
import zlib
from collections import OrderedDict
from pathlib import Path

import torch
from huggingface_hub import save_torch_state_dict
from safetensors.torch import save_file
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

HERE = Path(__file__).resolve().parent.parent / "fixtures" / "pytorch-bin"


def state():
    """Every element type, every way a tensor can lie in its storage, and a module's own dictionary with its metadata."""
    torch.manual_seed(11)
    norm = torch.nn.BatchNorm1d(3)
    weights = norm.state_dict()  # an OrderedDict with _metadata; num_batches_tracked is an int64 scalar
    base = torch.arange(24, dtype=torch.float32)
    weights["tied.a"] = weights["tied.b"] = torch.nn.Parameter(torch.randn(4, 2))
    weights["transposed"] = base.view(4, 6).t()
    weights["permuted"] = base.view(2, 3, 4).permute(2, 0, 1)
    weights["rows"] = base.view(4, 6)[1:3]
    weights["columns"] = base.view(4, 6)[:, 2:5]
    weights["every.second"] = base[1::2]
    weights["expanded"] = torch.tensor([[1.5], [2.5]]).expand(2, 3)
    weights["one.column"] = base.view(4, 6)[:, 1:2]
    weights["scalar"] = base[5]
    weights["empty"] = torch.zeros(0, 4)
    weights["half.transposed"] = torch.tensor([[1.0, -2.0, 65504.0], [0.1, 2.0**-24, float("inf")]]).half().t()
    weights["brain"] = torch.tensor([1.0, -3.0, 1e38]).bfloat16()
    weights["double"] = torch.tensor([0.1, -1e300], dtype=torch.float64)
    weights["long"] = torch.tensor([2**62, -1])
    weights["int"] = torch.tensor([2**31 - 1, -1], dtype=torch.int32)
    weights["short"] = torch.tensor([-32768, 5], dtype=torch.int16)
    weights["char"] = torch.tensor([-128, 5], dtype=torch.int8)
    weights["byte"] = torch.tensor([255, 5], dtype=torch.uint8)
    weights["bool"] = torch.tensor([[True], [False]])
    weights['odd "\\\né'] = torch.ones(1)
    weights["__proto__"] = torch.ones(1)
    return weights


def good():
    weights = state()
    for protocol in (2, 3, 4, 5):
        torch.save(weights, HERE / f"zip-{protocol}.bin", pickle_protocol=protocol)
    for protocol in (2, 4):
        old = {"pickle_protocol": protocol, "_use_new_zipfile_serialization": False}
        torch.save(weights, HERE / f"stream-{protocol}.bin", **old)
    pack(HERE / "zip-2.bin", HERE / "deflated.bin", zipfile.ZIP_DEFLATED)
    zip64(HERE / "zip-2.bin", HERE / "zip64.bin")
    save_file({name: tensor.detach().contiguous().clone() for name, tensor in weights.items()}, HERE / "expected.safetensors")


def model():
    """A tiny BERT as checkpoints of 2020 have it: pytorch_model.bin whole and in shards, its vocabulary in vocab.txt."""
    torch.manual_seed(3)
    words = "[PAD] [UNK] [CLS] [SEP] [MASK] the food was great bad ##ly e ##s".split()
    config = BertConfig(vocab_size=len(words), hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
                        intermediate_size=8, max_position_embeddings=8, id2label={0: "no", 1: "yes"}, label2id={"no": 0, "yes": 1})
    weights = BertForSequenceClassification(config).state_dict()
    for name in ("whole", "sharded"):
        folder = HERE / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps({**config.to_diff_dict(), "architectures": ["BertForSequenceClassification"]}, indent=2) + "\n")
        (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    torch.save(weights, HERE / "whole" / "pytorch_model.bin")
    save_torch_state_dict(weights, HERE / "sharded", max_shard_size=1000, safe_serialization=False)

    # What transformers makes of vocab.txt, by settings.
    made = []
    for settings in (
        {},
        {"do_lower_case": False},
        {"do_lower_case": True, "strip_accents": False, "tokenize_chinese_chars": False, "tokenizer_class": "DistilBertTokenizer"},
        {"unk_token": "the", "cls_token": {"__type": "AddedToken", "content": "[CLS]"}, "tokenizer_class": "BertTokenizerFast"},
    ):
        (HERE / "whole" / "tokenizer_config.json").write_text(json.dumps(settings))
        tokenizer = BertTokenizer.from_pretrained(HERE / "whole")
        made.append({"settings": settings, "tokenizer": json.loads(tokenizer.backend_tokenizer.to_str())})
    (HERE / "whole" / "tokenizer_config.json").unlink()
    (HERE / "tokenizers.json").write_text(json.dumps(made) + "\n")


class Call:
    """Pickled, it asks the reader to call a function."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


class Object:
    """Pickled, it asks the reader for an object of a class of its own (NEWOBJ)."""


def hostile():
    folder = HERE / "hostile"
    folder.mkdir(parents=True, exist_ok=True)
    harmless = "print('a pickle ran code')"
    one = torch.ones(1)
    bomb = []
    for _ in range(60):  # 5^60 lists, were they written out
        bomb = [bomb] * 5
    hidden = OrderedDict(weight=one)
    hidden.spy = Call(os.system, "echo a pickle ran code")
    values = {
        "os-system": {"weight": one, "x": Call(os.system, "echo a pickle ran code")},
        "eval": {"x": Call(eval, harmless)},
        "exec": Call(exec, harmless),
        "getattr": {"x": Call(getattr, Call(__import__, "os"), "system")},
        "nested": {"weight": Call(torch._utils._rebuild_parameter, Call(eval, harmless), True, OrderedDict())},
        "in-attributes": hidden,
        "in-hooks": {"weight": Call(torch._utils._rebuild_parameter, one, True, OrderedDict(hook=Call(eval, harmless)))},
        "as-key": {Call(eval, harmless): one},
        "torch-load": {"x": Call(torch.load, "/etc/passwd")},
        "numpy": {"x": Call(__import__("numpy")._core.multiarray._reconstruct, list, (0,), b"b")},
        "object": {"x": Object()},
        "memo-bomb": {"x": bomb},
        "module": torch.nn.Linear(1, 1),
    }
    for name, value in values.items():
        torch.save(value, folder / f"{name}.bin")
    torch.save(values["os-system"], folder / "os-system-stream.bin", _use_new_zipfile_serialization=False)
    (folder / "bare.bin").write_bytes(pickle.dumps(values["os-system"]["x"], 2))

    # Opcodes that Python's pickler no longer writes.
    raw(folder / "inst.bin", b"(S'echo'\nios\nsystem\n")
    raw(folder / "inst-mark.bin", b"(ios\nsystem\n")
    raw(folder / "obj.bin", b"(cos\nsystem\no")
    raw(folder / "dotted.bin", b"\x8c\x0bcollections\x8c\x14OrderedDict.__init__\x93)R", protocol=4)
    raw(folder / "extension.bin", b"\x82\x01")
    raw(folder / "text-persid.bin", b"Pos.system\n")
    raw(folder / "buffer.bin", b"\x97", protocol=5)

    # Small files that would fill the memory or the stack.
    raw(folder / "deep-lists.bin", b"]" * 200_000 + b"a" * 199_999)
    raw(folder / "deep-tuples.bin", b")" + b"\x85" * 200_000)
    raw(folder / "many-objects.bin", b"(" + b"}" * 400_000 + b"l")
    raw(folder / "long-text.bin", b"X\xff\xff\xff\x7f")
    raw(folder / "longer-text.bin", b"\x8d" + b"\xff" * 8, protocol=4)
    raw(folder / "long-integer.bin", b"\x8b\xff\xff\xff\x7f")
    raw(folder / "far-memo.bin", b"Nr\xff\xff\xff\xff0j\xfe\xff\xff\xff")

    # Tensors larger than their storages, storages larger than their file.
    tensor(folder / "beyond-storage.bin", elements=4, shape=(5,), strides=(1,))
    tensor(folder / "offset-beyond.bin", elements=4, offset=4, shape=(1,), strides=(1,))
    tensor(folder / "stride-beyond.bin", elements=4, shape=(2, 2), strides=(3, 1))
    tensor(folder / "negative-stride.bin", elements=4, shape=(4,), strides=(-1,))
    tensor(folder / "negative-size.bin", elements=4, shape=(-4,), strides=(1,))
    tensor(folder / "negative-offset.bin", elements=4, offset=-1, shape=(4,), strides=(1,))
    tensor(folder / "size-of-floats.bin", elements=4, shape=(2.5,), strides=(1,))
    tensor(folder / "strides-missing.bin", elements=4, shape=(2, 2), strides=(1,))
    tensor(folder / "huge-view.bin", elements=4, shape=(10**12,), strides=(0,))
    tensor(folder / "huge-product.bin", elements=4, shape=(2**40, 2**40), strides=(0, 0))
    tensor(folder / "huge-storage.bin", elements=4, claimed=2**60, shape=(4,), strides=(1,))
    tensor(folder / "negative-storage.bin", elements=4, claimed=-4, shape=(4,), strides=(1,))
    tensor(folder / "short-storage.bin", elements=4, claimed=5, shape=(5,), strides=(1,))
    tensor(folder / "no-storage.bin", elements=4, key="../../etc/passwd", shape=(4,), strides=(1,))
    tensor(folder / "unknown-storage.bin", elements=4, kind="ComplexFloatStorage", shape=(4,), strides=(1,))
    with zipfile.ZipFile(folder / "deflate-bomb.bin", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/data.pkl", weights_pickle(elements=2 * 10**6, shape=(2 * 10**6,), strides=(1,)))
        archive.writestr("a/data/0", bytes(8 * 10**6))


def raw(path, opcodes, protocol=2):
    """A file of torch.save whose pickle holds these opcodes: deflated, as some of them are long."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/data.pkl", b"\x80" + bytes([protocol]) + opcodes + b".")


def weights_pickle(elements, shape, strides, offset=0, claimed=None, key="0", kind="FloatStorage"):
    """The pickle of a dictionary with one tensor, whatever it claims."""
    persistent = ("storage", getattr(torch, kind, None) or torch.FloatStorage, key, "cpu", elements if claimed is None else claimed)

    class Storage:
        pass

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            return persistent if isinstance(value, Storage) else None

    buffer = io.BytesIO()
    rebuild = torch._utils._rebuild_tensor_v2
    Pickler(buffer, 2).dump({"weight": Call(rebuild, Storage(), offset, shape, strides, False, OrderedDict())})
    return buffer.getvalue()


def tensor(path, elements, **claims):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", weights_pickle(elements, **claims))
        archive.writestr("a/byteorder", "little")
        archive.writestr("a/data/0", bytes(4 * elements))


def pack(source, target, method):
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w", method) as packed:
        for entry in archive.infolist():
            packed.writestr(entry.filename, archive.read(entry))


def zip64(source, target):
    """The same archive with every size and place of its directory in zip64 fields, as archives over 4 GiB have them."""
    with zipfile.ZipFile(source) as archive:
        entries = [(entry.filename.encode(), archive.read(entry)) for entry in archive.infolist()]
    body, directory = b"", b""
    for name, data in entries:
        crc, size = zlib.crc32(data), len(data)
        extra = struct.pack("<HHH", 0x4246, 2, 0) + struct.pack("<HHQQQ", 1, 24, size, size, len(body))
        directory += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 45, 45, 0, 0, 0, 0, crc, *(0xFFFFFFFF,) * 2,
                                 len(name), len(extra), 0, 0, 0, 0, 0xFFFFFFFF) + name + extra
        local = struct.pack("<HHQQ", 1, 16, size, size)
        body += struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 0, 0, 0, crc, *(0xFFFFFFFF,) * 2, len(name), len(local)) + name + local + data
    count, at = len(entries), len(body)
    end = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, count, len(directory), at)
    locator = struct.pack("<IIQI", 0x07064B50, 0, at + len(directory), 1)
    short = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    target.write_bytes(body + directory + end + locator + short)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None


if __name__ == "__main__":
    HERE.mkdir(parents=True, exist_ok=True)
    good()
    model()
    hostile()
    for name in ("zip-5", "stream-4", "deflated", "zip64"):  # our own files: torch's guarded reader knows protocol 2 only
        weights = torch.load(HERE / f"{name}.bin", weights_only=False)
        assert all(torch.equal(weights[key], value) for key, value in state().items()), name
