"""round-trip/: a model that goes from us to Python and back.

Ours trains LoRA on tiny-bert and saves it (ours/adapter for peft, and whole for transformers). Python opens both, finds the same
predictions, trains one more epoch with peft, and saves again: python/adapter, and python/model merged. plan.json is what both sides
follow; predictions.json what each stage says of the texts. test/round-trip.test.ts walks the same way and on, to ONNX.
"""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from .files import write_json

HERE = Path(__file__).resolve().parent.parent
TEXTS = ["the food was great", "my phone was bad and cold", "a room in this hotel was fine", "naïve café", ""]
FILLERS = ["the food", "a room in this hotel", "my phone", "this very long story about coffee"]
ENDINGS = ["bad and cold", "fine", "great"]
PLAN = {
    "texts": TEXTS,
    "rows": [
        {"text": f"{FILLERS[i % 4]} was {ENDINGS[(7 * i + i // 4) % 3]}", "label": (7 * i + i // 4) % 3} for i in range(24)
    ],
    "rank": 4,
    "alpha": 8,
    # Without dropout and shuffling, so that the epoch in Python is the same on every machine.
    "settings": {"epochs": 2, "batchSize": 4, "learningRate": 5e-3, "shuffle": False, "groupByLength": False},
}


def probabilities(model, tokenizer) -> list[list[float]]:
    model.eval()
    with torch.no_grad():
        logits = [model(**tokenizer(text, return_tensors="pt")).logits for text in TEXTS]
    return torch.cat(logits).softmax(-1).tolist()


def train_one_epoch(model, tokenizer) -> None:
    """Plain PyTorch, in the order of the rows."""
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=5e-3, weight_decay=0.0)
    model.train()
    size = PLAN["settings"]["batchSize"]
    for start in range(0, len(PLAN["rows"]), size):
        rows = PLAN["rows"][start : start + size]
        inputs = tokenizer([row["text"] for row in rows], padding=True, return_tensors="pt")
        loss = model(**inputs, labels=torch.tensor([row["label"] for row in rows])).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def same(name: str, found: list[list[float]], expected: list[list[float]], tolerance: float = 1e-5) -> None:
    error = (torch.tensor(found) - torch.tensor(expected)).abs().max().item()
    assert error < tolerance, f"{name}: probabilities differ by {error}"


def write(folder: Path) -> None:
    base = folder / "tiny-bert"
    out = folder / "round-trip"
    with tempfile.TemporaryDirectory() as temporary:
        ours = Path(temporary)
        script = HERE / "ours" / "round-trip.mjs"
        done = subprocess.run(
            ["node", str(script), str(base), str(ours), json.dumps(PLAN)], capture_output=True, text=True, cwd=HERE.parent.parent
        )
        assert done.returncode == 0, done.stderr[-3000:]
        trained_here = json.loads(done.stdout.splitlines()[-1])

        tokenizer = AutoTokenizer.from_pretrained(ours / "model")
        whole = AutoModelForSequenceClassification.from_pretrained(ours / "model")
        same("transformers reads what we saved", probabilities(whole, tokenizer), trained_here)
        untrained = AutoModelForSequenceClassification.from_pretrained(base)
        adapted = PeftModel.from_pretrained(untrained, ours / "adapter", is_trainable=True)
        same("peft reads our adapter", probabilities(adapted, tokenizer), trained_here)

        train_one_epoch(adapted, tokenizer)
        trained_there = probabilities(adapted, tokenizer)
        assert (torch.tensor(trained_there) - torch.tensor(trained_here)).abs().max() > 0.01, "it learnt nothing"
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(ours / "adapter", out / "ours" / "adapter")
        adapted.save_pretrained(out / "python" / "adapter")
        merged = adapted.merge_and_unload()
        merged.save_pretrained(out / "python" / "model")
        tokenizer.save_pretrained(out / "python" / "model")

    # What differs from machine to machine, or is of no use here.
    for config in [out / "ours" / "adapter" / "adapter_config.json", out / "python" / "adapter" / "adapter_config.json"]:
        settings = json.loads(config.read_text())
        settings["base_model_name_or_path"] = "tiny-bert"
        settings["target_modules"].sort()
        write_json(config, settings)
    config = out / "python" / "model" / "config.json"
    settings = json.loads(config.read_text())
    settings.pop("_name_or_path", None)
    write_json(config, settings)
    tokenizer_config = out / "python" / "model" / "tokenizer_config.json"
    settings = json.loads(tokenizer_config.read_text())
    for where_it_was in ["is_local", "local_files_only"]:
        settings.pop(where_it_was, None)
    write_json(tokenizer_config, settings)
    for left in out.rglob("README.md"):
        left.unlink()
    for file in out.rglob("*.safetensors"):
        file.chmod(0o644)
    write_json(out / "plan.json", PLAN)
    write_json(out / "predictions.json", {"trainedHere": trained_here, "trainedThere": trained_there})
