"""sentence-vectors/: sentence-transformers' vectors of tiny encoders, for each way of pooling the three have in common.

vectors.safetensors: FAMILY.POOLING [6, features] of the texts in tiny_bert.py, encoded in one padded batch; FAMILY.cls+mean [6, 2 * features]
has both side by side, and FAMILY.max.unit is scaled to length 1. cls/, max/ and cls+mean/: modules.json and what it names besides the
Transformer, as sentence-transformers saves them.
"""

import shutil
import tempfile
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

from .files import write_tensors
from .tiny_bert import TEXTS

FAMILIES = ["tiny-bert", "tiny-distilbert", "tiny-roberta", "tiny-xlm-roberta", "tiny-modernbert"]
POOLINGS = {"mean": "mean", "cls": "cls", "max": "max", "cls+mean": ("cls", "mean")}


def write(folder: Path) -> None:
    out = folder / "sentence-vectors"
    vectors = {}
    for family in FAMILIES:
        words = Transformer(str(folder / family), max_seq_length=64)
        for name, mode in POOLINGS.items():
            pooling = Pooling(words.get_embedding_dimension(), pooling_mode=mode)
            model = SentenceTransformer(modules=[words, pooling], device="cpu")
            vectors[f"{family}.{name}"] = encode(model)
            if family == "tiny-distilbert" and name != "mean":
                save_modules(model, out / name)
        model = SentenceTransformer(modules=[words, Pooling(words.get_embedding_dimension(), "max"), Normalize()], device="cpu")
        vectors[f"{family}.max.unit"] = encode(model)
    write_tensors(out / "vectors.safetensors", vectors)


def encode(model: SentenceTransformer) -> torch.Tensor:
    return torch.from_numpy(model.encode(TEXTS, batch_size=len(TEXTS)))


def save_modules(model: SentenceTransformer, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as whole:
        model.save(whole, create_model_card=False)
        for file in [Path("modules.json"), Path("1_Pooling/config.json"), Path("sentence_bert_config.json")]:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(whole) / file, folder / file)
