"""tiny-roberta/ and tiny-xlm-roberta/: random classifiers of both families; encoders.py says what the files hold.

Their layers are the same; tiny-xlm-roberta has two token types, GELU by tanh and, as its pad_token_id says, other positions.
"""

from pathlib import Path

import torch
from transformers import RobertaConfig, RobertaForSequenceClassification, XLMRobertaConfig, XLMRobertaForSequenceClassification

from .encoders import SIZES, write_encoder
from .tiny_bert import make_tokenizer

SPECIALS = {"cls": "<s>", "pad": "<pad>", "sep": "</s>", "unk": "<unk>", "mask": "<mask>"}
DROPOUTS = {"hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0}


def write(folder: Path) -> None:
    tokenizer = make_tokenizer(SPECIALS)
    sizes = SIZES | DROPOUTS | {"vocab_size": len(tokenizer), "layer_norm_eps": 1e-5}
    torch.manual_seed(62)
    roberta = RobertaConfig(**sizes | {"max_position_embeddings": 66, "type_vocab_size": 1})
    write_encoder(folder / "tiny-roberta", RobertaForSequenceClassification(roberta), tokenizer)

    torch.manual_seed(63)
    tokenizer = make_tokenizer({use: SPECIALS[use] for use in ["cls", "sep", "unk", "pad", "mask"]})
    xlm = XLMRobertaConfig(**sizes | {"max_position_embeddings": 68, "pad_token_id": 3, "hidden_act": "gelu_new"})
    write_encoder(folder / "tiny-xlm-roberta", XLMRobertaForSequenceClassification(xlm), tokenizer, pairs=True)
