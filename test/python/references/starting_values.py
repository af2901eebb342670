"""starting-values.json: how transformers starts each weight of each family: [root mean square, largest magnitude, rows of zeros]."""

from pathlib import Path

import torch
from transformers import (
    AutoModelForSequenceClassification,
    BertConfig,
    DistilBertConfig,
    MobileBertConfig,
    ModernBertConfig,
    RobertaConfig,
)

from .encoders import SIZES
from .files import write_json
from .tiny_distilbert import own_names

LARGER = SIZES | {"hidden_size": 96, "intermediate_size": 160, "initializer_range": 0.05, "vocab_size": 300}
FAMILIES = {
    "bert": BertConfig(**LARGER),
    "distilbert": DistilBertConfig(**own_names(LARGER), sinusoidal_pos_embds=True),
    "roberta": RobertaConfig(**LARGER),
    "mobilebert": MobileBertConfig(**LARGER, embedding_size=48, intra_bottleneck_size=64),
    "modernbert": ModernBertConfig(**LARGER, pad_token_id=0, norm_bias=True),
}


def write(folder: Path) -> None:
    families = {}
    for name, config in FAMILIES.items():
        torch.manual_seed(66)
        model = AutoModelForSequenceClassification.from_config(config)
        families[name] = {"config": config.to_diff_dict() | {"model_type": name}, "weights": dict(map(summary, model.named_parameters()))}
    write_json(folder / "starting-values.json", families)


def summary(named: tuple[str, torch.Tensor]) -> tuple[str, list]:
    name, weight = named
    weight = weight.detach()
    zeros = [row for row in range(len(weight)) if weight.ndim == 2 and not weight[row].any()]
    return name, [float(weight.square().mean().sqrt()), float(weight.abs().max()), zeros]
