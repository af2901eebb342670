"""optimiser/: 20 steps of torch.optim.AdamW on given gradients, with clipping, the schedules of transformers and accumulation.

adamw.json: the cases: settings, and the learning rate and gradient norm (before clipping) of each step. adamw.safetensors:
start.NAME; gradient.NAME [80, ...], of which a case takes `accumulation` a step, averaged (so the first 20, or all 80);
CASE.NAME [20, ...], the weight after each step. As in the Hugging Face Trainer, biases and norms are not decayed.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from transformers import get_scheduler

from .files import write_json, write_tensors

STEPS = 20
SHAPES = {
    "embeddings.word_embeddings.weight": (9, 3),
    "dense.weight": (7, 5),
    "dense.bias": (7,),
    "output.LayerNorm.weight": (5,),
    "output.LayerNorm.bias": (5,),
    "kernel.weight": (3, 2, 1, 5),
}


@dataclass
class Case:
    name: str
    learningRate: float = 5e-3
    weightDecay: float = 0.0
    maxGradNorm: float | None = None
    schedule: str = "constant"
    warmupSteps: int = 0
    accumulation: int = 1


CASES = [
    Case("adamw"),
    Case("decay", weightDecay=0.01),
    Case("clip", maxGradNorm=1.0),
    Case("linear", weightDecay=0.01, maxGradNorm=1.0, schedule="linear", warmupSteps=5),
    Case("cosine", weightDecay=0.01, maxGradNorm=1.0, schedule="cosine", warmupSteps=5),
    Case("constant-with-warmup", weightDecay=0.01, maxGradNorm=1.0, schedule="constant_with_warmup", warmupSteps=5),
    Case("accumulation", weightDecay=0.01, maxGradNorm=1.0, schedule="linear", warmupSteps=5, accumulation=4),
]


def decays(name: str) -> bool:
    return not (name.endswith(".bias") or "LayerNorm" in name)


def groups(named: dict[str, torch.Tensor], weight_decay: float) -> list[dict]:
    """AdamW's two groups: decayed, and the biases and norms, which are not."""
    return [
        {"params": [weight for name, weight in named.items() if decays(name)], "weight_decay": weight_decay},
        {"params": [weight for name, weight in named.items() if not decays(name)], "weight_decay": 0.0},
    ]


def make_problem() -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Weights, and 80 gradients each: some steps large enough to be clipped, some not, and rows that stay 0 for a while."""
    torch.manual_seed(44)
    weights = {name: torch.randn(shape) for name, shape in SHAPES.items()}
    scale = torch.tensor([0.02, 0.2, 1.0, 0.05]).repeat_interleave(4).repeat(5)
    gradients = {}
    for name, shape in SHAPES.items():
        gradients[name] = torch.randn(80, *shape) * scale.view(80, *[1] * len(shape))
    gradients["embeddings.word_embeddings.weight"][:10, 4:] = 0
    gradients["embeddings.word_embeddings.weight"][:, 0] = 0
    return weights, gradients


def run(case: Case, start: dict[str, torch.Tensor], gradients: dict[str, torch.Tensor]):
    weights = {name: torch.nn.Parameter(value.clone()) for name, value in start.items()}
    optimizer = torch.optim.AdamW(groups(weights, case.weightDecay), lr=case.learningRate, betas=(0.9, 0.999), eps=1e-8)
    schedule = get_scheduler(case.schedule, optimizer, num_warmup_steps=case.warmupSteps, num_training_steps=STEPS)
    rates, norms, after = [], [], {name: [] for name in start}
    for step in range(STEPS):
        for micro in range(case.accumulation):
            # The gradient of the mean over the micro-batches, added up as backward() does it.
            for name, weight in weights.items():
                part = gradients[name][step * case.accumulation + micro] / case.accumulation
                weight.grad = part if weight.grad is None else weight.grad + part
        limit = float("inf") if case.maxGradNorm is None else case.maxGradNorm
        norms.append(float(torch.nn.utils.clip_grad_norm_(list(weights.values()), limit)))
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        for name, weight in weights.items():
            after[name].append(weight.detach().clone())
    return rates, norms, {name: torch.stack(values) for name, values in after.items()}


def write(folder: Path) -> None:
    start, gradients = make_problem()
    tensors = {f"start.{name}": value for name, value in start.items()}
    tensors |= {f"gradient.{name}": value for name, value in gradients.items()}
    cases = []
    for case in CASES:
        rates, norms, after = run(case, start, gradients)
        tensors |= {f"{case.name}.{name}": value for name, value in after.items()}
        exact = run(case, *({name: value.double() for name, value in part.items()} for part in (start, gradients)))[2]
        error = max(float((exact[name] - after[name]).abs().max()) for name in after)
        cases.append({**asdict(case), "steps": STEPS, "learningRates": rates, "gradientNorms": norms, "float64Error": error})
    write_json(folder / "optimiser" / "adamw.json", cases)
    write_tensors(folder / "optimiser" / "adamw.safetensors", tensors)
