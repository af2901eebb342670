"""fine-tuning/: tiny-bert trained for 20 steps on fixed batches, dropout off, as the Hugging Face Trainer does it.

AdamW (weight decay 0.01, none on biases and norms), gradients clipped to norm 1, linear schedule with 5 steps of warm-up.
batches.safetensors: input_ids, attention_mask [20, 8, 12] and labels [20, 8]. runs.json: settings, then for each run the loss,
learning rate and gradient norm of each step, and how far each final weight is from a float64 run. runs.safetensors: whole.NAME and
accumulated.NAME, the final weights. "accumulated" takes the same batches as two micro-batches of 4 rows a step. "weighted" counts the labels
1, 2 and 5 times in the loss. "gradual" takes the first 5 batches in each of 4 epochs; requires_grad lets the pooler and the classifier train in
the first, the second layer too from the second on, then the first layer, then the embeddings. Of these two runs the file has the first 100
numbers of each weight.

The gradient of an attention key's bias is 0 but for rounding (softmax ignores what it adds), and Adam scales that noise up to
full steps: these weights (`noise`) agree between no two engines, and change no output.
"""

import copy
from pathlib import Path

import torch
from transformers import BertForSequenceClassification, get_scheduler

from .files import write_json, write_tensors
from .optimiser import groups

STEPS, ROWS, LENGTH = 20, 8, 12
SETTINGS = {
    "learningRate": 1e-3,
    "weightDecay": 0.01,
    "maxGradNorm": 1.0,
    "schedule": "linear",
    "warmupSteps": 5,
    "steps": STEPS,
}


def make_batches(vocabulary_size: int) -> dict[str, torch.Tensor]:
    """Rows of 3 to 12 tokens; the label is the third of the vocabulary that the second token comes from."""
    draw = torch.Generator().manual_seed(45)
    lengths = torch.randint(3, LENGTH + 1, (STEPS, ROWS), generator=draw)
    lengths[:, 0] = LENGTH
    mask = (torch.arange(LENGTH) < lengths[..., None]).long()
    ids = torch.randint(5, vocabulary_size, (STEPS, ROWS, LENGTH), generator=draw) * mask
    ids[..., 0] = 2
    ids.scatter_(2, lengths[..., None] - 1, 3)
    labels = (ids[..., 1] - 5) * 3 // (vocabulary_size - 5)
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


EPOCHS = 4
CLASS_WEIGHTS = [1.0, 2.0, 5.0]


def unfreeze(model, epoch: int) -> None:
    """What gradual unfreezing trains in an epoch, one of 2 layers and the embeddings more in each."""
    places = {"bert.embeddings.": 3, "bert.encoder.layer.0.": 2, "bert.encoder.layer.1.": 1}
    for name, weight in model.named_parameters():
        first = next((when for prefix, when in places.items() if name.startswith(prefix)), 0)
        weight.requires_grad_(epoch >= first)


def train(model, batches: dict[str, torch.Tensor], accumulation: int = 1, weights: list[float] | None = None, gradual: bool = False):
    """Returns losses, learning rates and gradient norms, one a step; the model is changed in place."""
    optimizer = torch.optim.AdamW(
        groups(dict(model.named_parameters()), SETTINGS["weightDecay"]), lr=SETTINGS["learningRate"]
    )
    schedule = get_scheduler("linear", optimizer, SETTINGS["warmupSteps"], STEPS)
    losses, rates, norms = [], [], []
    for step in range(STEPS):
        each = STEPS // EPOCHS
        if gradual and step % each == 0:
            unfreeze(model, step // each)
        batch = {name: values[step % each if gradual else step] for name, values in batches.items()}
        loss = 0.0
        for part in range(accumulation):
            size = ROWS // accumulation
            rows = slice(part * size, (part + 1) * size)
            result = model(**{name: values[rows] for name, values in batch.items()})
            value = result.loss
            if weights is not None:
                given = torch.tensor(weights, dtype=result.logits.dtype)
                value = torch.nn.functional.cross_entropy(result.logits, batch["labels"][rows], weight=given)
            (value / accumulation).backward()
            loss += value.item() / accumulation
        norms.append(float(torch.nn.utils.clip_grad_norm_(model.parameters(), SETTINGS["maxGradNorm"])))
        losses.append(loss)
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    return losses, rates, norms


def write(folder: Path) -> None:
    start = BertForSequenceClassification.from_pretrained(folder / "tiny-bert").eval()
    batches = make_batches(start.config.vocab_size)
    write_tensors(folder / "fine-tuning" / "batches.safetensors", batches)
    tensors, runs = {}, {}
    options = {
        "whole": {},
        "accumulated": {"accumulation": 2},
        "weighted": {"weights": CLASS_WEIGHTS},
        "gradual": {"gradual": True},
    }
    for name, how in options.items():
        model, exact = copy.deepcopy(start), copy.deepcopy(start).double()
        losses, rates, norms = train(model, batches, **how)
        exact_losses = train(exact, batches, **how)[0]
        weights, exact_weights = dict(model.named_parameters()), dict(exact.named_parameters())
        kept = None if name in ("whole", "accumulated") else 100
        tensors |= {f"{name}.{weight}": value if kept is None else value.flatten()[:kept] for weight, value in weights.items()}
        runs[name] = {
            "accumulation": how.get("accumulation", 1),
            "losses": losses,
            "learningRates": rates,
            "gradientNorms": norms,
            "float64LossError": max(abs(a - b) for a, b in zip(losses, exact_losses)),
            "float64Errors": {
                weight: float((exact_weights[weight] - value).detach().abs().max()) for weight, value in weights.items()
            },
        }
    noise = [weight for weight in weights if weight.endswith("self.key.bias")]
    write_tensors(folder / "fine-tuning" / "runs.safetensors", tensors)
    write_json(folder / "fine-tuning" / "runs.json", {"settings": SETTINGS, "noise": noise, "classWeights": CLASS_WEIGHTS, "runs": runs})
