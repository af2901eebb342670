"""The reference of the suite accuracy: AutoModelForSequenceClassification fine-tuned in PyTorch as the Hugging Face Trainer does it,
except that dropout drops what ours drops (our_dropout.py says why), for which attention must not be the fused kernel.

{"plan": FILE, "start": FOLDER, "firstDraw": N} trains the checkpoint on the plan's batches and answers with the accuracy on its test rows.
"""

import json
import math
import os
import time

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # this is no race: threads that wait by spinning crawl on a busy machine

import torch
from answer import answer, cores
from our_dropout import our_dropout
from transformers import AutoModelForSequenceClassification, AutoTokenizer, get_scheduler


def batches(rows: list[dict], tokenizer, size: int, max_length: int):
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        texts = [row["text"] for row in part]
        # To a multiple of 16, as we pad: padding changes no result, but the shape of what dropout draws for.
        encoded = tokenizer(
            texts, truncation=True, max_length=max_length, padding=True, pad_to_multiple_of=16, return_tensors="pt"
        )
        yield encoded, torch.tensor([row["label"] for row in part])


def respond(request: dict) -> dict:
    torch.set_num_threads(cores())
    with open(request["plan"], encoding="utf-8") as file:
        plan = json.load(file)
    tokenizer = AutoTokenizer.from_pretrained(request["start"])
    model = AutoModelForSequenceClassification.from_pretrained(request["start"], attn_implementation="eager").train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=plan["learningRate"], weight_decay=plan["weightDecay"])
    size = plan["batchSize"]
    steps = sum(math.ceil(len(order) / size) for order in plan["order"])
    schedule = get_scheduler("linear", optimizer, math.ceil(plan["warmupRatio"] * steps), steps)

    losses = []
    started = time.perf_counter()
    with our_dropout(request["firstDraw"]) as next_step:
        for order in plan["order"]:
            rows = [plan["train"][row] for row in order]
            for encoded, labels in batches(rows, tokenizer, size, plan["maxLength"]):
                next_step()
                loss = model(**encoded, labels=labels).loss
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), plan["maxGradNorm"])
                optimizer.step()
                schedule.step()
                optimizer.zero_grad()
                losses.append(loss.item())
    seconds = time.perf_counter() - started

    model.eval()
    right = 0
    with torch.no_grad():
        for encoded, labels in batches(plan["test"], tokenizer, 64, plan["maxLength"]):
            right += int((model(**encoded).logits.argmax(-1) == labels).sum())
    name = f"pytorch {torch.__version__.split('+')[0]}"
    return {"name": name, "accuracy": right / len(plan["test"]), "seconds": seconds, "losses": losses}


answer(respond)
