"""The reference of the suite train-step: one training step of transformers' BertForSequenceClassification in PyTorch.

{"case": {...}} builds the model, with random weights, and one random batch; {"steps": N} does N steps and returns the milliseconds of
each. A step is forward, backward, clip_grad_norm_ to 1 and AdamW; attention is transformers' default (sdpa).
"""

import time

import torch
from answer import answer, cores
from transformers import BertConfig, BertForSequenceClassification


class Trainer:
    def __init__(self, case: dict):
        torch.manual_seed(42)
        config = BertConfig(
            vocab_size=case["vocabulary"],
            hidden_size=case["hidden"],
            num_hidden_layers=case["layers"],
            num_attention_heads=case["heads"],
            intermediate_size=case["intermediate"],
            hidden_dropout_prob=case["dropout"],
            attention_probs_dropout_prob=case["dropout"],
            num_labels=2,
        )
        self.model = BertForSequenceClassification(config).train()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=5e-5, weight_decay=0.0)
        shape = (case["batch"], case["length"])
        self.batch = {
            "input_ids": torch.randint(1000, case["vocabulary"], shape),
            "attention_mask": torch.ones(shape, dtype=torch.long),
            "token_type_ids": torch.zeros(shape, dtype=torch.long),
            "labels": torch.randint(0, 2, shape[:1]),
        }

    def step(self) -> float:
        loss = self.model(**self.batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.item()


trainer: Trainer | None = None


def respond(request: dict) -> dict:
    global trainer
    if "case" in request:
        torch.set_num_threads(cores())
        trainer = Trainer(request["case"])
        parameters = sum(weight.numel() for weight in trainer.model.parameters())
        return {"name": f"pytorch {torch.__version__.split('+')[0]}", "parameters": parameters}
    milliseconds = []
    loss = None
    for _ in range(request["steps"]):
        start = time.perf_counter()
        loss = trainer.step()
        milliseconds.append(1000 * (time.perf_counter() - start))
    return {"milliseconds": milliseconds, "loss": loss}


answer(respond)
