"""Every graph the engine builds, for training, the optimiser and prediction, passes onnx's checker."""

import onnx
import pytest
from conftest import run_ours


@pytest.fixture(scope="module")
def graphs(fixtures, tmp_path_factory):
    folder = tmp_path_factory.mktemp("graphs")
    names = run_ours("dump-graphs.mjs", str(fixtures / "tiny-bert"), str(folder))
    return {name: onnx.load(folder / name) for name in names}


def test_there_are_graphs_of_each_kind(graphs):
    assert any(name.startswith("train") for name in graphs)
    assert any(name.startswith("predict") for name in graphs)


def test_the_checker_finds_no_fault(graphs):
    for name, graph in graphs.items():
        try:
            onnx.checker.check_model(graph, full_check=True)
        except Exception as fault:
            pytest.fail(f"{name}: {fault}")


def test_shapes_agree_with_onnx_own_inference(graphs):
    for name, graph in graphs.items():
        inferred = onnx.shape_inference.infer_shapes(graph, check_type=True, strict_mode=True, data_prop=True)
        ours = {value.name: value.type for value in graph.graph.output}
        for value in inferred.graph.output:
            assert value.type == ours[value.name], f"{name}: {value.name}"
