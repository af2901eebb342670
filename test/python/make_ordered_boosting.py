"""Writes test/fixtures/tabular/ordered-boosting.json: what CatBoost learns, which our ordered boosting is held to.

Made with Python 3.11, catboost 1.2.10, numpy 2.4.6, pandas 3.1.1, scikit-learn 1.9.1:

    python test/python/make_ordered_boosting.py

"exact" are fits with nothing random in them (no bootstrap, no noise on scores, no ordered statistics): every question, leaf
value and raw output must be the same. "categories" is a table whose categorical columns CatBoost and we read through target
statistics, each in random orders of its own: scores can only agree on average.
"""

import json
import math
import tempfile
from pathlib import Path

import catboost
import numpy as np
import pandas as pd
from catboost import CatBoostClassifier, CatBoostRegressor, Pool
from catboost.utils import quantize
from sklearn.metrics import accuracy_score, log_loss

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "tabular" / "ordered-boosting.json"
random = np.random.default_rng(42)


def plain(values):
    """Numbers as JSON has them: NaN is null."""
    return [None if isinstance(value, float) and math.isnan(value) else value for value in np.asarray(values).tolist()]


def saved(model):
    """A model as CatBoost's JSON."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/model.json"
        model.save_model(path, format="json")
        return json.loads(Path(path).read_text())


# Values with one decimal lie exactly as far apart for float32 (CatBoost's) as for float64 (ours) to choose the same borders.
rows = 240
height = np.round(random.normal(0, 2, rows), 1)
count = random.integers(0, 20, rows).astype(float)
gap = np.where(random.random(rows) < 0.15, np.nan, np.round(random.normal(0, 1, rows), 1))
kind = random.choice(["a", "b", "c"], rows)
signal = 0.8 * height + 0.1 * count + 1.5 * np.nan_to_num(gap, nan=2.0) * (kind == "a") + random.normal(0, 1, rows)
frame = pd.DataFrame({"height": height, "count": count, "gap": gap, "kind": kind})
weights = np.round(random.uniform(0.2, 3, rows), 2)
targets = {
    "binary": (signal > 1).astype(int),
    "multiclass": np.digitize(signal, [-0.5, 2.5]),
    "regression": np.round(signal, 3),
}


def exact(name, task, weighted, **options):
    settings = dict(
        iterations=8,
        learning_rate=0.3,
        depth=3,
        random_strength=0,
        bootstrap_type="No",
        boost_from_average=task == "regression",
        one_hot_max_size=10,
        thread_count=1,
        verbose=0,
        allow_writing_files=False,
    )
    settings.update(options)
    if task == "multiclass":
        settings["loss_function"] = "MultiClass"
        del settings["boost_from_average"]
    model = (CatBoostRegressor if task == "regression" else CatBoostClassifier)(**settings)
    pool = Pool(frame, targets[task], cat_features=["kind"], weight=weights if weighted else None)
    model.fit(pool)
    raw = np.asarray(model.predict(pool, prediction_type="RawFormulaVal")).reshape(rows, -1)
    shap = np.asarray(model.get_feature_importance(pool, type="ShapValues"))
    parts = saved(model)
    first = parts["oblivious_trees"][0]
    return {
        "name": name,
        "task": task,
        "weighted": weighted,
        "options": {
            "rounds": settings["iterations"],
            "learningRate": settings["learning_rate"],
            "depth": settings["depth"],
            **({"scoreFunction": options["score_function"]} if "score_function" in options else {}),
            **({"l2LeafReg": options["l2_leaf_reg"]} if "l2_leaf_reg" in options else {}),
            **(
                {"leafEstimationIterations": options["leaf_estimation_iterations"]}
                if "leaf_estimation_iterations" in options
                else {}
            ),
        },
        "raw": raw.T.tolist(),
        "firstTree": {
            "borders": [split.get("border") for split in first["splits"]],
            "leafValues": first["leaf_values"],
        },
        "shap": shap[:10].tolist(),
        "importance": model.get_feature_importance(type="PredictionValuesChange", data=pool).tolist(),
    }


# Categories of very different sizes, and a target that depends on two of them together.
size = 2000
city = np.minimum(random.geometric(0.06, size), 60)
shop = random.integers(0, 12, size)
age = random.integers(18, 80, size)
effect = random.normal(0, 1.2, 61)
together = random.normal(0, 1, (61, 12))
odds = effect[city] + 0.8 * together[city, shop] + 0.03 * (age - 45)
bought = (random.random(size) < 1 / (1 + np.exp(-odds))).astype(int)
table = pd.DataFrame({"city": city.astype(str), "shop": shop.astype(str), "age": age})
half = size // 2


def on_categories():
    scores = []
    for seed in range(5):
        model = CatBoostClassifier(
            iterations=200, learning_rate=0.05, depth=4, random_seed=seed, verbose=0, allow_writing_files=False, thread_count=1
        )
        model.fit(table[:half], bought[:half], cat_features=["city", "shop"])
        p = model.predict_proba(table[half:])[:, 1]
        scores.append((log_loss(bought[half:], p), accuracy_score(bought[half:], p > 0.5)))
    losses, accuracies = zip(*scores)
    return {"logLoss": float(np.mean(losses)), "logLosses": losses, "accuracy": float(np.mean(accuracies))}


def borders(values, count):
    pool = Pool(pd.DataFrame({"x": values}))
    quantized = Pool(pd.DataFrame({"x": values}))
    quantized.quantize(border_count=count, feature_border_type="GreedyLogSum")
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/borders.tsv"
        quantized.save_quantization_borders(path)
        return [float(line.split("\t")[1]) for line in Path(path).read_text().splitlines()]


skewed = np.round(random.exponential(10, 500), 1)

OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(
    json.dumps(
        {
            "catboost": catboost.__version__,
            "exact": {
                "columns": {
                    "height": plain(height),
                    "count": plain(count),
                    "gap": plain(gap),
                    "kind": plain(kind),
                },
                "targets": {name: plain(values) for name, values in targets.items()},
                "weights": plain(weights),
                "fits": [
                    exact("one tree of two questions", "binary", False, iterations=1, depth=2),
                    exact("two classes", "binary", False),
                    exact("two classes, weighted", "binary", True),
                    exact(
                        "two classes, ten Newton steps a leaf",
                        "binary",
                        False,
                        leaf_estimation_iterations=10,
                        leaf_estimation_backtracking="No",  # ours never halves a step that has raised the loss
                    ),
                    exact("two classes, scored by L2", "binary", False, score_function="L2", l2_leaf_reg=1),
                    exact("three classes", "multiclass", False),
                    exact("three classes, weighted", "multiclass", True),
                    exact("a number", "regression", False),
                    exact("a number, weighted", "regression", True),
                ],
            },
            "borders": {
                "values": plain(skewed),
                "byCount": {str(count): borders(skewed, count) for count in (1, 2, 3, 5, 8, 13, 20, 50, 254)},
            },
            "categories": {
                "train": half,
                "city": plain(city),
                "shop": plain(shop),
                "age": plain(age),
                "bought": plain(bought),
                **on_categories(),
            },
        }
    )
    + "\n"
)
