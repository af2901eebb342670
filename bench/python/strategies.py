"""The reference of the suite strategies: transformers' BertForSequenceClassification in PyTorch, with peft's LoRA and prompt tuning, or
with parts frozen by requires_grad.

{"case": {...}} builds the model, with random weights, and one random batch; {"steps": N} does N steps and returns the milliseconds of
each, and how far resident memory has risen above that of the process with its model.
"""

import peft
import torch
from answer import answer_steps
from peak_memory import watch_memory
from peft import LoraConfig, PromptTuningConfig, TaskType, get_peft_model
from train_step import Trainer


def under(model, how: dict):
    """The model with what the strategy adds, and all that it freezes frozen."""
    kind, task = how["kind"], TaskType.SEQ_CLS
    if kind == "lora":
        settings = {"r": how["rank"], "lora_alpha": how["alpha"], "lora_dropout": how["dropout"]}
        return get_peft_model(model, LoraConfig(task_type=task, target_modules=["query", "value"], **settings))
    if kind == "prompt":
        return get_peft_model(model, PromptTuningConfig(task_type=task, num_virtual_tokens=how["virtualTokens"]))
    layers = model.bert.encoder.layer
    frozen = {
        "full": lambda: [],
        "freeze-first": lambda: [model.bert.embeddings, *layers[: how["layers"]]],
        "freeze-last": lambda: layers[-how["layers"] :],
    }[kind]()
    for part in frozen:
        part.requires_grad_(False)
    return model


class StrategyTrainer(Trainer):
    def prepared(self, model, case: dict):
        self.peak = watch_memory()
        return under(model, case["strategy"])

    def facts(self) -> dict:
        names = {"pytorch": torch.__version__.split("+")[0], "peft": peft.__version__}
        count = sum(weight.numel() for weight in self.trained())
        return {"name": ", ".join(f"{name} {version}" for name, version in names.items()), "trained": count}

    def memory(self) -> dict:
        state = [value for one in self.optimizer.state.values() for value in one.values()]
        held = [*self.trained(), *state]  # gradients are as large as their weights
        return {"peakBytes": self.peak(), "optimizerBytes": sum(tensor.numel() * tensor.element_size() for tensor in held)}


if __name__ == "__main__":
    answer_steps(StrategyTrainer)
