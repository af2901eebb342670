"""tiny-distilbert/: a random DistilBERT classifier; encoders.py says what the files hold."""

from pathlib import Path

import torch
from transformers import DistilBertConfig, DistilBertForSequenceClassification

from .encoders import SIZES, write_encoder
from .tiny_bert import make_tokenizer


def write(folder: Path) -> None:
    torch.manual_seed(61)
    tokenizer = make_tokenizer()
    config = DistilBertConfig(vocab_size=len(tokenizer), **own_names(SIZES), dropout=0, attention_dropout=0, seq_classif_dropout=0)
    write_encoder(folder / "tiny-distilbert", DistilBertForSequenceClassification(config), tokenizer)


def own_names(sizes: dict) -> dict:
    names = {"hidden_size": "dim", "num_hidden_layers": "n_layers", "num_attention_heads": "n_heads", "intermediate_size": "hidden_dim"}
    return {names.get(name, name): value for name, value in sizes.items()}
