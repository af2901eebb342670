"""Writes test/fixtures/tabular/metrics.json: scikit-learn's numbers for ranking, probabilities, regression and calibration.

Made with Python 3.11, scikit-learn 1.9.1, NumPy 2.4.6:

    python test/python/make_tabular_metrics.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn import metrics
from sklearn.calibration import calibration_curve

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "tabular" / "metrics.json"
random = np.random.default_rng(42)


def ranking(name, truth, scores, weights=None):
    truth, scores = np.asarray(truth), np.asarray(scores, dtype=float)
    fpr, tpr, thresholds = metrics.roc_curve(truth, scores, sample_weight=weights, drop_intermediate=False)
    precision, recall, pr_thresholds = metrics.precision_recall_curve(truth, scores, sample_weight=weights)
    return {
        "name": name,
        "truth": truth.tolist(),
        "scores": scores.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "falsePositiveRate": fpr.tolist(),
        "truePositiveRate": tpr.tolist(),
        "rocThresholds": thresholds[1:].tolist(),  # the first is infinite
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "prThresholds": pr_thresholds.tolist(),
        "rocAuc": metrics.roc_auc_score(truth, scores, sample_weight=weights),
        "averagePrecision": metrics.average_precision_score(truth, scores, sample_weight=weights),
    }


def several(name, truth, logits):
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    weights = random.integers(0, 4, len(truth)).astype(float)
    count = logits.shape[1]
    labels = list(range(count))
    return {
        "name": name,
        "truth": truth.tolist(),
        "probabilities": probabilities.T.tolist(),
        "weights": weights.tolist(),
        "logLoss": metrics.log_loss(truth, probabilities, labels=labels),
        "logLossWeighted": metrics.log_loss(truth, probabilities, labels=labels, sample_weight=weights),
        "brierMulticlass": metrics.brier_score_loss(truth, probabilities, labels=labels, scale_by_half=False),
        "rocAucOneVsRest": metrics.roc_auc_score(truth, probabilities, multi_class="ovr") if count > 2 else None,
        "balancedAccuracy": metrics.balanced_accuracy_score(truth, probabilities.argmax(axis=1)),
    }


def calibration(name, truth, probabilities, bins, strategy):
    positive, predicted = calibration_curve(truth, probabilities, n_bins=bins, strategy=strategy)
    return {
        "name": name,
        "bins": bins,
        "strategy": strategy,
        "truth": truth.tolist(),
        "probabilities": probabilities.tolist(),
        "meanPredicted": predicted.tolist(),
        "fractionPositive": positive.tolist(),
        "brier": metrics.brier_score_loss(truth, probabilities),
    }


def regression(name, truth, predicted, weights=None):
    truth, predicted = np.asarray(truth, dtype=float), np.asarray(predicted, dtype=float)
    return {
        "name": name,
        "truth": truth.tolist(),
        "predicted": predicted.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "rmse": metrics.root_mean_squared_error(truth, predicted, sample_weight=weights),
        "mae": metrics.mean_absolute_error(truth, predicted, sample_weight=weights),
        "r2": metrics.r2_score(truth, predicted, sample_weight=weights),
        "pinball": {
            str(q): metrics.mean_pinball_loss(truth, predicted, alpha=q, sample_weight=weights)
            for q in (0.0, 0.1, 0.5, 0.9, 1.0)
        },
    }


truth = (random.random(150) < 0.4).astype(int)
smooth = random.normal(truth, 1.5)
rare = (np.arange(120) % 40 == 3).astype(int)
ranks = [
    ranking("no ties", truth, smooth),
    ranking("many ties", truth, np.round(smooth)),
    ranking("ties and weights, some of them 0", truth, np.round(smooth, 1), random.integers(0, 4, 150).astype(float)),
    ranking("all scores the same", truth[:20], np.full(20, 0.3)),
    ranking("a perfect order", [0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4]),
    ranking("the wrong order", [1, 1, 0], [0.1, 0.2, 0.3]),
    ranking("rare positives", rare, random.normal(rare, 1)),
]
three = random.integers(0, 3, 120)
two = random.integers(0, 2, 90)
sure = np.array([[800.0, 0.0], [0.0, 0.0], [0.0, 800.0]])  # probabilities of exactly 0 and 1
probable = [
    several("two classes", two, random.normal(np.eye(2)[two], 1)),
    several("three classes", three, random.normal(2 * np.eye(3)[three], 1)),
    several("sure and wrong", np.array([1, 0, 1]), sure - sure.max(axis=1, keepdims=True)),
]
probabilities = random.random(200)
happened = (random.random(200) < probabilities**1.5).astype(int)
coarse = np.round(probabilities, 1)  # on the edges of the bins
bins = [
    calibration("uniform", happened, probabilities, 10, "uniform"),
    calibration("uniform, values on edges", happened, coarse, 10, "uniform"),
    calibration("uniform, empty bins", happened, probabilities / 3, 7, "uniform"),
    calibration("quantile", happened, probabilities, 8, "quantile"),
    calibration("quantile, ties", happened, coarse, 5, "quantile"),
    calibration("one bin", happened, probabilities, 1, "uniform"),
]
values = random.normal(20, 5, 80)
numbers = [
    regression("noisy", values, values + random.normal(0, 2, 80)),
    regression("weighted", values, values + random.normal(0, 2, 80), random.integers(0, 3, 80).astype(float)),
    regression("worse than the mean", [1, 2, 3], [3, 2, 1]),
    regression("constant truth, met", [2, 2, 2], [2, 2, 2]),
    regression("constant truth, missed", [2, 2, 2], [2, 2, 3]),
]
labels = [
    {
        "name": name,
        "truth": [int(label) for label in t],
        "predicted": [int(label) for label in p],
        "balancedAccuracy": metrics.balanced_accuracy_score(t, p),
        "f1": metrics.f1_score(t, p, zero_division=0),
    }
    for name, t, p in [
        ("two labels", [0, 0, 1, 1, 1], [0, 1, 1, 1, 0]),
        ("never predicted", rare, np.zeros(120, dtype=int)),
        ("noisy", truth, (smooth > 0.5).astype(int)),
    ]
]
OUT.parent.mkdir(exist_ok=True)
OUT.write_text(
    json.dumps(
        {"ranking": ranks, "probability": probable, "calibration": bins, "regression": numbers, "labels": labels}
    )
    + "\n"
)
