"""XGBoost here and there: trees grown through model-types are Python's, and each opens the other's files."""

import numpy as np
import pandas as pd
import pytest
import xgboost
from conftest import run_ours

TOLERANCE = 1e-6
COLOURS = ["blue", "green", "red", "white", "yellow"]
# Ours and Python's words for the same.
OPTIONS = {"maxDepth": 4, "learningRate": 0.2, "maxCatToOnehot": 2, "lambda": 0.5, "numThreads": 2}
PARAMETERS = {"max_depth": 4, "learning_rate": 0.2, "max_cat_to_onehot": 2, "reg_lambda": 0.5, "nthread": 2, "seed": 42}
ROUNDS = 15
OBJECTIVES = {"yes": {"objective": "binary:logistic"}, "kind": {"objective": "multi:softprob", "num_class": 3}, "amount": {"objective": "reg:squarederror"}}


@pytest.fixture(scope="module")
def rows():
    random = np.random.default_rng(7)
    count = 400
    frame = pd.DataFrame(
        {
            "size": np.where(random.random(count) < 0.2, np.nan, random.normal(0, 3, count)),
            "colour": pd.Categorical.from_codes(np.where(random.random(count) < 0.1, -1, random.integers(0, 5, count)), COLOURS),
            "weight": random.gamma(2, 1.5, count),
        }
    )
    score = frame["size"].fillna(1) + 2 * (frame["colour"] == "red") - frame["weight"] + random.normal(0, 1, count)
    targets = {"yes": (score > -1).astype(int), "kind": pd.Series(np.digitize(score, [-3, 0])), "amount": score}
    return frame, targets


def request(frame, labels=None, **more):
    columns = {
        name: [None if pd.isna(value) else value for value in frame[name]] for name in frame.columns
    }
    if labels is not None:
        columns["label"] = labels.tolist()
    return {"columns": columns, "categories": {"colour": list(frame["colour"].cat.categories)}, **more}


def python_predictions(booster, matrix):
    """As ours gives them: a number a class, or one of a regression."""
    predictions = booster.predict(matrix)
    if predictions.ndim == 2:
        return predictions
    objective = booster.save_config()
    return np.c_[1 - predictions, predictions] if '"binary:logistic"' in objective else predictions[:, None]


def check(ours, booster, matrix):
    np.testing.assert_allclose(ours["predictions"], python_predictions(booster, matrix), rtol=0, atol=TOLERANCE)
    contributions = booster.predict(matrix, pred_contribs=True)
    if contributions.ndim == 3:
        contributions = contributions[:, 1]
    np.testing.assert_allclose(ours["contributions"], contributions, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("target", ["yes", "kind", "amount"])
def test_the_same_trees_and_python_opens_our_file(rows, tmp_path, target):
    frame, targets = rows
    task = "regression" if target == "amount" else "classification"
    path = tmp_path / "ours.json"
    ours = run_ours(
        "xgboost.mjs",
        request=request(frame, targets[target], target="label", task=task, options={**OPTIONS, "rounds": ROUNDS}, saveTo=str(path)),
    )
    matrix = xgboost.DMatrix(frame, label=targets[target], enable_categorical=True, nthread=2)
    theirs = xgboost.train({**PARAMETERS, **OBJECTIVES[target]}, matrix, ROUNDS)
    check(ours, theirs, matrix)

    opened = xgboost.Booster(model_file=path)
    assert opened.feature_names == list(frame.columns)
    assert opened.feature_types == ["float", "c", "float"]
    assert opened.num_boosted_rounds() == ROUNDS
    check(ours, opened, matrix)
    # Categories are known by name in Python too: counted in another order they mean the same.
    other = frame.assign(colour=frame["colour"].cat.reorder_categories(COLOURS[::-1]))
    check(ours, opened, xgboost.DMatrix(other, enable_categorical=True))


@pytest.mark.parametrize("target", ["yes", "kind", "amount"])
@pytest.mark.parametrize("ending", ["json", "ubj"])
def test_we_open_pythons_file(rows, tmp_path, target, ending):
    frame, targets = rows
    matrix = xgboost.DMatrix(frame, label=targets[target], enable_categorical=True)
    theirs = xgboost.train({**PARAMETERS, **OBJECTIVES[target]}, matrix, ROUNDS)
    path = tmp_path / f"theirs.{ending}"
    theirs.save_model(path)
    check(run_ours("xgboost.mjs", request=request(frame, load=str(path))), theirs, matrix)


def test_the_classifier_of_scikit_learn_opens_our_file(rows, tmp_path):
    frame, targets = rows
    path = tmp_path / "ours.json"
    ours = run_ours(
        "xgboost.mjs",
        request=request(frame, targets["yes"], target="label", task="classification", options={"rounds": 5}, saveTo=str(path)),
    )
    classifier = xgboost.XGBClassifier()
    classifier.load_model(path)
    np.testing.assert_allclose(ours["predictions"], classifier.predict_proba(frame), rtol=0, atol=TOLERANCE)
