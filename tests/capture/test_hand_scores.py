"""Labels that a script compares predictions with in NumPy, found by following the predictions on paper.

PYTEST_DONT_REWRITE: a rewritten assert calls `locals()`, and where a script does so its variables are not looked at.
"""

from __future__ import annotations

from typing import Any, Callable

import numpy as np
import pytest

from doctor.capture import rowhash
from doctor.capture.hand_scores import MAX_TRIES
from tests.capture.answering import CHANCES, CLASSES, GUESSES, MEASURES, SCORES, VALUES, YES, Model, Weights, X


def share(guess: np.ndarray, truth: np.ndarray) -> float:
    """A helper of the script."""
    same = guess == truth
    return float(np.mean(same))


def plainly(model: Model, x: np.ndarray, y: np.ndarray) -> None:
    guess = np.argmax(model.predict(x), axis=1)
    print("accuracy", (guess == y).mean())


def at_once(model: Model, x: np.ndarray, y: np.ndarray) -> None:
    wrong = np.sum(model.predict(x).argmax(-1) != y) / len(y)
    print(f"{1 - wrong:.3f}")


def by_helper(model: Model, x: np.ndarray, y: np.ndarray) -> None:
    print(share(model.predict(x).argmax(axis=1), y))


def by_batches(model: Model, x: np.ndarray, y: np.ndarray) -> None:
    right = 0
    for start in range(0, len(x), 16):
        answer = model.predict(x[start : start + 16])
        right += (answer.argmax(axis=1) == y[start : start + 16]).sum()
    print(right / len(x))


def collected(model: Model, x: np.ndarray, y: np.ndarray) -> None:
    answers = []
    for start in range(0, len(x), 16):
        answers.append(model.predict(x[start : start + 16]))
    if len(answers) > 1:
        whole = np.concatenate(answers, axis=0)
        print(np.mean(np.argmax(whole, axis=1) == y))


class Trainer:
    """Keeps the data to itself."""

    def __init__(self, model: Model, x: np.ndarray, y: np.ndarray) -> None:
        self.model, self.data = model, {"x": x, "y": y}

    def classes(self, x: np.ndarray) -> np.ndarray:
        """Of rows."""
        answer = self.model.predict(x)
        return answer.argmax(axis=1)

    def score(self) -> float:
        """Of all."""
        return float((self.classes(self.data["x"]) == self.data["y"]).mean())


def as_object(model: Model, x: np.ndarray, y: np.ndarray) -> None:
    print(Trainer(model, x, y).score())


def one_hot(model: Model, x: np.ndarray, y: np.ndarray) -> None:
    truth = np.eye(4)[y]
    print(np.mean(model.predict(x).argmax(1) == truth.argmax(1)))


@pytest.mark.parametrize(
    ("evaluate", "labels"),
    [
        (plainly, "CLASSES"), (at_once, "CLASSES"), (by_helper, "CLASSES"), (by_batches, "y[start:start + 16]"),
        (collected, "CLASSES"), (as_object, "self.data['y']"), (one_hot, "truth.argmax(1)"),
    ],
)  # fmt: skip
def test_an_accuracy(evaluate: Callable[..., None], labels: str, capsys: Any) -> None:
    model = Model(SCORES)
    evaluate(model, X, CLASSES)
    assert "0.75" in capsys.readouterr().out
    (site,) = model.session.sites.values()
    assert model.session.found == [("accuracy", 0.75, 40, labels)]
    plain = None if evaluate is collected else 0.75
    assert (site.attributes["majority"], site.attributes["plain"], site.attributes["steps"]) == (0.25, plain, 7)
    assert site.attributes["broadcast"] is None and site.attributes["by_hand"] is True


def test_thresholds_and_all_pairs(capsys: Any) -> None:
    model = Model(CHANCES.astype("float32"))
    print(np.mean((model.predict(X) > 0.5).astype(int) == YES), np.mean((model.predict(X)[:, 0] > 0.9) == YES))
    first, second = model.session.sites.values()
    assert capsys.readouterr().out == "0.5 0.5\n"
    assert (first.attributes["value"], first.attributes["broadcast"]) == (0.75, [[40, 1], [40]])
    assert (second.attributes["value"], second.attributes["plain"]) == (0.5, 0.75)
    assert second.attributes["broadcast"] is None


def squared(guess: np.ndarray, truth: np.ndarray) -> Any:
    error = truth - guess
    return np.sqrt((error**2).mean())


def test_an_error() -> None:
    model = Model(GUESSES.astype("float32"))
    squared(model.predict(X).ravel(), VALUES)
    scale, shift = 2.0, 1.0
    guess = (model.predict(X).reshape(-1) - shift) / scale
    np.abs(guess * scale + shift - VALUES).mean()
    first, second = model.session.sites.values()
    assert model.session.found[0] == ("r2", 0.9, 40, "VALUES")
    assert model.session.found[1] == ("r2", 0.9, 40, "VALUES")
    assert first.attributes["variance"] == second.attributes["variance"] == pytest.approx(12500)
    assert first.attributes["majority"] is None


def test_several_uses_of_one_function_are_told_apart() -> None:
    model = Model(SCORES)

    def accuracy(x: np.ndarray, y: np.ndarray) -> Any:
        return (model.predict(x).argmax(1) == y).mean()

    print(accuracy(X[:10], CLASSES[:10]), accuracy(X[10:], CLASSES[10:]))
    assert model.session.found == [("accuracy", 0.8, 10, "CLASSES[:10]"), ("accuracy", 0.733, 30, "CLASSES[10:]")]
    first, second = (set(one.attributes["seen"]) for one in model.session.sites.values())
    sample = rowhash.sample([X])
    assert sample is not None and first | second == set(sample.inputs.tolist()) and not first & second


def test_another_step_begins_anew() -> None:
    model = Model(SCORES)
    for epoch in range(3):
        model.session.steps_done = 10 * epoch
        for start in (0, 20):
            guess = model.predict(X[start : start + 20]).argmax(1)
            assert (guess == CLASSES[start : start + 20]).mean() == 0.75
    (site,) = model.session.sites.values()
    assert (site.attributes["rows"], site.attributes["steps"], site.attributes["value"]) == (40, 20, 0.75)


UNRELATED: list[Callable[[Model], Any]] = [
    lambda model: model.predict(X),
    lambda model: (model.predict(X) > 0.5) == 1,
    lambda model: model.predict(X) - model.predict(X),
    lambda model: model.predict(X)[0] - X[0, 0],
    lambda model: model.predict(X).argmax(1) == CLASSES[:4, None],
]


@pytest.mark.parametrize("use", UNRELATED)
def test_what_meets_no_labels(use: Callable[[Model], Any]) -> None:
    model = Model(SCORES)
    use(model)
    assert model.session.sites == {}


def test_nothing_of_the_script_runs_again() -> None:
    calls = []

    def noisy(values: np.ndarray) -> np.ndarray:
        calls.append(len(values))
        return values

    model = Model(SCORES)
    guess = noisy(model.predict(X).argmax(1))
    assert (guess == noisy(CLASSES)).mean() == 0.75
    assert calls == [40, 40]


def test_a_place_where_nothing_meets_is_given_up() -> None:
    model = Model(SCORES)
    followed = []
    for number in range(MAX_TRIES + 2):
        before = model.watched._spent
        model.predict(X[:1])
        followed.append(model.watched._failed.copy())
        assert model.watched._spent > before
    assert list(followed[-1].values()) == [MAX_TRIES]


def forward(weights: Weights, x: np.ndarray) -> np.ndarray:
    hidden = np.maximum(weights.product(x), 0)
    return hidden * 1.0


def returned(weights: Weights, y: np.ndarray) -> None:
    classes = np.argmax(forward(weights, X), axis=1)
    print((classes == y).mean())


def flat(weights: Weights, y: np.ndarray) -> None:
    hidden = weights.product(X)
    answer = np.tanh(hidden) + 1
    print(np.mean(answer.argmax(axis=-1) == y))


def named(weights: Weights, y: np.ndarray) -> None:
    names = np.array([0, 1, 2, 3])
    print(np.sum(share(names[forward(weights, X).argmax(1)], y)))


class Layers(list[int]):
    """A list of the script's own kind, whose length is not asked."""


def layered(weights: Weights, y: np.ndarray) -> None:
    layers = Layers([1, 2])
    hidden = weights.product(X)
    for number in layers:
        if number < len(layers):
            hidden = np.maximum(hidden, 0)
    print(np.mean(hidden.argmax(axis=-1) == y))


class Head:
    """A part of a network that an object keeps."""

    def __call__(self, hidden: np.ndarray) -> np.ndarray:
        return hidden


class Parts:
    """A network of parts."""

    def __init__(self, weights: Weights) -> None:
        self.weights, self.head = weights, Head()

    def __call__(self, x: np.ndarray) -> np.ndarray:
        hidden = self.weights.product(x)
        return self.head(hidden)


def of_parts(weights: Weights, y: np.ndarray) -> None:
    network = Parts(weights)
    print(np.mean(np.argmax(network(X), axis=1) == y))


@pytest.mark.parametrize("evaluate", [returned, flat, named, layered, of_parts])
def test_answers_of_bare_variables(evaluate: Callable[..., None]) -> None:
    weights = Weights(SCORES)
    evaluate(weights, CLASSES)
    assert weights.session.found == [("accuracy", 0.75, 40, "CLASSES")]


def test_values_of_bare_variables() -> None:
    """What a function makes of the last product is not known, but that it keeps the order."""
    weights = Weights(np.log(MEASURES)[:, None].astype(np.float32))
    error = np.sqrt(np.mean((np.exp(forward(weights, X)[:, 0]) - MEASURES) ** 2))
    assert error > 0 and weights.session.found == [("r2", 1.0, 40, "MEASURES")]


def test_values_that_have_nothing_to_do_with_their_labels() -> None:
    weights = Weights(np.resize([0.0, 1.0, 0.5], (40, 1)).astype(np.float32))
    assert np.mean(np.abs(MEASURES - forward(weights, X)[:, 0])) > 0
    ((_, found, rows, text),) = weights.session.found
    assert (rows, text) == (40, "MEASURES") and 0 <= found < 0.1
