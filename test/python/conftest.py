"""What the tests here share. Run them with `npm run test:python`, which makes their environment and builds ours."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# `python -m pytest` looks for modules in the root too, where transformers would take our folder `datasets` for the package.
sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != ROOT]
sys.path.insert(0, str(HERE))


def run_ours(script: str, *arguments: str, request: object = None):
    """Runs a Node script of test/python/ours and returns the last line it printed, read as JSON."""
    done = subprocess.run(
        ["node", str(HERE / "ours" / script), *arguments],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=600,
    )
    assert done.returncode == 0, f"{script} failed:\n{done.stderr[-3000:]}"
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def fixtures() -> Path:
    return HERE.parent / "fixtures"


@pytest.fixture(scope="session")
def minilm() -> Path:
    """The folder of all-MiniLM-L6-v2, found or fetched by our own hub code."""
    return Path(run_ours("find-model.mjs", "sentence-transformers/all-MiniLM-L6-v2")["folder"])
