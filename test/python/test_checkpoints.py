"""Folders pass between model-types and transformers both ways, with the same tokens and the same logits."""

import json
import shutil

import pytest
import torch
from conftest import run_ours
from transformers import AutoModelForSequenceClassification, AutoTokenizer, BertForSequenceClassification

TEXTS = [
    "The food was great!",
    "never again, the staff were rude and the room was cold",
    "It works.",
    "naïve café",
    "",
]
TOLERANCE = 1e-5


def classify(folder, **options):
    return run_ours("classify.mjs", request={"folder": str(folder), "texts": TEXTS, **options})


def in_python(folder):
    """Logits of TEXTS, each scored alone; fails where a weight is missing or left over."""
    model, loading = AutoModelForSequenceClassification.from_pretrained(folder, output_loading_info=True)
    assert not any(loading[kind] for kind in ("missing_keys", "unexpected_keys", "mismatched_keys")), loading
    tokenizer = AutoTokenizer.from_pretrained(folder)
    encoded = [tokenizer(text, return_tensors="pt") for text in TEXTS]
    with torch.no_grad():
        logits = torch.cat([model.eval()(**inputs).logits for inputs in encoded])
    return model, [inputs.input_ids[0].tolist() for inputs in encoded], logits


def assert_same(ours, ids, logits):
    assert ours["ids"] == ids
    torch.testing.assert_close(torch.tensor(ours["logits"]), logits, rtol=0, atol=TOLERANCE)
    torch.testing.assert_close(torch.tensor(ours["probabilities"]), logits.softmax(-1), rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("train", [None, "full", "lora", "freezeEarlyLayers", "fromScratch"])
def test_python_opens_what_we_save(fixtures, tmp_path, train):
    ours = classify(fixtures / "tiny-bert", saveTo=str(tmp_path / "saved"), **({"train": train} if train else {}))
    model, ids, logits = in_python(tmp_path / "saved")
    assert type(model) is BertForSequenceClassification
    assert list(model.config.id2label.values()) == ["negative", "neutral", "positive"]
    assert_same(ours, ids, logits)


def test_python_opens_a_new_head_on_fewer_layers_of_minilm(minilm, tmp_path):
    labels = ["good", "bad", "so-so", "?"]
    ours = classify(minilm, labels=labels, keepLayers=2, saveTo=str(tmp_path / "saved"))
    model, ids, logits = in_python(tmp_path / "saved")
    assert model.config.num_hidden_layers == 2
    assert list(model.config.id2label.values()) == labels
    assert_same(ours, ids, logits)


def test_we_open_what_python_saves(fixtures):
    _, ids, logits = in_python(fixtures / "tiny-bert")
    assert_same(classify(fixtures / "tiny-bert"), ids, logits)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_we_open_what_python_saves_in_shards_and_half_precision(fixtures, tmp_path, dtype):
    model = AutoModelForSequenceClassification.from_pretrained(fixtures / "tiny-bert").to(dtype)
    model.save_pretrained(tmp_path, max_shard_size="40KB")
    assert (tmp_path / "model.safetensors.index.json").exists()
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(fixtures / "tiny-bert" / name, tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    widened = model.float().eval()
    with torch.no_grad():
        logits = torch.cat([widened(**tokenizer(text, return_tensors="pt")).logits for text in TEXTS])
    ours = torch.tensor(classify(tmp_path)["logits"])
    torch.testing.assert_close(ours, logits, rtol=0, atol=TOLERANCE)


def test_a_round_trip_changes_no_weight(fixtures, tmp_path):
    from safetensors.torch import load_file

    classify(fixtures / "tiny-bert", saveTo=str(tmp_path / "saved"))
    before = load_file(fixtures / "tiny-bert" / "model.safetensors")
    after = load_file(tmp_path / "saved" / "model.safetensors")
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_the_legacy_position_ids_of_a_bare_encoder_do_no_harm(fixtures, tmp_path):
    ours = classify(fixtures / "tiny-bert-base", labels=["no", "yes"], saveTo=str(tmp_path / "saved"))
    _, ids, logits = in_python(tmp_path / "saved")
    assert_same(ours, ids, logits)
    assert json.loads((tmp_path / "saved" / "config.json").read_text())["architectures"] == ["BertForSequenceClassification"]
