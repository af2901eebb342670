"""Writes test/fixtures/tabular/baselines.json: what scikit-learn's linear models, neighbours and trees learn and predict.

Made with Python 3.11, scikit-learn 1.9.1, NumPy 2.4.6:

    python test/python/make_baselines.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "tabular" / "baselines.json"
random = np.random.default_rng(5)


def rows(count, scales=(1.0, 30.0, 0.1, 5.0)):
    """Numbers that 32 bits hold exactly, as scikit-learn's trees read them, in columns of unlike units."""
    return np.round(random.normal(2, 1, (count, len(scales))) * np.array(scales) * 1024) / 1024


def columns(x):
    return [[None if np.isnan(value) else value for value in column] for column in x.T.tolist()]


def linear(name, x, y, ridge=0.0, weights=None):
    model = (Ridge(alpha=ridge, solver="svd") if ridge > 0 else LinearRegression()).fit(x, y, sample_weight=weights)
    return {
        "name": name,
        "columns": columns(x),
        "target": y.tolist(),
        "ridge": ridge,
        "weights": None if weights is None else weights.tolist(),
        "coefficients": model.coef_.tolist(),
        "intercept": float(model.intercept_),
        "predicted": model.predict(x).tolist(),
    }


def logistic(name, x, y, C, weights=None):
    model = LogisticRegression(C=C, solver="newton-cg", tol=1e-10, max_iter=10_000).fit(x, y, sample_weight=weights)
    return {
        "name": name,
        "columns": columns(x),
        "target": y.tolist(),
        "C": C,
        "weights": None if weights is None else weights.tolist(),
        "coefficients": model.coef_.tolist(),
        "intercepts": model.intercept_.tolist(),
        "probabilities": model.predict_proba(x).T.tolist(),
    }


def neighbors(name, x, y, new, k, weights, classify):
    kind = KNeighborsClassifier if classify else KNeighborsRegressor
    model = kind(n_neighbors=k, weights=weights, algorithm="brute").fit(x, y)
    return {
        "name": name,
        "columns": columns(x),
        "target": y.tolist(),
        "new": columns(new),
        "k": k,
        "weights": weights,
        "classify": classify,
        "predicted": model.predict(new).tolist(),
        "probabilities": model.predict_proba(new).T.tolist() if classify else None,
    }


def tree(name, x, y, new, classify, depth, leaf, weights=None):
    kind = DecisionTreeClassifier if classify else DecisionTreeRegressor
    # Of equally good questions scikit-learn asks one at random, and we the first: only trees without such a choice can be compared.
    seeds = [kind(max_depth=depth, min_samples_leaf=leaf, random_state=seed).fit(x, y, sample_weight=weights) for seed in range(8)]
    model = seeds[0]
    grown = model.tree_
    if any(other.tree_.feature.tolist() != grown.feature.tolist() for other in seeds):
        raise SystemExit(f"{name}: equally good questions; take other rows or larger leaves")
    return {
        "name": name,
        "columns": columns(x),
        "target": y.tolist(),
        "new": columns(new),
        "classify": classify,
        "maxDepth": depth,
        "minSamplesLeaf": leaf,
        "weights": None if weights is None else weights.tolist(),
        # Nodes in the order of a walk that goes left first.
        "features": grown.feature.tolist(),
        "thresholds": np.minimum(grown.threshold, np.finfo(float).max).tolist(),  # JSON knows no infinity
        "samples": grown.n_node_samples.tolist(),
        "impurities": grown.impurity.tolist(),
        "importances": model.feature_importances_.tolist(),
        "predicted": model.predict(new).tolist(),
        "probabilities": model.predict_proba(new).T.tolist() if classify else None,
    }


x = rows(80)
signal = x @ np.array([1.5, -0.05, 8.0, 0.0]) + 3
y = signal + random.normal(0, 1, 80)
twice = np.column_stack([x[:, 0], 2 * x[:, 0], x[:, 1]])
linears = [
    linear("least squares", x, y),
    linear("weighted", x, y, weights=random.integers(0, 4, 80).astype(float)),
    linear("ridge", x, y, ridge=2.5),
    linear("ridge, weighted", x, y, ridge=0.7, weights=random.random(80)),
    linear("a column that says what another says", twice, y),
    linear("more columns than rows", random.normal(0, 1, (5, 8)), random.normal(0, 1, 5)),
]

scaled = (x - x.mean(axis=0)) / x.std(axis=0)
two = (random.random(80) < 1 / (1 + np.exp(-(scaled @ np.array([2.0, -1.0, 0.5, 0.0]))))).astype(int)
three = np.argmax(scaled[:, :3] + random.normal(0, 1, (80, 3)), axis=1)
logistics = [
    logistic("two classes, C 1", scaled, two, 1.0),
    logistic("two classes, C 0.01", scaled, two, 0.01),
    logistic("two classes, columns of unlike units", x, two, 10.0),
    logistic("two classes, weighted", scaled, two, 1.0, random.integers(0, 3, 80).astype(float)),
    logistic("three classes", scaled, three, 1.0),
    logistic("three classes, columns of unlike units", x, three, 5.0),
]

new = np.vstack([scaled[:3], random.normal(0, 1, (20, 4))])  # three at the very place of a training row
near = [
    neighbors("5 of two classes", scaled, two, new, 5, "uniform", True),
    neighbors("4 of three classes, ties", scaled, three, new, 4, "uniform", True),
    neighbors("7 of three classes by distance", scaled, three, new, 7, "distance", True),
    neighbors("mean of 6", scaled, y, new, 6, "uniform", False),
    neighbors("mean of 6 by distance", scaled, y, new, 6, "distance", False),
]

many = rows(200)
away = rows(40)
labels = np.digitize(many[:, 0] + many[:, 1] / 30 * (many[:, 3] > 10) + random.normal(0, 0.5, 200), [2, 3.5])
values = np.round(np.sin(many[:, 0]) * 10 + many[:, 1] + random.normal(0, 3, 200), 3)
holes = many.copy()
holes[random.random(holes.shape) < 0.2] = np.nan
holes[labels == 2, 0] = np.where(random.random((labels == 2).sum()) < 0.6, np.nan, holes[labels == 2, 0])
away_holes = away.copy()
away_holes[random.random(away.shape) < 0.2] = np.nan
some = random.integers(1, 5, 200).astype(float)
trees = [
    tree("three classes", many, labels, away, True, 4, 25),
    tree("three classes, deep", many, labels, away, True, 8, 25),
    tree("two classes, weighted", many, (labels > 0).astype(int), away, True, 4, 8, some),
    tree("three classes, missing values", holes, labels, away_holes, True, 4, 25),
    tree("a number", many, values, away, False, 4, 5),
    tree("a number, weighted", many, values, away, False, 5, 3, some),
    tree("a number, missing values", holes, values, away_holes, False, 4, 5),
]
OUT.write_text(json.dumps({"linear": linears, "logistic": logistics, "neighbors": near, "tree": trees}) + "\n")
