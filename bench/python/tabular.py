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


class Encoding:
    """Numbers standardised, a missing one the mean with a column that says so; categories as codes from 1, a missing one 0."""

    def __init__(self, rows: dict):
        numbers = [np.array(c["values"], dtype=float) for c in rows["columns"] if c["kind"] == "numeric"]
        self.scales = [(np.nanmean(x), np.nanstd(x) or 1.0, bool(np.isnan(x).any())) for x in numbers]
        self.counts = [len(c["categories"]) + 1 for c in rows["columns"] if c["kind"] == "categorical"]

    def numbers(self, rows: dict) -> np.ndarray:
        values = [np.array(c["values"], dtype=float) for c in rows["columns"] if c["kind"] == "numeric"]
        columns = []
        for x, (mean, deviation, indicator) in zip(values, self.scales):
            columns.append(np.nan_to_num((x - mean) / deviation))
            if indicator:
                columns.append(np.isnan(x).astype(float))
        return np.column_stack(columns).astype(np.float32)

    def codes(self, rows: dict) -> np.ndarray:
        return np.column_stack([c["codes"] for c in rows["columns"] if c["kind"] == "categorical"]).astype(np.int64) + 1


class Mlp:
    """The network of src/tabular/networks/mlp-network.ts and its training, in PyTorch."""

    def __init__(self, settings: dict, data: dict, threads: int, seed: int):
        import torch

        torch.set_num_threads(threads)
        self.torch = torch
        self.name = f"pytorch {torch.__version__.split('+')[0]}"
        self.settings, self.data, self.seed = settings, data, seed

    def network(self, encoding: Encoding, numbers: int):
        torch = self.torch
        nn = torch.nn
        widths = [min(50, round(1.6 * count**0.56)) for count in encoding.counts]
        hidden, rate = self.settings["hidden"], self.settings["dropout"]

        class Network(nn.Module):
            def __init__(self):
                super().__init__()
                self.embeddings = nn.ModuleList(nn.Embedding(*size) for size in zip(encoding.counts, widths))
                for embedding, width in zip(self.embeddings, widths):
                    nn.init.normal_(embedding.weight, std=width**-0.5)
                sizes = [numbers + sum(widths), *hidden]
                layers = [
                    layer
                    for before, after in zip(sizes, hidden)
                    for layer in (nn.Linear(before, after), nn.ReLU(), nn.Dropout(rate))
                ]
                self.layers = nn.Sequential(*layers, nn.Linear(sizes[-1], 2))

            def forward(self, x, codes):
                vectors = [embedding(codes[:, i]) for i, embedding in enumerate(self.embeddings)]
                return self.layers(torch.cat([x, *vectors], dim=1))

        return Network()

    def fit(self):
        torch, settings = self.torch, self.settings
        torch.manual_seed(self.seed)
        rows = self.data["train"]
        encoding = Encoding(rows)
        x, codes = torch.from_numpy(encoding.numbers(rows)), torch.from_numpy(encoding.codes(rows))
        y = torch.tensor(rows["labels"])
        network = self.network(encoding, x.shape[1])
        named = list(network.parameters())
        groups = [
            {"params": [p for p in named if p.dim() > 1], "weight_decay": settings["weightDecay"]},
            {"params": [p for p in named if p.dim() <= 1], "weight_decay": 0.0},
        ]
        optimizer = torch.optim.AdamW(groups, lr=settings["learningRate"])
        # Batches share the rows out evenly, as ours.
        batch = len(y) // -(-len(y) // settings["batchSize"])
        steps = len(y) // batch
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings["epochs"] * steps)
        network.train()
        for _ in range(settings["epochs"]):
            order = torch.randperm(len(y))
            for step in range(steps):
                picked = order[step * batch : (step + 1) * batch]
                loss = torch.nn.functional.cross_entropy(network(x[picked], codes[picked]), y[picked])
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(named, settings["maxGradNorm"])
                optimizer.step()
                schedule.step()
        network.eval()
        return encoding, network

    def predict(self, model) -> np.ndarray:
        torch = self.torch
        encoding, network = model
        rows = self.data["test"]
        with torch.no_grad():
            x, codes = torch.from_numpy(encoding.numbers(rows)), torch.from_numpy(encoding.codes(rows))
            return torch.softmax(network(x, codes), dim=1)[:, 1].double().numpy()


class TabNet:
    """pytorch-tabnet on the same numbers and codes, in the order of the columns."""

    def __init__(self, settings: dict, data: dict, threads: int, seed: int):
        import importlib.metadata

        import torch
        from pytorch_tabnet.tab_model import TabNetClassifier

        torch.set_num_threads(threads)
        self.classifier = TabNetClassifier
        self.name = f"pytorch-tabnet {importlib.metadata.version('pytorch-tabnet')}"
        self.settings, self.data, self.seed = settings, data, seed

    def inputs(self, encoding: Encoding, rows: dict) -> np.ndarray:
        parts = {"numeric": iter(encoding.numbers(rows).T), "categorical": iter(encoding.codes(rows).T)}
        return np.column_stack([next(parts[column["kind"]]) for column in rows["columns"]]).astype(np.float32)

    def fit(self):
        settings, rows = self.settings, self.data["train"]
        encoding = Encoding(rows)
        x, y = self.inputs(encoding, rows), np.array(rows["labels"])
        model = self.classifier(
            n_d=settings["nD"],
            n_a=settings["nA"],
            n_steps=settings["nSteps"],
            cat_idxs=[i for i, column in enumerate(rows["columns"]) if column["kind"] == "categorical"],
            cat_dims=encoding.counts,
            cat_emb_dim=settings["embeddingDimension"],
            optimizer_params={"lr": settings["learningRate"]},
            seed=self.seed,
            verbose=0,
            device_name="cpu",
        )
        # Batches share the rows out evenly, as ours, in multiples of the virtual batch.
        virtual = settings["virtualBatchSize"]
        batch = len(y) // -(-len(y) // settings["batchSize"]) // virtual * virtual
        model.fit(
            x,
            y,
            max_epochs=settings["epochs"],
            batch_size=batch,
            virtual_batch_size=virtual,
            drop_last=True,
            compute_importance=False,
        )
        return encoding, model

    def predict(self, fitted) -> np.ndarray:
        encoding, model = fitted
        return model.predict_proba(self.inputs(encoding, self.data["test"]))[:, 1].astype(float)


CASES = {"xgboost": XGBoost, "ordered-boosting": CatBoost, "mlp": Mlp, "tabnet": TabNet}


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
