"""Writes reference.json: what scikit-learn says of random data. `python3 reference.py > reference.json`."""

import json
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

warnings.simplefilter("ignore")
random = np.random.default_rng(23)


def scores(rows, classes, ties):
    if ties:
        # Sixteenths are exact, so that equal scores are equal bit by bit.
        return random.multinomial(16, np.ones(classes) / classes, rows) / 16
    return random.dirichlet(np.ones(classes), rows)


def classification(rows, classes, ties):
    truth = random.integers(0, classes, rows)
    truth[:classes] = np.arange(classes)
    found = scores(rows, classes, ties)
    answered = found.argmax(axis=1)
    every = np.arange(classes)
    two = classes == 2
    figures = {
        "accuracy": m.accuracy_score(truth, answered),
        "log_loss": m.log_loss(truth, found, labels=every),
        "roc_auc": m.roc_auc_score(truth, found[:, 1] if two else found, multi_class="ovr", labels=every),
    }
    for average in ["macro", "micro"]:
        for name, figure in [("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score)]:
            figures[f"{name}_{average}"] = figure(truth, answered, average=average, zero_division=0)
    if not ties and classes > 2:
        figures["top_k_accuracy"] = m.top_k_accuracy_score(truth, found, k=2, labels=every)
    confusion = m.confusion_matrix(truth, answered, labels=every)
    return {
        "classes": classes,
        "truth": truth.tolist(),
        "scores": found.ravel().tolist(),
        "figures": figures,
        "confusion": confusion.tolist(),
    }


def regression(rows, columns, scale):
    expected = random.normal(size=(rows, columns)) * scale + scale
    answered = expected + random.normal(size=(rows, columns)) * scale / 3
    figures = {
        "mae": m.mean_absolute_error(expected, answered),
        "mse": m.mean_squared_error(expected, answered),
        "rmse": m.root_mean_squared_error(expected, answered),
        "r2": m.r2_score(expected, answered),
        "mape": m.mean_absolute_percentage_error(expected, answered),
        "max_abs_difference": np.abs(expected - answered).max(),
        "within_tolerance": np.isclose(answered, expected, rtol=0.1, atol=0.01).mean(),
        "cosine_similarity": m.pairwise.cosine_similarity(expected, answered).diagonal().mean(),
    }
    return {
        "columns": columns,
        "expected": expected.ravel().tolist(),
        "answered": answered.ravel().tolist(),
        "figures": {name: float(value) for name, value in figures.items()},
    }


shapes = [(2, 2), (7, 2), (40, 2), (3, 3), (25, 5), (60, 9)]
print(
    json.dumps(
        {
            "sklearn": sklearn.__version__,
            "classification": [classification(r, c, ties) for r, c in shapes for ties in [False, True]],
            "regression": [regression(r, c, s) for r, c in [(2, 1), (30, 1), (12, 4)] for s in [1.0, 1e-3, 1e6]],
        }
    )
)
