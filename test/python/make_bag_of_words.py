"""Writes test/fixtures/bag-of-words.json: what scikit-learn's TfidfVectorizer and LogisticRegression say of made-up texts.

Made with Python 3.11, scikit-learn 1.9.1:

    python test/python/make_bag_of_words.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "bag-of-words.json"
WORDS = "good bad food Room café staff NOT never très 2024 don't it's a I price-less snow_man naïve ok".split()


def case(name, label_count, C, seed):
    random = np.random.default_rng(seed)
    leaning = random.dirichlet(np.full(len(WORDS), 0.4), size=label_count)

    def draw(rows):
        labels = np.arange(rows) % label_count
        texts = [" ".join(random.choice(WORDS, random.integers(2, 9), p=leaning[label])) + "!" for label in labels]
        return texts, labels

    texts, labels = draw(60)
    held, truth = draw(30)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2))
    model = LogisticRegression(C=C, tol=1e-10, max_iter=10_000)
    model.fit(vectorizer.fit_transform(texts), labels)
    probabilities = model.predict_proba(vectorizer.transform(held))
    # Ours has two weights a column with two labels, one the negative of the other; scikit-learn has their difference.
    weights = model.coef_ if label_count > 2 else np.vstack([-model.coef_, model.coef_]) / 2
    terms = vectorizer.get_feature_names_out()
    return {
        "name": name,
        "labelCount": label_count,
        "C": C,
        "train": [{"text": text, "label": int(label)} for text, label in zip(texts, labels)],
        "test": [{"text": text, "label": int(label)} for text, label in zip(held, truth)],
        "termCount": len(terms),
        "probabilities": np.round(probabilities, 8).tolist(),
        "strongest": [
            {"word": terms[row.argmax()], "weight": round(float(row.max()), 8)} for row in weights
        ],
    }


cases = [case("two labels", 2, 1, 1), case("two labels, C = 10", 2, 10, 2), case("five labels", 5, 1, 3)]
OUT.write_text(json.dumps(cases, ensure_ascii=False) + "\n")
