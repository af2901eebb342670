"""Adapters pass between model-types and peft both ways, and merged ones to transformers, with the same logits."""

import pytest
import torch
from conftest import run_ours
from peft import LoraConfig, PeftModel, PromptTuningConfig, get_peft_model, get_peft_model_state_dict
from safetensors.torch import load_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer

FAMILIES = ["tiny-bert", "tiny-distilbert", "tiny-roberta", "tiny-xlm-roberta", "tiny-mobilebert", "tiny-modernbert"]
TARGETS = {"tiny-distilbert": ["q_lin", "v_lin"], "tiny-modernbert": ["Wqkv"]}
KINDS = ["lora", "prompt"]
TEXTS = ["The food was great!", "never again, the staff were rude and the room was cold", "It works."]

pytestmark = [pytest.mark.parametrize("family", FAMILIES), pytest.mark.parametrize("kind", KINDS)]


def adapters(folder, **options):
    return run_ours("adapters.mjs", request={"folder": str(folder), "texts": TEXTS, **options})


def assert_near(ours, theirs):
    torch.testing.assert_close(torch.tensor(ours), theirs, rtol=0, atol=1e-5)


def score(model, tokenizer, length=24):
    """Padded, as our batches are: MobileBERT's last token sees what follows it."""
    given = tokenizer(TEXTS, padding="max_length", max_length=length, return_tensors="pt")
    with torch.no_grad():
        return model.eval()(input_ids=given.input_ids, attention_mask=given.attention_mask).logits


def base(fixtures, family):
    folder = fixtures / family
    return AutoModelForSequenceClassification.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)


def test_peft_opens_what_we_save(fixtures, tmp_path, family, kind):
    ours = adapters(fixtures / family, train=kind, saveAdapterTo=str(tmp_path / "adapter"))
    plain, tokenizer = base(fixtures, family)
    before = score(plain, tokenizer)
    model = PeftModel.from_pretrained(plain, tmp_path / "adapter")
    # Each tensor of the file has its place in the model, and each place its tensor.
    saved, held = load_file(tmp_path / "adapter" / "adapter_model.safetensors"), get_peft_model_state_dict(model)
    assert saved.keys() == held.keys()
    assert all(torch.equal(saved[name], held[name]) for name in saved)
    logits = score(model, tokenizer)
    assert_near(ours["logits"], logits)
    assert (logits - before).abs().max() > 1e-3


def in_peft(fixtures, family, kind):
    """An adapter of random numbers."""
    plain, tokenizer = base(fixtures, family)
    torch.manual_seed(5)
    if kind == "lora":
        settings = {"r": 2, "lora_alpha": 8, "target_modules": TARGETS.get(family, ["query", "value"])}
        config = LoraConfig(task_type="SEQ_CLS", **settings)
    else:
        # peft looks sizes up under the names BERT gives them.
        sizes = {"token_dim": plain.get_input_embeddings().embedding_dim, "num_attention_heads": 4, "num_layers": 2}
        config = PromptTuningConfig(task_type="SEQ_CLS", num_virtual_tokens=3, **sizes)
    model = get_peft_model(plain, config)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.requires_grad:
                weight.add_(0.2 * torch.randn_like(weight))
    return model, tokenizer


def test_we_open_what_peft_saves(fixtures, tmp_path, family, kind):
    model, tokenizer = in_peft(fixtures, family, kind)
    model.save_pretrained(tmp_path / "adapter")
    ours = adapters(fixtures / family, adapter=str(tmp_path / "adapter"))
    logits = score(model, tokenizer)
    assert_near(ours["logits"], logits)
    assert_near(ours["merged"], logits)


def test_transformers_opens_what_we_merge(fixtures, tmp_path, family, kind):
    ours = adapters(fixtures / family, train=kind, saveTo=str(tmp_path / "saved"))
    assert_near(ours["merged"], torch.tensor(ours["logits"]))
    model, loading = AutoModelForSequenceClassification.from_pretrained(tmp_path / "saved", output_loading_info=True)
    assert not any(loading[what] for what in ("missing_keys", "unexpected_keys", "mismatched_keys")), loading
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "saved")
    # A merged prompt is put before every text by the tokenizer.
    assert [tokenizer(text).input_ids for text in TEXTS] == ours["ids"]
    assert_near(ours["logits"], score(model, tokenizer, 27 if kind == "prompt" else 24))
