"""tiny-bert-lora/: LoRA (Hu et al. 2021) on tiny-bert by peft: rank 4, alpha 8, on query and value, the classifier trained whole.

adapter_config.json and adapter_model.safetensors are what peft saves. expected.safetensors: logits, loss and gradient.NAME of every
weight that trains, NAME as in adapter_model.safetensors, for the inputs of tiny-bert/expected.safetensors. Dropout off,
lora_B away from its usual 0.
"""

import json
from pathlib import Path

import torch
from peft import LoraConfig, TaskType, get_peft_model
from transformers import BertForSequenceClassification

from .files import write_json, write_tensors
from .tiny_bert import float64_errors, make_inputs, outputs_and_gradients


def make_lora(folder: Path):
    torch.manual_seed(43)
    model = BertForSequenceClassification.from_pretrained(folder / "tiny-bert").eval()
    config = LoraConfig(
        task_type=TaskType.SEQ_CLS,
        r=4,
        lora_alpha=8,
        lora_dropout=0.0,
        target_modules=["query", "value"],
        modules_to_save=["classifier"],
        base_model_name_or_path="tiny-bert",
    )
    lora = get_peft_model(model, config).eval()
    lora.peft_config["default"].base_model_name_or_path = "tiny-bert"
    with torch.no_grad():
        for name, weight in lora.named_parameters():
            if "lora_B" in name:
                weight.copy_(0.2 * torch.randn_like(weight))
    return lora


def saved_name(name: str) -> str:
    return name.replace(".default", "").replace(".modules_to_save", "")


def write(folder: Path) -> None:
    lora = make_lora(folder)
    out = folder / "tiny-bert-lora"
    lora.save_pretrained(out)
    (out / "README.md").unlink(missing_ok=True)
    settings = json.loads((out / "adapter_config.json").read_text())
    settings["target_modules"].sort()  # a set in peft: its order is random
    write_json(out / "adapter_config.json", settings)
    (out / "adapter_model.safetensors").chmod(0o644)
    inputs = make_inputs(lora.config.vocab_size)
    found = outputs_and_gradients(lora, inputs)
    errors = float64_errors(lora, inputs, found)
    write_tensors(out / "expected.safetensors", {saved_name(name): value for name, value in found.items()})
    trainable, total = lora.get_nb_trainable_parameters()
    write_json(
        out / "expected.json",
        {
            "loss": float(found["loss"]),
            "trainableParameters": trainable,
            "allParameters": total,
            "float64Errors": {saved_name(name): error for name, error in errors.items()},
        },
    )
