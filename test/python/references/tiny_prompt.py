"""tiny-bert-prompt/: prompt tuning (Lester et al. 2021) of tiny-bert by peft: 3 vectors before each text, the classifier trained whole.

adapter_config.json and adapter_model.safetensors are what peft saves. expected.safetensors: logits, loss and gradient.NAME of every
weight that trains, NAME as in adapter_model.safetensors, for the inputs of tiny-bert/expected.safetensors. Dropout off.
"""

import copy
from pathlib import Path

import torch
from peft import PromptTuningConfig, TaskType, get_peft_model
from transformers import BertForSequenceClassification

from .files import write_json, write_tensors
from .prompt import make_prompt
from .tiny_bert import make_inputs


def make_prompted(folder: Path):
    torch.manual_seed(44)
    model = BertForSequenceClassification.from_pretrained(folder / "tiny-bert").eval()
    prompt = make_prompt(model)
    prompted = get_peft_model(model, PromptTuningConfig(task_type=TaskType.SEQ_CLS, num_virtual_tokens=len(prompt)))
    prompted.peft_config["default"].base_model_name_or_path = "tiny-bert"
    with torch.no_grad():
        prompted.prompt_encoder["default"].embedding.weight.copy_(prompt)
        classifier = prompted.base_model.classifier.modules_to_save["default"]
        classifier.weight.add_(0.2 * torch.randn_like(classifier.weight))
    return prompted.eval()


def saved_name(name: str) -> str:
    if name.startswith("prompt_encoder."):
        return "prompt_embeddings"
    return name.replace(".modules_to_save.default", "")


def outputs_and_gradients(model, inputs: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    model.zero_grad(set_to_none=True)
    result = model(**inputs)
    result.loss.backward()
    found = {"logits": result.logits, "loss": result.loss}
    for name, weight in model.named_parameters():
        assert (weight.grad is not None) == weight.requires_grad, name
        if weight.grad is not None:
            found[f"gradient.{saved_name(name)}"] = weight.grad
    return {name: tensor.detach().clone() for name, tensor in found.items()}


def write(folder: Path) -> None:
    model = make_prompted(folder)
    out = folder / "tiny-bert-prompt"
    model.save_pretrained(out)
    (out / "README.md").unlink(missing_ok=True)
    (out / "adapter_model.safetensors").chmod(0o644)
    inputs = make_inputs(model.config.vocab_size)
    found = outputs_and_gradients(model, inputs)
    exact = outputs_and_gradients(copy.deepcopy(model).double(), inputs)
    write_tensors(out / "expected.safetensors", found)
    trainable, total = model.get_nb_trainable_parameters()
    errors = {name: float((exact[name] - found[name]).abs().max()) for name in found}
    write_json(out / "expected.json", {"trainableParameters": trainable, "allParameters": total, "float64Errors": errors})
