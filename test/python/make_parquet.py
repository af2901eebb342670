"""Writes test/fixtures/parquet: small files by pyarrow, in every compression and encoding we read, and what is in them.

Made with Python 3.11, pyarrow 26.0.1:

    python test/python/make_parquet.py
"""

import datetime
import decimal
import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parent.parent / "fixtures" / "parquet"
WORDS = "a film that warms the heart and bores mind dull bright 食物 naïve 🙂 plot of wit".split()


def words(count, seed, low=2, high=9):
    """Sentences, the same for the same seed; some occur twice, one is empty."""
    choose = random.Random(seed)
    return [" ".join(choose.choices(WORDS, k=choose.randint(low, high))) for _ in range(count)]


def ways():
    """One table of 250 rows in row groups of 100, in every way that writers pack it."""
    choose = random.Random(1)
    texts = words(250, 1)
    texts[3] = ""
    texts[17] = None
    table = pa.table(
        {
            "text": pa.array(texts, pa.string()),
            "label": pa.array([choose.randint(0, 1) for _ in texts], pa.int64()),
            "stars": pa.array([None if i % 7 == 0 else choose.randint(-5, 5) for i in range(250)], pa.int32()),
            "count": pa.array([i * 3 - 100 for i in range(250)], pa.int64()),
            "good": pa.array([i % 3 == 0 for i in range(250)], pa.bool_()),
            "score": pa.array([i / 8 for i in range(250)], pa.float64()),
            "nothing": pa.array([None] * 250, pa.string()),
        }
    )
    (HERE / "ways.json").write_text(json.dumps(table.to_pydict(), ensure_ascii=False) + "\n")
    delta = {"text": "DELTA_BYTE_ARRAY", "label": "DELTA_BINARY_PACKED", "stars": "DELTA_BINARY_PACKED",
             "count": "DELTA_BINARY_PACKED", "good": "RLE", "score": "BYTE_STREAM_SPLIT", "nothing": "DELTA_LENGTH_BYTE_ARRAY"}
    lengths = dict(delta, text="DELTA_LENGTH_BYTE_ARRAY", label="PLAIN")
    for name, options in {
        "none-v1": {"compression": "none"},
        "none-v2": {"compression": "none", "data_page_version": "2.0"},
        "plain-v1": {"compression": "none", "use_dictionary": False},
        "snappy-v1": {"compression": "snappy"},
        "snappy-v2": {"compression": "snappy", "data_page_version": "2.0"},
        "gzip-v1": {"compression": "gzip"},
        "zstd-v1": {"compression": "zstd"},
        "zstd-v2": {"compression": "zstd", "data_page_version": "2.0"},
        "brotli-v1": {"compression": "brotli"},
        "lz4-v1": {"compression": "lz4"},
        "delta-v1": {"compression": "snappy", "use_dictionary": False, "column_encoding": delta},
        "delta-v2": {"compression": "zstd", "use_dictionary": False, "column_encoding": delta, "data_page_version": "2.0"},
        "lengths-v2": {"compression": "gzip", "use_dictionary": False, "column_encoding": lengths, "data_page_version": "2.0"},
        "pages-v1": {"compression": "snappy", "data_page_size": 200, "write_batch_size": 10},
    }.items():
        pq.write_table(table, HERE / f"ways-{name}.parquet", row_group_size=100, **options)


def kinds():
    """Columns of every kind, of which we read the plain ones."""
    day = datetime.datetime(2024, 2, 3)
    table = pa.table(
        {
            "large_text": pa.array(["x", "\ufeffy", None], pa.large_string()),
            "category": pa.array(["b", "a", "b"]).dictionary_encode(),
            "big": pa.array([2**62, -(2**62), 5], pa.int64()),
            "unsigned": pa.array([2**64 - 1, 0, 7], pa.uint64()),
            "tiny": pa.array([-128, 127, None], pa.int8()),
            "unsigned_small": pa.array([2**32 - 1, 0, 1], pa.uint32()),
            "float": pa.array([0.5, None, -1.5], pa.float32()),
            "half": pa.array([0.5, 2.0, -1.5], pa.float16()),
            "list": pa.array([[1, 2], [], None], pa.list_(pa.int64())),
            "struct": pa.array([{"a": 1, "b": "x"}] * 3),
            "bytes": pa.array([b"\xff\x00", b"", None], pa.binary()),
            "time": pa.array([day, None, day], pa.timestamp("us")),
            "decimal": pa.array([decimal.Decimal("1.25")] * 3, pa.decimal128(30, 2)),
            "after": pa.array(["last", "of", "all"]),
        }
    )
    pq.write_table(table, HERE / "kinds.parquet", compression="snappy")
    bad = pa.Array.from_buffers(pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0\4\0\0\0"), pa.py_buffer(b"ok\xff\xfe")])
    pq.write_table(pa.table({"text": bad}), HERE / "not-utf-8.parquet")
    pq.write_table(table.slice(0, 0), HERE / "no-rows.parquet")


def data_set(name, columns, splits, names=None, group=50):
    """A data set as the hub keeps it: a file a split. `names` are written as `datasets` writes those of a ClassLabel."""
    features = {column: {"dtype": str(kind), "_type": "Value"} for column, kind in columns.items()}
    if names:
        features["label"] = {"names": names, "_type": "ClassLabel"}
    about = {"huggingface": json.dumps({"info": {"features": features}})} if names else {}
    schema = pa.schema([pa.field(column, kind) for column, kind in columns.items()], about)
    for split, rows in splits.items():
        table = pa.table({column: pa.array(values, kind) for (column, kind), values in zip(columns.items(), rows)}, schema)
        pq.write_table(table, HERE / name / f"{split}.parquet", row_group_size=group)
    content = {split: dict(zip(columns, rows)) for split, rows in splits.items()}
    (HERE / name / "rows.json").write_text(json.dumps(content, ensure_ascii=False) + "\n")


def data_sets():
    """Small data sets in the form of well-known ones."""
    for name in ("sst2", "ag_news", "imdb"):
        (HERE / name).mkdir(exist_ok=True)
    choose = random.Random(4)
    string, int64 = pa.string(), pa.int64()

    def rows(count, seed, labels, sort=False):
        picked = [choose.choice(labels) for _ in range(count)]
        return [f"{seed}.{i} {text}" for i, text in enumerate(words(count, seed))], sorted(picked) if sort else picked

    def glue(count, seed, labels):
        return [list(range(count)), *rows(count, seed, labels)]

    data_set("sst2", {"idx": pa.int32(), "sentence": string, "label": int64},
             {"train": glue(120, 10, [0, 1]), "validation": glue(30, 11, [0, 1]), "test": glue(20, 12, [-1])},
             ["negative", "positive"])
    data_set("ag_news", {"text": string, "label": int64}, {"train": rows(80, 20, [0, 1, 2, 3]), "test": rows(20, 21, [0, 1, 2, 3])})
    data_set("imdb", {"text": string, "label": int64},
             {"train": rows(60, 30, [0, 1], True), "test": rows(40, 31, [0, 1], True), "unsupervised": rows(30, 32, [-1])},
             ["neg", "pos"], group=10)


if __name__ == "__main__":
    HERE.mkdir(parents=True, exist_ok=True)
    ways()
    kinds()
    data_sets()
