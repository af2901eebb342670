"""What every family of encoders is held to: a random classifier small enough for git, and all that PyTorch computes with it.

NAME/expected.safetensors: the inputs (int64 input_ids, attention_mask and, where the model reads them, token_type_ids, all [4, 12], and
labels [4]), hidden_states.N [4, 12, 24], logits [4, 3], loss [], gradient.WEIGHT for every weight, and prompt [3, embedding size] with
prompt_logits [4, 3], the logits with that prompt put before the word embeddings as peft does; float32, dropout off.
NAME/expected.json: the names of the weights of the same encoder saved without a head; the largest distance of the float32 results from
PyTorch's own float64; texts with their ids and logits.
"""

import copy
from pathlib import Path

import torch
from transformers import AutoModel

from .files import write_json, write_tensors
from .prompt import logits_with_prompt, make_prompt
from .tiny_bert import TEXTS

LABELS = ["negative", "neutral", "positive"]
SIZES = {
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 40,
    "max_position_embeddings": 64,
    "initializer_range": 0.2,
    "num_labels": len(LABELS),
    "id2label": dict(enumerate(LABELS)),
    "label2id": {label: index for index, label in enumerate(LABELS)},
}


def randomised(model):
    """Biases and norms off their usual 0 and 1, and the padding's vector off 0: no gradient hides by being tiny."""
    norms = {f"{name}.weight" for name, part in model.named_modules() if "Norm" in type(part).__name__}
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name in norms:
                weight.copy_(1 + 0.1 * torch.randn_like(weight))
            elif name.endswith(".bias"):
                weight.copy_(0.1 * torch.randn_like(weight))
            elif "embeddings." in name and weight.ndim == 2:
                weight.copy_(0.2 * torch.randn_like(weight))
    return model.eval()


def make_inputs(tokenizer, pairs: bool) -> dict[str, torch.Tensor]:
    """Four rows of 12, 9, 5 and 2 tokens; where the model knows pairs of texts, the first two are such."""
    draw = torch.Generator().manual_seed(7)
    lengths = torch.tensor([12, 9, 5, 2])
    mask = (torch.arange(12) < lengths[:, None]).long()
    ids = torch.randint(5, len(tokenizer) - 1, (4, 12), generator=draw)
    first, last = tokenizer("").input_ids
    ids[:, 0] = first
    ids[torch.arange(4), lengths - 1] = last
    ids[2, 2] = ids[2, 3] = ids[0, 3]  # a token met more than once: its gradients add up
    ids[1, 3] = tokenizer.pad_token_id  # a text may spell the padding token out
    ids[mask == 0] = tokenizer.pad_token_id
    inputs = {"input_ids": ids, "attention_mask": mask, "labels": torch.tensor([2, 0, 1, 2])}
    if pairs:
        types = torch.zeros_like(ids)
        types[0, 7:12] = 1
        types[1, 5:9] = 1
        inputs["token_type_ids"] = types
    return inputs


def outputs_and_gradients(model, inputs: dict[str, torch.Tensor], prompt: torch.Tensor) -> dict[str, torch.Tensor]:
    model.zero_grad(set_to_none=True)
    result = model(**inputs, output_hidden_states=True)
    result.loss.backward()
    found = {f"hidden_states.{layer}": state for layer, state in enumerate(result.hidden_states)}
    found |= {"logits": result.logits, "loss": result.loss}
    for name, weight in model.named_parameters():
        found[f"gradient.{name}"] = torch.zeros_like(weight) if weight.grad is None else weight.grad
    found["prompt_logits"] = logits_with_prompt(model, inputs, prompt)
    return {name: tensor.detach().clone() for name, tensor in found.items()}


def write_encoder(folder: Path, model, tokenizer, pairs: bool = False, padded_to: int | None = None) -> None:
    """`padded_to`: the length texts are padded to, where the logits depend on there being padding."""
    model = randomised(model)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "model.safetensors").chmod(0o644)

    inputs = make_inputs(tokenizer, pairs)
    prompt = make_prompt(model)
    found = outputs_and_gradients(model, inputs, prompt)
    exact = outputs_and_gradients(copy.deepcopy(model).double(), inputs, prompt)
    write_tensors(folder / "expected.safetensors", inputs | {"prompt": prompt} | found)
    rows = []
    for text in TEXTS:
        ids = tokenizer(text).input_ids
        padding = {"padding": "max_length", "max_length": padded_to} if padded_to else {}
        given = tokenizer(text, return_tensors="pt", **padding)
        names = ["input_ids", "attention_mask", *(["token_type_ids"] if pairs else [])]
        with torch.no_grad():
            logits = model(**{name: given[name] for name in names}).logits[0]
        rows.append({"text": text, "input_ids": ids, "logits": logits.tolist()})
    write_json(
        folder / "expected.json",
        {
            "bareWeights": list(AutoModel.from_config(model.config).state_dict()),
            "float64Errors": {name: float((exact[name] - found[name]).abs().max()) for name in found},
            "texts": rows,
        },
    )
