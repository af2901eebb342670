"""tiny-modernbert/ and tiny-modernbert-other/: random ModernBERT classifiers; encoders.py says what the files hold.

Both look at all tokens in layers 0 and 3 and at those 2 or fewer places away in layers 1 and 2. The first is built and its config.json
spelled as answerdotai/ModernBERT-base was when it came out; the second has biases, mean pooling and other activations.
"""

import json
from pathlib import Path

import torch
from transformers import ModernBertConfig, ModernBertForSequenceClassification

from .encoders import SIZES, write_encoder
from .files import write_json
from .tiny_bert import make_tokenizer


def write(folder: Path) -> None:
    tokenizer = make_tokenizer()
    own = {"pad_token_id": 0, "cls_token_id": 2, "bos_token_id": 2, "sep_token_id": 3, "eos_token_id": 3, "local_attention": 4}
    sizes = SIZES | own | {"vocab_size": len(tokenizer), "num_hidden_layers": 4, "intermediate_size": 20}
    thetas = {"full_attention": {"rope_type": "default", "rope_theta": 1000.0}, "sliding_attention": {"rope_type": "default", "rope_theta": 100.0}}
    other = {
        **{f"{name}_bias": True for name in ["attention", "mlp", "norm", "classifier"]},
        "classifier_pooling": "mean",
        "classifier_activation": "silu",
        "hidden_activation": "gelu_pytorch_tanh",
        "rope_parameters": thetas,
    }
    for name, settings in {"tiny-modernbert": {}, "tiny-modernbert-other": other}.items():
        torch.manual_seed(65)
        model = ModernBertForSequenceClassification(ModernBertConfig(**sizes, **settings))
        write_encoder(folder / name, model, tokenizer)
    spell_as_before(folder / "tiny-modernbert" / "config.json")


def spell_as_before(file: Path) -> None:
    config = json.loads(file.read_text())
    del config["layer_types"]
    thetas = config.pop("rope_parameters")
    config |= {
        "global_attn_every_n_layers": 3,
        "global_rope_theta": thetas["full_attention"]["rope_theta"],
        "local_rope_theta": thetas["sliding_attention"]["rope_theta"],
    }
    assert ModernBertConfig.from_pretrained(file.parent).rope_parameters == thetas
    write_json(file, config)
