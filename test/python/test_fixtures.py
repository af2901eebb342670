"""The committed fixtures are what the pinned versions compute: they are made anew and compared."""

import json
from pathlib import Path

import pytest
import torch
from make_fixtures import FIXTURES, REFERENCES, write_references
from safetensors.torch import load_file

# Another processor adds up in another order.
TOLERANCE = 2e-5


@pytest.fixture(scope="module")
def remade(tmp_path_factory, minilm) -> Path:
    folder = tmp_path_factory.mktemp("fixtures")
    write_references(folder, REFERENCES)
    return folder


def test_the_same_files_are_made(remade):
    folders = {path.parts[0] for path in relative_files(remade)}
    committed = {path for path in relative_files(FIXTURES) if path.parts[0] in folders}
    assert set(relative_files(remade)) == committed


def test_their_values_are_the_same(remade):
    for path in relative_files(remade):
        if path.suffix == ".safetensors":
            compare_tensors(load_file(remade / path), load_file(FIXTURES / path), path)
        else:
            compare(read(remade / path), read(FIXTURES / path), str(path))


def test_they_are_small():
    # Six families, their tokenizers on some 700 strings each, files of older kinds: a clone must not grow heavy with them.
    assert sum((FIXTURES / path).stat().st_size for path in relative_files(FIXTURES)) < 6_000_000


def relative_files(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def read(path: Path):
    return json.loads(path.read_text())


def compare_tensors(ours: dict, theirs: dict, path: Path):
    assert list(ours) == list(theirs), path
    for name in ours:
        if path.parts[0] == "fine-tuning" and name.endswith("self.key.bias"):
            continue  # rounding noise, as references/fine_tuning.py says
        message = f"{path}: {name}"
        torch.testing.assert_close(ours[name], theirs[name], rtol=0, atol=TOLERANCE, msg=lambda text: f"{message}: {text}")


def compare(ours, theirs, where: str):
    if "Error" in where:  # how far rounding takes PyTorch from float64: another machine rounds otherwise
        return
    if isinstance(ours, dict):
        assert list(ours) == list(theirs), where
        for key in ours:
            compare(ours[key], theirs[key], f"{where}/{key}")
    elif isinstance(ours, list):
        assert len(ours) == len(theirs), where
        for index, (mine, other) in enumerate(zip(ours, theirs)):
            compare(mine, other, f"{where}/{index}")
    elif isinstance(ours, float):
        assert ours == pytest.approx(theirs, rel=0, abs=TOLERANCE), where
    else:
        assert ours == theirs, where
