"""Data is followed into the user's own functions, and back to what they were given."""

from __future__ import annotations

from doctor.reading.chains import history, made_elsewhere, split_at
from doctor.types import Site
from tests.reading.test_values import at, recorded

METHODS = """\
class Preparation:
    def fit(self, table):
        self.mean = table.mean()
        return self

    def transform(self, table):
        block = table[self.columns]
        return np.hstack([block, self.encode(table)])  # transformed


def split(rows, share):
    order = rng.permutation(len(rows))
    return rows.loc[order[share:]], rows.loc[order[:share]]  # taken


def main():
    table = pd.read_csv("a.csv")
    train, held = split(table, 100)
    preparation = Preparation().fit(train)
    x, x_val = preparation.transform(train), preparation.transform(held)
    model.fit(x, y, validation_data=(x_val, y_val))
"""
GENERATOR = """\
def make():
    return np.stack([area, year], 1)


x = make()
train.fit(x, y)
"""


def steps(source: str, name: str, word: str) -> list[str]:
    recording = recorded(source)
    return [step.module.at(step.line).code for step in history(recording, name, at(recording, word))]


def test_methods_and_functions() -> None:
    """Through `transform` to its caller, through `split` by the place of the answer, to the file."""
    found = steps(METHODS, "x_val", "model.fit")
    assert found[0].endswith("# transformed") and found[-1].startswith("table = pd.read_csv")
    assert any(code.endswith("# taken") for code in found)


def test_names_of_other_functions_do_not_count() -> None:
    """`rows` of one function is not that of another; what a function does not set is the file's."""
    source = "rows = load()\ndef other():\n    rows = 3\ndef main():\n    model.fit(rows)\nmain()\n"
    assert steps(source, "rows", "model.fit") == ["rows = load()"]


def test_a_function_that_calls_itself_ends() -> None:
    source = "def clean(x):\n    x = clean(x)\n    return x + 1\nx = clean(raw)\nmodel.fit(x)\n"
    assert steps(source, "x", "model.fit")[0] == "return x + 1"


def test_the_files_of_a_program() -> None:
    recording = recorded("import prepare\nx = prepare.scale(raw)\nmodel.fit(x)\n",
                         prepare="def scale(rows):\n    return rows / 255.0\n")  # fmt: skip
    assert [step.module.path for step in history(recording, "x", at(recording, "model.fit"))] == ["prepare.py"]


def test_made_elsewhere() -> None:
    """What a method makes of data is made there; what makes data of nothing is where data enters."""
    recording = recorded(METHODS)
    found = made_elsewhere(recording, Site("array:x", "array", "x", location=at(recording, "model.fit")))
    assert found is not None and found.code.endswith("# transformed")
    other = recorded(GENERATOR)
    assert made_elsewhere(other, Site("array:x", "array", "x", location=at(other, "train.fit"))) is None
    assert made_elsewhere(other, None) is None


def test_pairs_of_pairs() -> None:
    """Each name has its place in the tuples that a function gives, and in those that are written."""
    source = """\
def halves(rows, kinds):
    return (rows[:9], kinds[:9]), (rows[9:], kinds[9:])

flux = np.load("flux.npz")
kind = pd.read_csv("kinds.csv")["kind"].map(NUMBERS)
(a, b), (c, d) = halves(flux, kind)
model.fit(a, b, validation_data=(c, d))
"""
    assert steps(source, "d", "model.fit")[-1].startswith("kind = pd.read_csv")
    assert steps(source, "c", "model.fit")[-1].startswith("flux = np.load")
    assert steps("(p, q), r = (first, second), third\nuse(q)\n", "q", "use") == ["(p, q), r = (first, second), third"]


def test_an_index_that_keeps_the_rows_is_no_split() -> None:
    for index, line in (("..., None", 1), (":, :, None", 1), (":, 2:", 1), (":100", 2), ("order", 2), ("1:, 0", 2)):
        source = f"x, v = train_test_split(data)\nx, v = x[{index}], v[{index}]\nmodel.fit(x, y)\n"
        found = split_at(recorded(source), "x", at(recorded(source), "model.fit"))
        assert found is not None and found.line == line, index
