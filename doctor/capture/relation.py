"""Whether labels have anything to do with their inputs, by two cheap guessers that need no training.

Each is scored on rows that it has not seen:

- *neighbours*: a row is given the label of the rows that lie nearest to it;
- *line*: a row is given the label of the nearest class mean, or the value of a ridge regression.

On labels that were shuffled apart from their inputs both do as well as chance. The score is how
many standard errors above chance the better one lies. It speaks only against a relation that is
local or linear: there are tasks (parity, order in a sequence) that show neither.
"""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np

#: Kinds of rows that are few.
MAX_KINDS = 32
#: Rows that are compared with each other, and columns that distances are taken over.
MAX_ROWS = 900
MAX_COLUMNS = 512
#: Classes that are told apart; rows of the others are left out.
MAX_CLASSES = 50
#: Fewer rows tell too little.
MIN_ROWS = 60
#: Neighbours that are asked.
NEIGHBOURS = 5
#: Columns of labels that are values, and how many of them are asked for.
MAX_TARGETS, TARGETS_ASKED = 64, 3
#: Token numbers are counted in so many buckets.
BUCKETS = 512


def relation(inputs: Sequence[np.ndarray], labels: np.ndarray, values: bool = False) -> dict[str, Any] | None:
    """How far labels can be guessed from inputs.

    Args:
        inputs: arrays with one row for each example.
        labels: class numbers, one-hot rows or values, shape (rows,), (rows, 1) or (rows, classes).
        values: whole numbers are values too, such as counts.

    Returns:
        {"kind": "classes" or "values", "rows", "classes", "copies", "score", "chance", "deviations"}:
        columns of the only table that tell the label by themselves, one value for each label; the
        better guesser's accuracy (or correlation) on rows it has not seen, what chance gives, and
        by how many standard errors they differ; None where it cannot be told.
    """
    if labels.ndim == 2 and 1 < labels.shape[1] <= MAX_TARGETS and class_numbers(labels) is None:
        return _of_several(inputs, labels, values)
    answers = _answers(labels, values)
    if answers is None or not len(inputs) or any(len(one) != len(labels) for one in inputs):
        return None
    classes = answers.dtype.kind == "i"
    rows = _chosen(answers, classes)
    if len(rows) < MIN_ROWS:
        return None
    answers = answers[rows]
    tables = scaled_tables([one[rows] for one in inputs])
    if not tables:
        return None  # nothing varies
    kinds = len(np.unique(answers)) if classes else 0
    if classes and kinds < 2 or not classes and float(np.std(answers)) == 0:
        return None
    copies = _copies([one[rows] for one in inputs], answers, classes)
    best: dict[str, Any] | None = None
    for table in tables:
        guesses = _by_class(table, answers) if classes else _by_value(table, answers)
        for guess in (*guesses, *_by_kind(table, answers)):
            if best is None or guess["deviations"] > best["deviations"]:
                best = guess
    if best is None:
        return None
    kind = "classes" if classes else "values"
    return {"kind": kind, "rows": len(rows), "classes": kinds or None, "copies": copies, **best}


def _of_several(inputs: Sequence[np.ndarray], labels: np.ndarray, values: bool) -> dict[str, Any] | None:
    """The relation of the column of the labels that is guessed best, of a few evenly spaced ones."""
    columns = np.unique(np.linspace(0, labels.shape[1] - 1, TARGETS_ASKED).astype(int))
    found = [one for column in columns if (one := relation(inputs, labels[:, column], values)) is not None]
    # What is to be rebuilt is among the inputs by right.
    return {**max(found, key=lambda one: float(one["deviations"])), "copies": []} if found else None


def class_numbers(labels: np.ndarray) -> np.ndarray | None:
    """Labels as class numbers, shape (rows,); None where they are values, or several to a row."""
    answers = _answers(labels, False)
    return answers if answers is not None and answers.dtype.kind == "i" else None


def _answers(labels: np.ndarray, counts: bool) -> np.ndarray | None:
    """Class numbers as integers or values as floats, shape (rows,)."""
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.dtype.kind not in "fiub":
        return None
    if labels.ndim == 2:
        sums = labels.sum(axis=1)
        if np.allclose(sums, 1) and labels.min() >= 0 and labels.max() <= 1:
            numbers: np.ndarray = labels.argmax(axis=1)  # one-hot, or smoothed
            return numbers
        return None
    if labels.ndim != 1:
        return None
    with np.errstate(all="ignore"):
        values = labels.astype(np.float64)
        if not np.isfinite(values).all():
            return None
    whole = np.array_equal(values, np.rint(values))
    if whole and not counts and len(np.unique(values)) <= MAX_CLASSES:
        return values.astype(np.int64)
    return values


def _chosen(answers: np.ndarray, classes: bool) -> np.ndarray:
    """Rows to compare: as many of each class where there are classes, else evenly spaced ones.

    Labels that were shuffled are as frequent as before: equal numbers make chance the same for all classes.
    """
    rng = np.random.default_rng(0)
    if not classes:
        return np.sort(rng.permutation(len(answers))[:MAX_ROWS])
    found = [np.flatnonzero(answers == value) for value in np.unique(answers)]
    # Classes that hardly occur would leave few rows for all.
    found = [one for one in found if len(one) >= 8]
    if len(found) < 2:
        return np.zeros(0, np.int64)
    each = min(MAX_ROWS // len(found), max(8, min(map(len, found))))
    return np.sort(np.concatenate([rng.permutation(one)[:each] for one in found]))


def _copies(inputs: list[np.ndarray], answers: np.ndarray, classes: bool) -> list[int]:
    """Columns of a table of several that are the label under another scale or coding."""
    if len(inputs) != 1 or inputs[0].ndim != 2 or not 2 <= inputs[0].shape[1] <= MAX_COLUMNS:
        return []
    found = []
    with np.errstate(all="ignore"):
        for number, column in enumerate(inputs[0].astype(np.float64).T):
            if not np.isfinite(column).all() or column.min() == column.max():
                continue
            if classes:
                pairs = {*zip(column.tolist(), answers.tolist())}
                if len(pairs) == len(np.unique(column)) == len(np.unique(answers)):
                    found.append(number)
            elif abs(np.corrcoef(column, answers)[0, 1]) > 1 - 1e-9:
                found.append(number)
    return found


def scaled_tables(inputs: list[np.ndarray]) -> list[np.ndarray]:
    """The inputs as standardised columns; whole numbers also as counts of each, as of words."""
    parts, counts = [], []
    for one in inputs:
        flat = one.reshape(len(one), -1)
        if flat.dtype.kind not in "fiub" or flat.shape[1] == 0:
            return []
        step = -(-flat.shape[1] // MAX_COLUMNS)
        values = flat[:, ::step].astype(np.float64)
        values[~np.isfinite(values)] = 0.0
        parts.append(values)
        if flat.shape[1] >= 4 and flat.max() > 9 and np.array_equal(flat, np.rint(flat)) and flat.min() >= 0:
            counts.append(_counted(flat.astype(np.int64)))
    tables = [np.concatenate(parts, axis=1), *counts]
    return [scaled for table in tables if (scaled := _standardised(table)).shape[1]]


def _counted(tokens: np.ndarray) -> np.ndarray:
    table = np.zeros((len(tokens), BUCKETS))
    np.add.at(table, (np.arange(len(tokens))[:, None], tokens % BUCKETS), 1.0)
    return np.sqrt(table)


def _standardised(table: np.ndarray) -> np.ndarray:
    spread = table.std(axis=0)
    varying = spread > 1e-12 * np.maximum(np.abs(table).max(axis=0), 1e-300)
    scaled: np.ndarray = (table[:, varying] - table[:, varying].mean(axis=0)) / spread[varying]
    # A single far value must not decide all distances.
    bounded: np.ndarray = np.clip(scaled, -5.0, 5.0)
    return bounded


def _nearest(table: np.ndarray) -> np.ndarray:
    """Indices of the nearest other rows, shape (rows, NEIGHBOURS)."""
    square = (table**2).sum(axis=1)
    distance = square[:, None] + square[None, :] - 2 * table @ table.T
    np.fill_diagonal(distance, np.inf)
    # A copy of a row says what its label was, not what it would be.
    distance[distance < 1e-9 * max(float(square.mean()), 1e-300)] = np.inf
    nearest: np.ndarray = np.argpartition(distance, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    return nearest


def _by_class(table: np.ndarray, answers: np.ndarray) -> list[dict[str, float]]:
    kinds, answers = np.unique(answers, return_inverse=True)
    one_hot = np.eye(len(kinds))[answers]
    share = one_hot.mean(axis=0)
    # Votes count for more from a rare class, so that guessing is as good as chance for each.
    votes = one_hot[_nearest(table)].sum(axis=1) / share
    hits = [float((votes.argmax(axis=1) == answers).mean())]
    right = 0
    half = np.arange(len(answers)) % 2 == 0
    for known in (half, ~half):
        means = np.stack([table[known & (answers == kind)].mean(axis=0) for kind in range(len(kinds))
                          if (known & (answers == kind)).any()])  # fmt: skip
        names = [kind for kind in range(len(kinds)) if (known & (answers == kind)).any()]
        distance = (means**2).sum(axis=1)[None, :] - 2 * table[~known] @ means.T
        right += int((np.asarray(names)[distance.argmin(axis=1)] == answers[~known]).sum())
    hits.append(right / len(answers))
    chance = float((share**2).sum())
    error = float(np.sqrt(chance * (1 - chance) / len(answers)))
    return [{"score": hit, "chance": chance, "deviations": (hit - chance) / error} for hit in hits]


def _by_kind(table: np.ndarray, answers: np.ndarray) -> list[dict[str, float]]:
    """What equal rows say of each other's class, where there are a few kinds of rows only, as of a truth table."""
    _, kind = np.unique(table, axis=0, return_inverse=True)
    kinds, numbers = int(kind.max()) + 1, np.unique(answers, return_inverse=True)[1]
    if answers.dtype.kind != "i" or kinds > MAX_KINDS or 10 * kinds > len(table):
        return []
    counts = np.zeros((kinds, int(numbers.max()) + 1))
    np.add.at(counts, (kind.ravel(), numbers), 1.0)
    others = counts[kind.ravel()] - np.eye(counts.shape[1])[numbers]
    share = counts.sum(axis=0) / len(table)
    hit, chance = float((others.argmax(axis=1) == numbers).mean()), float((share**2).sum())
    return [{"score": hit, "chance": chance,
             "deviations": (hit - chance) / float(np.sqrt(chance * (1 - chance) / len(table)))}]  # fmt: skip


def _by_value(table: np.ndarray, answers: np.ndarray) -> list[dict[str, float]]:
    # Ranks: a few far values must not decide the correlation.
    ranks = answers.argsort().argsort().astype(np.float64)
    guesses = [ranks[_nearest(table)].mean(axis=1)]
    guess = np.zeros(len(ranks))
    half = np.arange(len(ranks)) % 2 == 0
    for known in (half, ~half):
        x, y = table[known], ranks[known] - ranks[known].mean()
        inner = x @ x.T
        weights = np.linalg.solve(inner + np.eye(len(x)) * (0.1 * np.trace(inner) / len(x) + 1e-9), y)
        guess[~known] = table[~known] @ (x.T @ weights)
    guesses.append(guess)
    found = []
    for one in guesses:
        score = float(np.corrcoef(one, ranks)[0, 1]) if one.std() > 0 else 0.0
        found.append({"score": score, "chance": 0.0, "deviations": score * float(np.sqrt(len(ranks)))})
    return found
