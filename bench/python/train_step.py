"""The reference of the suite train-step: one training step of transformers' BertForSequenceClassification in PyTorch.

{"case": {...}} builds the model, with random weights, and one random batch; {"steps": N} does N steps and returns the milliseconds of
each. A step is forward, backward, clip_grad_norm_ to 1 and AdamW; attention is transformers' default (sdpa).
"""

import torch
from answer import answer_steps
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
        self.model = self.prepared(BertForSequenceClassification(config), case).train()
        self.optimizer = torch.optim.AdamW(self.trained(), lr=5e-5, weight_decay=0.0)
        shape = (case["batch"], case["length"])
        self.batch = {
            "input_ids": torch.randint(1000, case["vocabulary"], shape),
            "attention_mask": torch.ones(shape, dtype=torch.long),
            "token_type_ids": torch.zeros(shape, dtype=torch.long),
            "labels": torch.randint(0, 2, shape[:1]),
        }

    def prepared(self, model, case: dict):
        return model

    def trained(self) -> list[torch.Tensor]:
        return [weight for weight in self.model.parameters() if weight.requires_grad]

    def facts(self) -> dict:
        """What is said of a trainer when it is ready."""
        return {"name": f"pytorch {torch.__version__.split('+')[0]}", "parameters": sum(w.numel() for w in self.trained())}

    def memory(self) -> dict:
        """What is said after each request for steps."""
        return {}

    def step(self) -> float:
        loss = self.model(**self.batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.item()


if __name__ == "__main__":
    answer_steps(Trainer)
