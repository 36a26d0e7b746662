"""Labels that a script compares predictions with in NumPy, found by following the predictions on paper.

PYTEST_DONT_REWRITE: a rewritten assert calls `locals()`, and where a script does so its variables are not looked at.
"""

from __future__ import annotations

import gc
import sys
from typing import Any, Callable

import numpy as np
import pytest

from doctor.capture import rowhash
from doctor.capture.hand_scores import MAX_TRIES, HandScores
from doctor.capture.locator import Locator
from doctor.types import Site

X = np.random.default_rng(0).normal(size=(40, 3)).astype("float32")
#: Four classes, of which the model says three right of four.
CLASSES = np.arange(40) % 4
SCORES = np.eye(4)[np.where(CLASSES == 3, 0, CLASSES)].astype("float32")
YES, CHANCES = (CLASSES > 1).astype("int64"), np.where(CLASSES == 3, 0.1, 0.8 * (CLASSES > 1))[:, None]
VALUES, GUESSES = CLASSES * 100.0, (CLASSES * 100.0 + 50 * (CLASSES % 2))[:, None]


class Session:
    """What is needed of a session."""

    def __init__(self) -> None:
        self.locator, self.steps_done, self.overhead = Locator(__file__), 7, 0.05
        self.sites: dict[str, Site] = {}
        self.recorder = self

    def describe(self, site: Site) -> None:
        """Keep it."""
        self.sites[site.key] = site

    def now(self) -> float:
        """Seconds."""
        return 100.0

    @property
    def found(self) -> list[tuple[str, float, int, str]]:
        """(name, value, rows, labels) of every score."""
        return [(one.name, round(one.attributes["value"], 3), one.attributes["rows"], one.attributes["labels"])
                for one in self.sites.values()]  # fmt: skip


class Model:
    """Answers what it was told to, and has that followed."""

    def __init__(self, answers: np.ndarray) -> None:
        self.answers, self.session = answers, Session()
        self.watched = HandScores(self.session, lambda: None)  # type: ignore[arg-type]

    def predict(self, x: np.ndarray) -> np.ndarray:
        """For rows of X."""
        places = [int(np.flatnonzero((X == row).all(axis=1))[0]) for row in x]
        answer = self.answers[places]
        self.watched.asked(sys._getframe(1), answer, x)
        self.watched.finish()
        return answer


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


class Weights:
    """A network of bare variables: `product` is where the script is seen to begin an answer."""

    def __init__(self, answers: np.ndarray) -> None:
        self.answers, self.session = answers, Session()
        self.watched = HandScores(self.session, lambda: None)  # type: ignore[arg-type]

    def product(self, x: np.ndarray) -> np.ndarray:
        """The first op; the whole answer comes later."""
        expected = self.watched.expected(sys._getframe(1))
        if expected is not None:
            self.watched.came(*expected, self.answers, x)
        self.watched.finish()
        return self.answers


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


@pytest.mark.parametrize("evaluate", [returned, flat, named])
def test_answers_of_bare_variables(evaluate: Callable[..., None]) -> None:
    weights = Weights(SCORES)
    evaluate(weights, CLASSES)
    assert weights.session.found == [("accuracy", 0.75, 40, "CLASSES")]


def test_values_of_bare_variables_are_not_scored() -> None:
    """What a function makes of the last product is not known."""
    weights = Weights(GUESSES)
    error = np.sqrt(np.mean((forward(weights, X)[:, 0] - VALUES) ** 2))
    assert error > 0 and weights.session.found == []


# What must not happen, or must not be believed.


class Touchy:
    """An object of the script whose every use is seen."""

    def __init__(self) -> None:
        self.used: list[str] = []

    def __len__(self) -> int:
        self.used.append("len")
        return 40

    def __eq__(self, other: object) -> bool:
        self.used.append("eq")
        return False

    def __getattr__(self, name: str) -> Any:
        self.__dict__["used"].append(name)
        raise AttributeError(name)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of forty rows."""
        self.used.append("shape")
        return (40,)


def test_arrays_are_not_written_into() -> None:
    model = Model(SCORES)
    guess = model.predict(X)
    np.multiply(guess, 10, out=guess)
    np.nan_to_num(guess, copy=False)
    assert guess.max() == 10 and (guess.argmax(1) == CLASSES).mean() == 0.75


def careless(model: Model) -> list[str]:
    """Uses objects whose every use is seen; returns what was seen."""
    touchy, numbers = Touchy(), iter(CLASSES.tolist())
    guess = model.predict(X).argmax(1)
    labels = np.array(list(numbers))
    print(len(touchy), guess == touchy, touchy.shape)
    assert (guess == labels).mean() == 0.75
    return touchy.used


def test_iterators_and_objects_are_left_alone() -> None:
    unwatched = Model(SCORES)
    unwatched.watched.asked = lambda *_: False  # type: ignore[method-assign]
    assert careless(Model(SCORES)) == careless(unwatched)


def test_only_branches_that_are_taken() -> None:
    model, labels, flip = Model(SCORES), CLASSES[:, None], False
    guess = model.predict(X).argmax(1)
    if flip:
        guess = 3 - guess
    if labels.ndim == 1:
        labels = labels[:, None]
    assert (guess[:, None] == labels).mean() == 0.75
    assert model.session.found == [("accuracy", 0.75, 40, "labels")]


def test_what_a_loop_leaves_behind_is_not_known() -> None:
    model, limit = Model(CHANCES.astype("float32")), 0.95
    guess = model.predict(X)[:, 0]
    for one in (0.9, 0.5):
        limit = one
    assert ((guess > limit) == YES).mean() == 0.75
    assert model.session.found == []


def test_parts_that_are_assigned_to_are_not_known() -> None:
    model = Model(CHANCES.astype("float32"))
    guess = model.predict(X)[:, 0].copy()
    guess[guess > 0.5] = 1
    guess[guess <= 0.5] = 0
    assert (guess == YES).mean() == 0.75 and model.session.found == []


def test_defaults_and_closures() -> None:
    limit = 0.5

    def above(answer: np.ndarray, truth: np.ndarray, slack: float = 0.0) -> Any:
        return ((answer[:, 0] > limit - slack) == truth).mean()

    model = Model(CHANCES.astype("float32"))
    above(model.predict(X), YES)
    assert model.session.found == [("accuracy", 0.75, 40, "YES")]


def test_nothing_is_kept() -> None:
    model = Model(SCORES)
    before = gc.get_referrers(CLASSES)
    gc.disable()
    try:
        assert (model.predict(X).argmax(1) == CLASSES).mean() == 0.75
        assert len(gc.get_referrers(CLASSES)) <= len(before)
    finally:
        gc.enable()


def test_a_long_chain_is_looked_at_once() -> None:
    """Twice for each of its calls would be a million times."""
    model, unknown = Model(SCORES), Touchy()
    guess = model.predict(X).argmax(1)
    if guess is None:
        unknown.a(1).b(1).c(1).d(1).e(1).f(1).g(1).h(1).i(1).j(1).k(1).l(1).m(1).n(1).o(1).p(1).q(1).r(1).s(1).t(1)
    assert (guess == CLASSES).mean() == 0.75 and len(model.session.found) == 1
