"""Following predictions is not seen by the script, and does not believe what it cannot know.

PYTEST_DONT_REWRITE: a rewritten assert calls `locals()`, and where a script does so its variables are not looked at.
"""

from __future__ import annotations

import gc
from typing import Any

import numpy as np

from tests.capture.answering import CHANCES, CLASSES, SCORES, YES, Model, X


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


def test_only_one_side_of_a_condition() -> None:
    model, turned = Model(SCORES), False
    guess = model.predict(X).argmax(1)
    right = (3 - guess == CLASSES) if turned else (guess == CLASSES)
    shares = [(guess == CLASSES[::-1]).mean() for CLASS in range(2)]
    assert right.mean() == 0.75 and len(shares) == 2
    assert model.session.found == [("accuracy", 0.75, 40, "CLASSES")]


def test_names_of_a_comprehension_are_its_own() -> None:
    model, labels = Model(SCORES), 3 - CLASSES
    guess = model.predict(X).argmax(1)
    shares = [(guess == labels).mean() for labels in (CLASSES, CLASSES)]
    assert shares == [0.75, 0.75] and labels[0] == 3 and model.session.found == []


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
