"""Writes test/fixtures/tabular/xgboost.json, and models beside it in xgboost/: what XGBoost's Python package makes of the same rows.

Made with Python 3.11, xgboost-cpu 3.2.0, pandas 3.1.1, numpy 2.4.6:

    python test/python/make_xgboost.py
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "tabular"
PLANS = ["basic", "family", "plus", "student", "trial"]
TRAIN = 160

random = np.random.default_rng(42)
rows = 240
age = random.uniform(18, 80, rows).round(1)
income = np.where(random.random(rows) < 0.15, np.nan, random.normal(40, 12, rows).round(2))
plan = np.where(random.random(rows) < 0.1, -1, random.integers(0, len(PLANS), rows))
calls = random.poisson(3, rows)
score = 0.05 * (age - 45) + np.where(plan == 2, 1.5, 0) - np.where(plan == 4, 1, 0) + 0.02 * np.nan_to_num(income - 40) + 0.3 * (calls - 3)
left = (score + random.logistic(0, 0.7, rows) > 0).astype(int)
kind = np.digitize(score + random.normal(0, 0.5, rows), [-0.8, 0.8])
spend = (20 + 5 * score + random.normal(0, 2, rows)).round(2)
weights = random.uniform(0.2, 2, rows).round(2)

table = pd.DataFrame({"age": age, "income": income, "plan": pd.Categorical.from_codes(plan, PLANS), "calls": calls.astype(float)})


def matrix(start, end, labels, weight=None):
    part = None if weight is None else weight[start:end]
    return xgboost.DMatrix(table.iloc[start:end], label=labels[start:end], weight=part, enable_categorical=True)


def case(name, target, labels, options, *, objective, rounds=20, weight=None, early=None, custom=None, classes=None):
    """`options` are XGBoost's parameters; the test has the same in camelCase."""
    train, rest = matrix(0, TRAIN, labels, weight), matrix(TRAIN, rows, labels)
    parameters = {"objective": objective, "seed": 42, "nthread": 2, **options}
    if classes is not None:
        parameters["num_class"] = classes
    history = {}
    booster = xgboost.train(
        parameters,
        train,
        rounds,
        evals=[(train, "train"), (rest, "validation")],
        evals_result=history,
        early_stopping_rounds=early,
        obj=custom,
        verbose_eval=False,
    )
    used = (0, booster.best_iteration + 1) if early else (0, 0)
    return booster, {
        "name": name,
        "target": target,
        "weighted": weight is not None,
        "rounds": rounds,
        "predictions": booster.predict(rest, iteration_range=used).tolist(),
        "contributions": booster.predict(rest, pred_contribs=True, iteration_range=used)[:5].tolist(),
        "history": history,
        "bestRound": booster.best_iteration if early else None,
        "importances": {kind: booster.get_score(importance_type=kind) for kind in ["gain", "weight", "cover", "total_gain"]},
    }


def log_loss_by_hand(margin, train):
    p = 1 / (1 + np.exp(-margin))
    return p - train.get_label(), p * (1 - p)


binary, binary_case = case("two classes", "left", left, {"max_depth": 3, "learning_rate": 0.2}, objective="binary:logistic")
cases = [
    binary_case,
    case("three classes", "kind", kind, {"max_depth": 2}, objective="multi:softprob", rounds=8, classes=3)[1],
    case("regression with weights", "spend", spend, {"max_depth": 4, "reg_lambda": 2, "gamma": 0.1}, objective="reg:squarederror", weight=weights)[1],
    case("categories split set from set", "spend", spend, {"max_depth": 3, "max_cat_to_onehot": 1, "min_child_weight": 4}, objective="reg:squarederror")[1],
    case("monotone", "spend", spend, {"monotone_constraints": {"age": 1, "income": -1}}, objective="reg:squarederror")[1],
    case("early stopping", "left", left, {"eval_metric": ["auc", "logloss"]}, objective="binary:logistic", rounds=100, early=5)[1],
    case("custom objective", "left", left, {"max_depth": 3}, objective="binary:logistic", custom=log_loss_by_hand)[1],
    case("quantile", "spend", spend, {"quantile_alpha": 0.9, "max_depth": 3}, objective="reg:quantileerror")[1],
    case("rows and columns drawn", "spend", spend, {"subsample": 0.7, "colsample_bytree": 0.5}, objective="reg:squarederror")[1],
]

# Files of Python's, with names and categories, without names, and with codes of categories alone.
folder = OUT / "xgboost"
folder.mkdir(parents=True, exist_ok=True)
files = []
numbers = np.c_[plan.astype(float), age, income]
numbers[plan < 0, 0] = np.nan


def keep(name, booster, rest):
    booster.save_model(folder / name)
    files.append({"file": name, "predictions": booster.predict(rest).tolist()})


small = {"max_depth": 2, "max_cat_to_onehot": 1, "nthread": 2}
named = xgboost.train({"objective": "binary:logistic", **small}, matrix(0, TRAIN, left), 4)
keep("with-categories.json", named, matrix(TRAIN, rows, left))
keep("with-categories.ubj", named, matrix(TRAIN, rows, left))
plain = xgboost.DMatrix(numbers[:TRAIN, 1:], label=kind[:TRAIN])
bare = xgboost.train({"objective": "multi:softmax", "num_class": 3, **small}, plain, 2)
bare_rest = xgboost.DMatrix(numbers[TRAIN:, 1:])
bare.save_model(folder / "without-names.json")
files.append({"file": "without-names.json", "predictions": bare.predict(bare_rest).tolist()})
codes = ["c", "q", "q"]
coded = xgboost.DMatrix(numbers[:TRAIN], label=spend[:TRAIN], feature_types=codes, enable_categorical=True)
booster = xgboost.train(small, coded, 3)
keep("with-codes.json", booster, xgboost.DMatrix(numbers[TRAIN:], feature_types=codes, enable_categorical=True))
frame = table[["age", "income", "calls"]]
stopped = xgboost.XGBClassifier(n_estimators=60, max_depth=3, early_stopping_rounds=3, n_jobs=2)
stopped.fit(frame[:TRAIN], left[:TRAIN], eval_set=[(frame[TRAIN:], left[TRAIN:])], verbose=False)
stopped.save_model(folder / "stopped-early.json")
files.append({"file": "stopped-early.json", "predictions": stopped.predict_proba(frame[TRAIN:])[:, 1].tolist(), "bestRound": stopped.best_iteration})

fixture = {
    "columns": {
        "age": age.tolist(),
        "income": [None if np.isnan(value) else value for value in income.tolist()],
        "plan": [None if code < 0 else PLANS[code] for code in plan.tolist()],
        "calls": calls.tolist(),
        "left": ["no" if value == 0 else "yes" for value in left.tolist()],
        "kind": [["a", "b", "c"][value] for value in kind.tolist()],
        "spend": spend.tolist(),
    },
    "weights": weights.tolist(),
    "trainRows": TRAIN,
    "cases": cases,
    "files": files,
}
(OUT / "xgboost.json").write_text(json.dumps(fixture) + "\n")
