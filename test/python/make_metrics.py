"""Writes test/fixtures/metrics.json: classification scores by scikit-learn and SciPy, which ours are held to.

Made with Python 3.11, scikit-learn 1.9.1, SciPy 1.17.1:

    python test/python/make_metrics.py
"""

import json
from pathlib import Path

import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "metrics.json"


def case(name, truth, predicted, label_count):
    labels = list(range(label_count))
    precision, recall, f1, support = precision_recall_fscore_support(truth, predicted, labels=labels, zero_division=0)
    return {
        "name": name,
        "labelCount": label_count,
        "truth": [int(label) for label in truth],
        "predicted": [int(label) for label in predicted],
        "accuracy": accuracy_score(truth, predicted),
        "confusionMatrix": confusion_matrix(truth, predicted, labels=labels).tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "macroF1": f1_score(truth, predicted, labels=labels, average="macro", zero_division=0),
        "macroF1OfOccurring": f1_score(truth, predicted, average="macro", zero_division=0),
    }


random = np.random.default_rng(42)
truth = random.integers(0, 5, 200)
noisy = np.where(random.random(200) < 0.3, random.integers(0, 5, 200), truth)
skewed = (random.random(100) < 0.05).astype(int)
cases = [
    case("two labels", [0, 0, 1, 1], [0, 1, 1, 1], 2),
    case("five labels", truth, noisy, 5),
    case("a label never predicted", skewed, np.zeros(100, dtype=int), 2),
    case("labels that never occur", [0, 2, 2, 0], [0, 2, 0, 4], 6),
    case("all wrong", [0, 1, 2], [1, 2, 0], 3),
    case("one row", [1], [1], 2),
]
intervals = []
for correct, total in [(0, 10), (10, 10), (3, 4), (86, 100), (1581, 1821)]:
    interval = binomtest(correct, total).proportion_ci(0.95, method="wilson")
    intervals.append({"correct": correct, "total": total, "low": float(interval.low), "high": float(interval.high)})
OUT.write_text(json.dumps({"cases": cases, "wilson": intervals}) + "\n")
