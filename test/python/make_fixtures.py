"""Writes all of test/fixtures: numbers by PyTorch, transformers, sentence-transformers, peft, safetensors, scikit-learn.

    npm run test:python -- --help            (makes .venv-python once)
    .venv-python/bin/python test/python/make_fixtures.py [--out FOLDER] [--only tiny_bert ...]

Seeded: the same versions give the same values (test_fixtures.py checks). Needs all-MiniLM-L6-v2 in the Hugging Face cache, where
`npm run setup` puts it.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
# In this order: the later ones start from tiny-bert.
REFERENCES = ["tiny_bert", "tiny_lora", "tiny_prompt", "tiny_distilbert", "tiny_roberta", "tiny_mobilebert", "tiny_modernbert", "sentence_vectors", "starting_values", "activations", "optimiser", "fine_tuning", "early_stopping", "round_trip", "minilm", "tokenizers"]
# Scripts of their own, which write to test/fixtures only.
SCRIPTS = [
    "make_safetensors.py",
    "make_metrics.py",
    "make_bag_of_words.py",
    "make_tabular_metrics.py",
    "make_baselines.py",
    "make_preprocessing.py",
    "make_xgboost.py",
    "make_ordered_boosting.py",
    "make_mlp.py",
    "make_tabnet.py",
    "make_series.py",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=FIXTURES, help="where to write (default: test/fixtures)")
    parser.add_argument("--only", nargs="+", choices=REFERENCES, default=None, help="these references only")
    arguments = parser.parse_args()
    write_references(arguments.out, arguments.only or REFERENCES)
    if arguments.out == FIXTURES and not arguments.only:
        for script in SCRIPTS:
            print(script, flush=True)
            subprocess.run([sys.executable, str(Path(__file__).parent / script)], check=True)


def write_references(folder: Path, names: list[str]) -> None:
    import importlib

    import torch

    torch.set_num_threads(1)  # sums in one order, whatever the machine
    torch.use_deterministic_algorithms(True)
    for name in names:
        importlib.import_module(f"references.{name}").write(folder)
        print(name, flush=True)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        print(f"  {file.relative_to(folder)}  {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
