"""Writes test/fixtures/tabular/tabnet.safetensors and tabnet.json: what pytorch-tabnet computes, which ours is held to.

Made with Python 3.11, torch 2.15.0, pytorch-tabnet 4.1.0, safetensors 0.8.0:

    python test/python/make_tabnet.py
"""

import json
from pathlib import Path

import torch
from pytorch_tabnet.metrics import UnsupervisedLoss
from pytorch_tabnet.sparsemax import sparsemax
from pytorch_tabnet.tab_network import GBN, TabNet, TabNetPretraining
from pytorch_tabnet.utils import create_explain_matrix
from safetensors.torch import save_file

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "tabular"
torch.manual_seed(7)
tensors = {}


def keep(prefix, state):
    for name, value in state.items():
        if not name.endswith("num_batches_tracked"):
            tensors[f"{prefix}.{name}"] = value.detach().clone().contiguous()


def shaken(network):
    """Norms' weights and statistics away from 1 and 0, so that an error in them shows."""
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm1d):
                module.weight.uniform_(0.5, 1.5)
                module.bias.uniform_(-0.5, 0.5)
                module.running_mean.uniform_(-0.3, 0.3)
                module.running_var.uniform_(0.5, 1.5)
    return network


def data(rows):
    numbers = torch.randn(rows, 4) * torch.tensor([1.0, 3.0, 0.5, 1.0])
    codes = torch.stack([torch.randint(0, 5, (rows,)), torch.randint(0, 3, (rows,))], 1)
    # number, category, number, number, category, number
    x = torch.stack([numbers[:, 0], codes[:, 0].float(), numbers[:, 1], numbers[:, 2], codes[:, 1].float(), numbers[:, 3]], 1)
    return numbers, codes.int(), x


SHAPES = {
    "plain": dict(n_d=4, n_a=3, n_steps=3, gamma=1.3, n_independent=2, n_shared=2, cat_emb_dim=[1, 1]),
    "wide": dict(n_d=3, n_a=5, n_steps=2, gamma=1.6, n_independent=1, n_shared=1, cat_emb_dim=[3, 2]),
    "unshared": dict(n_d=4, n_a=4, n_steps=2, gamma=1.0, n_independent=2, n_shared=0, cat_emb_dim=[2, 2]),
}
ROWS = 40
VIRTUAL = 16  # torch.chunk makes 14, 14 and 12 rows of 40
LAMBDA = 1e-3
common = dict(cat_idxs=[1, 4], cat_dims=[5, 3], virtual_batch_size=VIRTUAL, momentum=0.02)
groups = torch.eye(6)
numbers, codes, x = data(ROWS)
target = torch.randint(0, 3, (ROWS,))
tensors |= {"numbers": numbers, "codes": codes, "target": target.int()}

for case, shape in SHAPES.items():
    network = shaken(TabNet(6, 3, **common, **shape, group_attention_matrix=groups))
    keep(f"{case}.state", network.state_dict())
    network.eval()
    with torch.no_grad():
        tensors[f"{case}.eval"] = network(x)[0]
        aggregate, masks = network.forward_masks(x)
        matrix = torch.tensor(create_explain_matrix(6, shape["cat_emb_dim"], [1, 4], network.post_embed_dim).toarray()).float()
        tensors[f"{case}.aggregate"] = aggregate @ matrix
        for step, mask in masks.items():
            tensors[f"{case}.mask.{step}"] = mask @ matrix
    network.train()
    output, sparsity = network(x)
    loss = torch.nn.functional.cross_entropy(output, target) - LAMBDA * sparsity
    loss.backward()
    tensors[f"{case}.train"] = output.detach()
    tensors[f"{case}.loss"] = loss.detach()
    keep(f"{case}.moved", {name: value for name, value in network.state_dict().items() if "running" in name})
    keep(f"{case}.gradient", {name: value.grad for name, value in network.named_parameters() if value.grad is not None})

    pretraining = shaken(TabNetPretraining(6, 0.5, **common, **shape, group_attention_matrix=groups))
    keep(f"{case}.pretraining.state", pretraining.state_dict())
    pretraining.eval()
    with torch.no_grad():
        output, embedded, hidden = pretraining(x)
        tensors[f"{case}.pretraining.eval"] = output
        tensors[f"{case}.pretraining.evalLoss"] = UnsupervisedLoss(output, embedded, hidden)
    pretraining.train()
    hidden_groups = {}
    forward = pretraining.masker.forward

    def remembering(values):
        masked, obfuscated, variables = forward(values)
        hidden_groups["now"] = obfuscated
        return masked, obfuscated, variables

    pretraining.masker.forward = remembering
    output, embedded, hidden = pretraining(x)
    loss = UnsupervisedLoss(output, embedded, hidden)
    loss.backward()
    tensors[f"{case}.pretraining.hidden"] = hidden_groups["now"]
    tensors[f"{case}.pretraining.train"] = output.detach()
    tensors[f"{case}.pretraining.loss"] = loss.detach()
    keep(f"{case}.pretraining.moved", {n: v for n, v in pretraining.state_dict().items() if "running" in n})
    keep(f"{case}.pretraining.gradient", {n: v.grad for n, v in pretraining.named_parameters() if v.grad is not None})

# Sparsemax: ties, a single one left, all alike, and wide rows.
for case, z in {
    "narrow": torch.randn(12, 6),
    "ties": torch.tensor([[1.0, 1.0, 0.5, 0.5], [2.0, 2.0, 2.0, 2.0], [3.0, 1.0, 1.0, 0.0], [0.3, 0.3, -5.0, 0.3], [900.5, 900.25, 900.0, 0.0]]),
    "wide": torch.randn(8, 70) * 0.3,
    "wideTies": torch.randint(0, 4, (6, 40)).float() * 0.25,
}.items():
    upstream = torch.randn_like(z)
    z.requires_grad_()
    p = sparsemax(z.clone(), -1)
    (p * upstream).sum().backward()
    tensors |= {f"sparsemax.{case}.z": z.detach(), f"sparsemax.{case}.p": p.detach(), f"sparsemax.{case}.upstream": upstream, f"sparsemax.{case}.gradient": z.grad}

# Ghost batch norm of 300 rows in virtual batches of 128: three of 100.
for rows, virtual in [(300, 128), (40, 16), (20, 64)]:
    norm = GBN(3, virtual_batch_size=virtual, momentum=0.1)
    shaken(norm)
    values, upstream = torch.randn(rows, 3, requires_grad=True), torch.randn(rows, 3)
    case = f"norm.{rows}.{virtual}"
    keep(f"{case}.before", {n: v for n, v in norm.bn.state_dict().items()})
    norm.eval()
    tensors[f"{case}.eval"] = norm.bn(values).detach()
    norm.train()
    y = norm(values)
    (y * upstream).sum().backward()
    tensors |= {f"{case}.x": values.detach(), f"{case}.y": y.detach(), f"{case}.upstream": upstream, f"{case}.gradient.x": values.grad}
    keep(f"{case}.gradient", {n: v.grad for n, v in norm.bn.named_parameters()})
    keep(f"{case}.after", {n: v for n, v in norm.bn.state_dict().items() if "running" in n})

save_file({name: value.contiguous() for name, value in tensors.items()}, FOLDER / "tabnet.safetensors")
(FOLDER / "tabnet.json").write_text(json.dumps({"shapes": SHAPES, "rows": ROWS, "virtualBatchSize": VIRTUAL, "lambdaSparse": LAMBDA}) + "\n")
