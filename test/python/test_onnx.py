"""Every graph the tests of the engine's kernels trace passes onnx's checker: each kernel, over every kind of input, and
its gradients. Run with MODEL_TYPES_GRAPHS set, those tests write their graphs into a folder.
"""

import os
import subprocess
from pathlib import Path

import onnx
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def graphs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kernels")
    subprocess.run(
        ["node", str(ROOT / "node_modules/vitest/vitest.mjs"), "run", "test/engine/kernels"],
        cwd=ROOT,
        env={**os.environ, "MODEL_TYPES_GRAPHS": str(folder)},
        check=True,
    )
    return {path.stem: onnx.load(path) for path in sorted(folder.glob("*.onnx"))}


def test_there_are_graphs_of_every_kind(graphs):
    assert len(graphs) > 2000
    operators = {node.op_type for graph in graphs.values() for node in graph.graph.node}
    assert {"Gemm", "MatMul", "ReduceSum", "Gather", "ScatterND", "LayerNormalization", "Slice", "Where"} <= operators


def test_the_checker_finds_no_fault(graphs):
    faults = {}
    for name, graph in graphs.items():
        try:
            onnx.checker.check_model(graph, full_check=True)
        except Exception as fault:
            faults[name] = str(fault)
    assert not faults
