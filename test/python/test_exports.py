"""What exportOnnx writes passes onnx's checker for every family, and onnx's own reference runtime, on any number and
length of texts, gives transformers' logits. The card's front matter is what the hub reads.
"""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from conftest import run_ours
from huggingface_hub import ModelCard
from onnx.reference import ReferenceEvaluator
from transformers import AutoModelForSequenceClassification

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def is_classifier(folder: Path) -> bool:
    config = folder / "config.json"
    return config.exists() and "ForSequenceClassification" in str(json.loads(config.read_text()).get("architectures"))


FAMILIES = sorted(folder.name for folder in FIXTURES.glob("tiny-*") if is_classifier(folder))
# Rounding; 11 bits of each weight; 7 bits of a weight and 8 of an activation, in logits of up to about 2.
TOLERANCES = {"fp32": 1e-4, "fp16": 1e-2, "int8": 0.25}
TEST = [{"text": "The food was great!", "label": 0}, {"text": "never again", "label": 1}]


@pytest.fixture(scope="module", params=FAMILIES)
def exported(request, tmp_path_factory):
    folder = FIXTURES / request.param
    to = tmp_path_factory.mktemp("exports") / request.param
    files = run_ours(
        "export.mjs",
        request={
            "folder": str(folder),
            "to": str(to),
            "test": TEST,
            "card": {"license": "apache-2.0", "data": {"name": "made: up", "rows": {"test": 2}}},
        },
    )
    model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager").eval()
    return to, {file["dtype"]: onnx.load(file["file"]) for file in files}, model


def test_the_checker_finds_no_fault(exported):
    _, graphs, _ = exported
    assert list(graphs) == list(TOLERANCES)
    for graph in graphs.values():
        onnx.checker.check_model(graph, full_check=True)


def test_shapes_agree_with_onnx_own_inference(exported):
    _, graphs, model = exported
    for graph in graphs.values():
        inferred = onnx.shape_inference.infer_shapes(graph, check_type=True, strict_mode=True, data_prop=True)
        assert [value.type for value in inferred.graph.output] == [value.type for value in graph.graph.output]
        dims = [dim.dim_param or dim.dim_value for dim in graph.graph.output[0].type.tensor_type.shape.dim]
        assert dims == ["batch", model.config.num_labels]
        for value in graph.graph.input:
            assert value.type.tensor_type.elem_type == onnx.TensorProto.INT64
            assert [dim.dim_param for dim in value.type.tensor_type.shape.dim] == ["batch", "sequence"]


@pytest.mark.parametrize(("batch", "length"), [(1, 1), (1, 7), (3, 20), (2, 60)])
def test_any_runtime_gives_the_logits_of_transformers(exported, batch, length):
    _, graphs, model = exported
    random = np.random.default_rng(batch * 100 + length)
    ids = random.integers(6, model.config.vocab_size, (batch, length))
    mask = np.ones((batch, length), dtype=np.int64)
    for row in range(batch):
        padding = min(row * 3, length - 1)
        mask[row, length - padding :] = 0
        ids[row, length - padding :] = model.config.pad_token_id
    with torch.no_grad():
        expected = model(input_ids=torch.tensor(ids), attention_mask=torch.tensor(mask)).logits.numpy()
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    for dtype, graph in graphs.items():
        feeds = {value.name: inputs[value.name] for value in graph.graph.input}
        (logits,) = ReferenceEvaluator(graph).run(None, feeds)
        np.testing.assert_allclose(logits, expected, rtol=0, atol=TOLERANCES[dtype], err_msg=dtype)


def test_weights_keep_their_names(exported):
    _, graphs, model = exported
    names = {weight.name for weight in graphs["fp32"].graph.initializer}
    named = {name for name, _ in model.named_parameters()}
    assert all(name in named for name in names if not name.startswith("constant_"))


def test_the_hub_reads_the_card(exported):
    to, _, _ = exported
    card = ModelCard.load(to / "README.md")
    assert card.data.license == "apache-2.0"
    assert card.data.pipeline_tag == "text-classification"
    assert {"onnx", "model-types"} <= set(card.data.tags)
    results = {result.metric_type: result for result in card.data.eval_results}
    assert set(results) == {"accuracy", "f1"}
    assert results["accuracy"].dataset_name == "made: up"
    assert 0 <= results["accuracy"].metric_value <= 1
