"""Reading of LETOR-style files: '<grade> qid:<id> 1:<v> 2:<v> ...'."""
import numpy as np
from sklearn.datasets import load_svmlight_file


def read_queries(path):
    X, grade, qid = load_svmlight_file(str(path), query_id=True)
    X = X.toarray()
    return [(X[qid == q], grade[qid == q].astype("float32")) for q in np.unique(qid)]


def per_query(queries):
    """Only differences within a query matter, so each feature is standardised inside its query."""
    out = []
    for X, g in queries:
        sd = X.std(0)
        out.append((((X - X.mean(0)) / np.where(sd > 0, sd, 1)).astype("float32"), g))
    return out


def ndcg(scores, grade, k=5):
    gain = lambda g: ((2.0 ** g - 1) / np.log2(np.arange(len(g)) + 2))[:k].sum()
    best = gain(np.sort(grade)[::-1])
    return gain(grade[np.argsort(-scores, kind="stable")]) / best if best > 0 else np.nan
