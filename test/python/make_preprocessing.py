"""Writes test/fixtures/tabular/preprocessing.json: what scikit-learn's transformers make of small tables.

Made with Python 3.11, scikit-learn 1.9.1, NumPy 2.4.6:

    python test/python/make_preprocessing.py
"""

import json
import math
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import FeatureHasher
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler, TargetEncoder
from sklearn.utils import murmurhash3_32

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "tabular" / "preprocessing.json"
random = np.random.default_rng(42)


def listed(values):
    """Nested lists in which a missing value is null."""
    return [None if isinstance(v, float) and math.isnan(v) else v for v in np.asarray(values, dtype=object).tolist()]


def columns(matrix):
    return [listed(column) for column in np.asarray(matrix).T]


train = np.column_stack(
    [random.normal(40, 12, 30).round(1), random.lognormal(8, 1, 30), np.full(30, 0.1), random.integers(0, 3, 30) * 1e6]
)
train[[3, 11, 20], 0] = np.nan
train[[5, 6], 1] = np.nan
test = np.column_stack([random.normal(40, 30, 8), random.lognormal(8, 2, 8), np.full(8, 0.2), random.normal(0, 1e6, 8)])
test[[0, 4], [0, 1]] = np.nan
numbers = {
    "train": columns(train),
    "test": columns(test),
    "standardize": columns(StandardScaler().fit(train).transform(test)),
    "minMax": columns(MinMaxScaler().fit(train).transform(test)),
    "mean": columns(SimpleImputer(strategy="mean").fit(train).transform(test)),
    "median": columns(SimpleImputer(strategy="median").fit(train).transform(test)),
    "indicators": columns(SimpleImputer(add_indicator=True).fit(train).transform(test)),
}

cities = np.array(["Aarhus", "Bergen", "Cork", "Delft", "Évora", "Fes"], dtype=object)
city = cities[random.choice(6, 60, p=[0.4, 0.25, 0.15, 0.1, 0.06, 0.04])]
city[[7, 19, 33, 41]] = None
size = np.array(["S", "M", "L"], dtype=object)[random.integers(0, 3, 60)]
X = np.column_stack([city, size])
unseen = np.array([["Cork", "S"], ["Graz", "XL"], [None, "M"], ["Fes", "L"], ["Évora", None]], dtype=object)


complete = X[[name is not None for name in city]]


def one_hot(rows=X, **options):
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False, **options).fit(rows)
    return {"names": encoder.get_feature_names_out(["city", "size"]).tolist(), "values": columns(encoder.transform(unseen))}


frequent = SimpleImputer(strategy="most_frequent", missing_values=None).fit(X)
categories = {
    "train": columns(X),
    "test": columns(unseen),
    # scikit-learn counts a missing value as a category like any other; ours does not, so these are of complete rows.
    "complete": columns(complete),
    "mostFrequent": columns(frequent.transform(unseen)),
    "oneHot": one_hot(),
    "minCount": one_hot(complete, min_frequency=6),
    "maxCategories": one_hot(complete, max_categories=4),
    "both": one_hot(complete, min_frequency=3, max_categories=5),
}

effect = {name: i * 3.0 for i, name in enumerate(cities)}
value = np.array([effect.get(name, 7.0) for name in city]) + random.normal(0, 4, 60)
targets = {
    "regression": value,
    "binary": (value > 6).astype(int),
    "three": np.digitize(value, [3, 9]),
}
target_encodings = []
for name, target in targets.items():
    for smooth in ["auto", 0.0, 2.5]:
        encoder = TargetEncoder(smooth=smooth, target_type="auto", cv=5, random_state=42).fit(X, target)
        target_encodings.append(
            {
                "target": name,
                "smoothing": smooth,
                "truth": target.tolist(),
                "values": columns(encoder.transform(unseen)),
                "train": columns(encoder.transform(X)),
            }
        )

texts = ["", "a", "ab", "abc", "abcd", "Aarhus", "Évora", "東京", "🙂 smile", "x" * 101, *[f"id-{i}" for i in range(40)]]
hashing = {
    "texts": texts,
    "murmur3": [int(murmurhash3_32(text)) for text in texts],
    "murmur3Seed7": [int(murmurhash3_32(text, seed=7)) for text in texts],
    "cases": [
        {
            "buckets": buckets,
            "signed": signed,
            "rows": FeatureHasher(n_features=buckets, input_type="string", alternate_sign=signed)
            .transform([[text] for text in texts])
            .toarray()
            .tolist(),
        }
        for buckets in [1, 7, 16]
        for signed in [True, False]
    ],
}

OUT.parent.mkdir(exist_ok=True)
OUT.write_text(
    json.dumps({"numbers": numbers, "categories": categories, "targetEncodings": target_encodings, "hashing": hashing})
    + "\n"
)
