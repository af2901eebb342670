"""Writes test/fixtures/tabular/mlp.safetensors: 20 steps of MLPs in PyTorch, which our training loop is held to.

Made with Python 3.11, torch 2.15.0, safetensors 0.8.0:

    python test/python/make_mlp.py
"""

from pathlib import Path

import torch
from safetensors.torch import save_file

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "tabular" / "mlp.safetensors"
torch.manual_seed(11)
STEPS, BATCH = 20, 32
TABLES = [(5, 3), (9, 5)]


class Layer(torch.nn.Module):
    def __init__(self, inputs, outputs, norm):
        super().__init__()
        self.linear = torch.nn.Linear(inputs, outputs, bias=not norm)
        if norm:
            self.norm = torch.nn.BatchNorm1d(outputs)

    def forward(self, x):
        x = self.linear(x)
        return torch.relu(self.norm(x) if hasattr(self, "norm") else x)


class Mlp(torch.nn.Module):
    def __init__(self, outputs, norm):
        super().__init__()
        self.embeddings = torch.nn.ModuleList(torch.nn.Embedding(*table) for table in TABLES)
        self.layers = torch.nn.ModuleList([Layer(4 + 8, 16, norm), Layer(16, 8, norm)])
        self.head = torch.nn.Linear(8, outputs)

    def forward(self, numeric, codes):
        x = torch.cat([numeric] + [table(codes[:, i]) for i, table in enumerate(self.embeddings)], 1)
        for layer in self.layers:
            x = layer(x)
        return self.head(x)


def pinball(outputs, y):
    quantiles = torch.tensor([0.05, 0.5, 0.95])
    error = y[:, None] - outputs
    return torch.maximum(quantiles * error, (quantiles - 1) * error).mean(1)


rows = STEPS * BATCH
numeric = torch.randn(rows, 4)
codes = torch.stack([torch.randint(0, size, (rows,)) for size, _ in TABLES], 1)
classes = torch.randint(0, 3, (rows,))
values = numeric[:, 0] * 2 + torch.randn(rows)
weights = torch.rand(rows) + 0.5
tensors = {"numeric": numeric, "codes": codes.int(), "classes": classes.int(), "values": values, "weights": weights}
CASES = {
    "classes": (3, False, classes, lambda o, y: torch.nn.functional.cross_entropy(o, y, reduction="none")),
    "norm": (3, True, classes, lambda o, y: torch.nn.functional.cross_entropy(o, y, reduction="none")),
    "mean": (1, False, values, lambda o, y: (o[:, 0] - y) ** 2),
    "quantiles": (3, True, values, pinball),
}
for case, (outputs, norm, y, loss_of) in CASES.items():
    network = Mlp(outputs, norm)
    keep = lambda prefix: tensors.update(
        {f"{case}.{prefix}.{n}": v.detach().clone() for n, v in network.state_dict().items() if "tracked" not in n}
    )
    keep("start")
    decaying = [p for n, p in network.named_parameters() if n.endswith("weight") and "norm" not in n]
    others = [p for n, p in network.named_parameters() if not (n.endswith("weight") and "norm" not in n)]
    optimizer = torch.optim.AdamW(
        [{"params": decaying, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}], lr=1e-2
    )
    losses = []
    for step in range(STEPS):
        at = slice(step * BATCH, (step + 1) * BATCH)
        per_row = loss_of(network(numeric[at], codes[at]), y[at])
        loss = (per_row * weights[at]).sum() / weights[at].sum()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 0.5)
        optimizer.step()
        losses.append(loss.item())
    tensors[f"{case}.loss"] = torch.tensor(losses).mean()
    keep("end")
    network.eval()
    with torch.no_grad():
        tensors[f"{case}.outputs"] = network(numeric[:50], codes[:50])
save_file({name: value.contiguous() for name, value in tensors.items()}, OUT)
