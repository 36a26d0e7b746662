"""Labels and predictions of two passes over a dataset."""

from __future__ import annotations

import pytest

from doctor.reading.passes import labels_of_another_pass
from tests.reading.test_values import at, recorded

APART = """\
def report(net, data):
    truth = np.concatenate([y for _, y in data.as_numpy_iterator()])
    shares = net.predict(data)  # here
    guess = shares.argmax(axis=-1)
    print(accuracy_score(truth, guess))
"""
LOOP = """\
truth = []
for x, y in data:
    truth.append(y.numpy())
guess = model.predict(data)  # here
print(np.mean(np.concatenate(truth) == guess.argmax(1)))
"""
MAPPED = """\
truth = np.concatenate(list(data.map(lambda x, y: y)))
guess = model.predict(data)  # here
print(confusion_matrix(truth, guess))
"""
BY_HAND = """\
guess = np.concatenate([net(x).numpy() for x, y in data])  # here
truth = np.concatenate([y for x, y in data])
print((truth == guess).mean())
"""
ONE_PASS = """\
truth, guess = [], []
for x, y in data:
    truth.append(y)
    guess.append(model.predict(x))  # here
print(accuracy_score(truth, guess))
"""
SHOWN = """\
for x, y in data.take(1):
    show(x, y)
guess = model.predict(data)  # here
print(guess.mean())
"""
NEVER_BESIDE = """\
truth = np.concatenate([y for _, y in data])
print(np.bincount(truth))
guess = model.predict(data)  # here
print(np.bincount(guess))
"""
ANOTHER = """\
truth = np.concatenate([y for _, y in ordered])
guess = model.predict(data)  # here
print(accuracy_score(truth, guess))
"""
MAIN = """\
if __name__ == "__main__":
    truth = np.concatenate([y for _, y in data])
    print(np.bincount(truth))
    guess = model.predict(data)  # here
    np.save("shares.npy", np.histogram(guess)[0])
"""
MEANS = """\
truth = np.concatenate([y for _, y in data])
guess = model.predict(data)  # here
print(truth.mean(), guess.mean())
"""
ANEW = """\
truth = np.concatenate([y for _, y in data])
guess = model.predict(data)  # here
truth = np.concatenate([y for _, y in ordered])
guess = model.predict(ordered)
print(accuracy_score(truth, guess))
"""
RETURNED = """\
def both(model, data):
    guess = model.predict(data)  # here
    truth = [y for _, y in data]
    return truth, guess
"""
HELPED = """\
def truth(data):
    return np.concatenate([y.numpy() for _, y in data])
def guesses(data):
    shares = model.predict(data)  # here
    return shares.argmax(axis=1)
a = truth(held)
b = guesses(held)
print(confusion_matrix(a, b))
"""
HALF_HELPED = """\
def truth(data):
    found = []
    for _, y in data:
        found.append(y)
    return found
a = truth(held)
b = model.predict(held)  # here
print(accuracy_score(a, b))
"""
HELPED_ELSEWHERE = HELPED.replace("b = guesses(held)", "b = guesses(shuffled)")


@pytest.mark.parametrize(
    ("source", "line"),
    [(HELPED, 6), (HALF_HELPED, 6), (HELPED_ELSEWHERE, None),
     (APART, 2), (LOOP, 2), (MAPPED, 1), (BY_HAND, 2), (RETURNED, 3),
     (ONE_PASS, None), (SHOWN, None), (NEVER_BESIDE, None), (ANOTHER, None), (MAIN, None), (MEANS, None), (ANEW, None)],
)  # fmt: skip
def test_labels_of_another_pass(source: str, line: int | None) -> None:
    recording = recorded(source)
    found = labels_of_another_pass(recording, at(recording, "# here"))
    assert (found.line if found is not None else None) == line
