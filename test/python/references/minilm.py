"""minilm/: what Python computes with sentence-transformers/all-MiniLM-L6-v2, from the Hugging Face cache (npm run setup).

sentences.json and sentences.safetensors: 20 sentences, and sentence-transformers' vectors [20, 384]. tokens.json: 100 awkward
strings with the ids of transformers' AutoTokenizer, untruncated. pairs.json: pairs of strings, cut at maxLength where one is given,
with ids and token types.
"""

from pathlib import Path

import torch
from huggingface_hub import snapshot_download
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import AutoTokenizer

from .awkward_strings import PAIRS, STRINGS
from .files import write_json, write_tensors

MODEL = "sentence-transformers/all-MiniLM-L6-v2"
REVISION = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
SENTENCES = [
    "The soup arrived cold, but nobody at the table complained.",
    "Nobody at our table minded that the soup was cold.",
    "A train left the station two minutes early.",
    "Where can I charge my phone?",
    "My battery is empty and I need a socket.",
    "She planted tomatoes, beans and three kinds of basil.",
    "The gardener grew vegetables and herbs.",
    "Interest rates rose for the third time this year.",
    "Not bad at all!",
    "It was, frankly, not good.",
    "Le chat dort sur le canapé.",
    "Der Zug nach Köln fällt heute aus.",
    "今日はいい天気ですね。",
    "Привет, как дела?",
    "def add(a, b): return a + b",
    "Call me at 5:30 pm on 2024-02-29.",
    "Yes.",
    "a",
    "😀 what a day 😀",
    "The committee, having heard every witness and read every page of the report, which ran to more than nine hundred "
    "pages with its appendices, decided by a narrow margin, and after a debate that lasted well into the night, to "
    "postpone the decision until the spring, when the new members will have taken their seats and the results of the "
    "second survey will be known.",
]


def model_folder() -> str:
    """Never asks the network: npm run setup has put the model there."""
    return snapshot_download(MODEL, revision=REVISION, local_files_only=True)


def write(folder: Path) -> None:
    source = model_folder()
    tokenizer = AutoTokenizer.from_pretrained(source)
    write_json(folder / "minilm" / "sentences.json", SENTENCES)
    write_tensors(folder / "minilm" / "sentences.safetensors", {"vectors": sentence_vectors(source)})
    assert len(STRINGS) == 100 and len(set(STRINGS)) == 100, len(STRINGS)
    rows = [{"text": text, "ids": tokenizer(text, verbose=False).input_ids} for text in STRINGS]
    write_json(folder / "minilm" / "tokens.json", rows)
    write_json(folder / "minilm" / "pairs.json", [encode_pair(tokenizer, *pair) for pair in PAIRS])


def sentence_vectors(source: str) -> torch.Tensor:
    """The cache holds the checkpoint without its list of modules: mean over the tokens, then unit length, as its card says."""

    words = Transformer(source, max_seq_length=256)
    pooling = Pooling(words.get_embedding_dimension(), pooling_mode="mean")
    model = SentenceTransformer(modules=[words, pooling, Normalize()], device="cpu")
    return torch.from_numpy(model.encode(SENTENCES, batch_size=len(SENTENCES)))


def encode_pair(tokenizer, first: str, second: str | None, max_length: int | None) -> dict:
    cut = {"truncation": True, "max_length": max_length} if max_length else {}
    encoded = tokenizer(first, second, verbose=False, **cut)
    return {
        "first": first,
        "second": second,
        "maxLength": max_length,
        "ids": encoded.input_ids,
        "types": encoded.token_type_ids,
    }
