"""The reference of the suite tabular: xgboost, catboost, PyTorch and pytorch-tabnet, as their users call them."""

import json
import time
import warnings

import numpy as np
import pandas as pd
from answer import answer

warnings.filterwarnings("ignore")

PREDICTIONS = 3


def frame(rows: dict) -> pd.DataFrame:
    """A column of categories is pandas' own; a missing one is NaN."""
    return pd.DataFrame(
        {
            column["name"]: np.array(column["values"], dtype=float)
            if column["kind"] == "numeric"
            else pd.Categorical.from_codes(column["codes"], categories=column["categories"])
            for column in rows["columns"]
        }
    )


class XGBoost:
    def __init__(self, settings: dict, data: dict, threads: int, seed: int):
        import xgboost

        self.xgboost = xgboost
        self.name = f"xgboost {xgboost.__version__}"
        self.train, self.test = frame(data["train"]), frame(data["test"])
        self.labels = np.array(data["train"]["labels"])
        self.rounds = settings["rounds"]
        self.parameters = {
            "objective": "binary:logistic",
            "max_depth": settings["maxDepth"],
            "eta": settings["learningRate"],
            "nthread": threads,
            "seed": seed,
        }

    def fit(self):
        rows = self.xgboost.DMatrix(self.train, self.labels, enable_categorical=True, nthread=self.parameters["nthread"])
        return self.xgboost.train(self.parameters, rows, self.rounds)

    def predict(self, booster) -> np.ndarray:
        rows = self.xgboost.DMatrix(self.test, enable_categorical=True, nthread=self.parameters["nthread"])
        return booster.predict(rows)


class CatBoost:
    def __init__(self, settings: dict, data: dict, threads: int, seed: int):
        import catboost

        self.catboost = catboost
        self.name = f"catboost {catboost.__version__}"
        self.categories = [column["name"] for column in data["train"]["columns"] if column["kind"] == "categorical"]
        self.train, self.test = (self.texts(frame(data[part])) for part in ("train", "test"))
        self.labels = np.array(data["train"]["labels"])
        self.parameters = {
            "iterations": settings["rounds"],
            "depth": settings["depth"],
            "learning_rate": settings["learningRate"],
            "thread_count": threads,
            "random_seed": seed,
            "verbose": False,
            "allow_writing_files": False,
        }

    def texts(self, rows: pd.DataFrame) -> pd.DataFrame:
        """CatBoost takes a missing category as one more category, named by a text."""
        return rows.assign(**{name: rows[name].astype(object).fillna("missing").astype(str) for name in self.categories})

    def fit(self):
        model = self.catboost.CatBoostClassifier(**self.parameters)
        return model.fit(self.train, self.labels, cat_features=self.categories)

    def predict(self, model) -> np.ndarray:
        return model.predict_proba(self.test)[:, 1]


CASES = {"xgboost": XGBoost, "ordered-boosting": CatBoost}


def main() -> None:
    runner = None

    def respond(request: dict) -> dict:
        nonlocal runner
        if "case" in request:
            with open(request["data"]) as file:
                data = json.load(file)
            case = request["case"]
            runner = CASES[case["name"]](case["settings"], data, request["threads"], request["seed"])
            return {"name": runner.name}
        start = time.perf_counter()
        model = runner.fit()
        fit = 1000 * (time.perf_counter() - start)
        times = []
        for _ in range(PREDICTIONS):
            start = time.perf_counter()
            probabilities = runner.predict(model)
            times.append(1000 * (time.perf_counter() - start))
        return {"fitMilliseconds": fit, "predictMilliseconds": times, "probabilities": probabilities.tolist()}

    answer(respond)


main()
