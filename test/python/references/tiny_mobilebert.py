"""tiny-mobilebert/ and tiny-mobilebert-other/: random MobileBERT classifiers; encoders.py says what the files hold.

The first is built as google/mobilebert-uncased is; the second with every switch of its config.json the other way.
"""

from pathlib import Path

import torch
from transformers import MobileBertConfig, MobileBertForSequenceClassification

from .encoders import SIZES, write_encoder
from .tiny_bert import make_tokenizer


def write(folder: Path) -> None:
    sizes = SIZES | {"vocab_size": len(make_tokenizer()), "embedding_size": 8, "intra_bottleneck_size": 16, "intermediate_size": 20}
    sizes |= {"hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0}
    usual = {"num_feedforward_networks": 3}
    other = {
        "trigram_input": False,
        "use_bottleneck_attention": True,
        "num_feedforward_networks": 1,
        "normalization_type": "layer_norm",
        "classifier_activation": False,
        "hidden_act": "silu",
    }
    for name, settings, padded_to in [("tiny-mobilebert", usual, 24), ("tiny-mobilebert-other", other, None)]:
        torch.manual_seed(64)
        model = MobileBertForSequenceClassification(MobileBertConfig(**sizes, **settings))
        write_encoder(folder / name, model, make_tokenizer(), pairs=True, padded_to=padded_to)
