"""Checkpoints as Python saved them before safetensors: pytorch_model.bin, and vocab.txt for want of a tokenizer.json."""

import json
import shutil

import pytest
import torch
from conftest import run_ours
from transformers import AutoModelForSequenceClassification, AutoTokenizer

TEXTS = ["The food was great!", "never again, the staff were rude", "naïve café", ""]
TOLERANCE = 1e-5


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("protocol", [2, 5])
def test_we_open_what_torch_saves(fixtures, tmp_path, dtype, zipped, protocol):
    tiny = fixtures / "tiny-bert"
    model = AutoModelForSequenceClassification.from_pretrained(tiny).to(dtype)
    torch.save(model.state_dict(), tmp_path / "pytorch_model.bin", pickle_protocol=protocol, _use_new_zipfile_serialization=zipped)
    shutil.copy(tiny / "config.json", tmp_path)
    words = json.loads((tiny / "tokenizer.json").read_text())["model"]["vocab"]
    (tmp_path / "vocab.txt").write_text("\n".join(sorted(words, key=words.get)) + "\n")
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True, "tokenizer_class": "BertTokenizer"}))

    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    encoded = [tokenizer(text, return_tensors="pt") for text in TEXTS]
    widened = model.float().eval()
    with torch.no_grad():
        logits = torch.cat([widened(**inputs).logits for inputs in encoded])
    ours = run_ours("classify.mjs", request={"folder": str(tmp_path), "texts": TEXTS})
    assert ours["ids"] == [inputs.input_ids[0].tolist() for inputs in encoded]
    torch.testing.assert_close(torch.tensor(ours["logits"]), logits, rtol=0, atol=TOLERANCE)
