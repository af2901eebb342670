"""fine-tuning/early-stopping.json: when the Hugging Face Trainer stops, and which epoch it takes for the best, for scores given.

A Trainer with EarlyStoppingCallback runs over a model of one number; its evaluations answer with the scores of the case.
"""

import random
import tempfile
from pathlib import Path

import torch
from transformers import EarlyStoppingCallback, Trainer, TrainingArguments
from transformers.trainer_utils import EvalLoopOutput

from .files import write_json


class OneNumber(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def forward(self, x, labels=None):
        return {"loss": (self.weight * x).sum()}


class Scored(Trainer):
    scores: list[float]

    def evaluation_loop(self, *args, **kwargs):
        score = self.scores[round(self.state.epoch) - 1]
        return EvalLoopOutput(None, None, {"eval_score": score, "eval_loss": score}, 1)


def run(case: dict) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            num_train_epochs=len(case["scores"]),
            per_device_train_batch_size=1,
            eval_strategy="epoch",
            save_strategy="epoch",
            save_total_limit=1,
            load_best_model_at_end=True,
            metric_for_best_model="score",
            greater_is_better=case["greaterIsBetter"],
            report_to=[],
            disable_tqdm=True,
            use_cpu=True,
        )
        rows = [{"x": torch.ones(1), "labels": torch.zeros(1)}]
        stop = EarlyStoppingCallback(case["patience"], case["threshold"])
        trainer = Scored(OneNumber(), arguments, train_dataset=rows, eval_dataset=rows, callbacks=[stop])
        trainer.scores = case["scores"]
        trainer.train()
        state = trainer.state
        return {**case, "epochs": round(state.epoch), "best": state.best_metric, "bestEpoch": state.best_global_step}


def write(folder: Path) -> None:
    draw = random.Random(46)
    cases = []
    for greater in [True, False]:
        for patience in [1, 2, 3]:
            for threshold in [0.0, 0.05]:
                # Of two digits, so that ties happen.
                scores = [round(draw.uniform(0.3, 0.6), 2) for _ in range(10)]
                cases.append({"greaterIsBetter": greater, "patience": patience, "threshold": threshold, "scores": scores})
    write_json(folder / "fine-tuning" / "early-stopping.json", [run(case) for case in cases])
