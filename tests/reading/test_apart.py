"""Where inputs and labels went apart on their way into the training."""

from __future__ import annotations

import pytest

from doctor.reading.apart import column_of_another_file, files_by_name, moved_apart, paired_by_place, read_at
from doctor.types import Site
from tests.reading.test_values import at, recorded

TABLE = """\
table = pd.read_csv("a.csv")
answer = (table["churn"] == "Yes").astype(int)
table = table.sample(frac=1)  # moved
x = table.drop(columns=["churn"]).values
y = answer.values
model.fit(x, y)
"""
TOGETHER = """\
table = pd.read_csv("a.csv").sample(frac=1)
x = table.drop(columns=["churn"]).values
y = (table["churn"] == "Yes").astype(int)
model.fit(x, y)
"""
FILES = """\
def load(folder):
    rows = np.load("rows.npy")
    names = pd.read_csv("names.csv")
    kind = names["kind"].map(NUMBERS)  # read
    kept = kind.to_numpy()
    return rows, kept

x, y = load(folder)
y = to_categorical(y)
model.fit(x, y)
"""
ONE_FILE = """\
x = np.load("d.npz")["x"]
y = np.load("d.npz")["y"]
model.fit(x, y)
"""
PAIRS = """\
def load():
    events = pd.read_csv("events.csv")
    people = pd.read_csv("people.csv")
    table = events.groupby("person").mean().join(shares(events))
    left = people["left"].to_numpy()  # by place
    return table, left

def parts(table, left):
    return (table[:80], left[:80]), (table[80:], left[80:])

def batches(pair):
    return from_tensor_slices((pair[0], pair[1]))

table, left = load()
train, test = parts(table, left)
model.fit(batches(train), validation_data=batches(test))
"""


def arrays(source: str) -> list[Site]:
    place = at(recorded(source), "model.fit")
    return [Site(f"array:{name}", "array", name, location=place) for name in "xy"]


@pytest.mark.parametrize(("source", "line"), [(TABLE, 3), (TOGETHER, None), (FILES, None)])
def test_rows_that_move_alone(source: str, line: int | None) -> None:
    found = moved_apart(recorded(source), *arrays(source))
    assert (found.line if found is not None else None) == line


@pytest.mark.parametrize(("caller", "line"), [("model.fit", 5), (None, None)])
def test_labels_of_another_file_beside_the_inputs(caller: str | None, line: int | None) -> None:
    """Parts of pairs are followed through functions, those that are called twice by the call that was running."""
    recording = recorded(PAIRS)
    called_from = at(recording, caller).listed() if caller is not None else None
    inputs, labels = (
        Site(f"array:{name}", "array", name, location=at(recording, "from_tensor_slices"),
             attributes={"variable": name, "called_from": called_from})
        for name in ("pair[0]", "pair[1]")
    )  # fmt: skip
    # The line calls the function twice, as people do: of two calls at one line the first one counts.
    found = paired_by_place(recording, inputs, labels)
    assert (found.line if found is not None else None) == line
    assert moved_apart(recording, inputs, labels) is None


@pytest.mark.parametrize(("source", "line"), [(TABLE, None), (TOGETHER, None), (FILES, 4), (ONE_FILE, None)])
def test_rows_of_two_files(source: str, line: int | None) -> None:
    found = paired_by_place(recorded(source), *arrays(source))
    assert (found.line if found is not None else None) == line


@pytest.mark.parametrize(
    ("source", "line"), [(TABLE, 2), (TOGETHER, 3), (FILES, 4), ("y = make()\nmodel.fit(y)\n", None)]
)
def test_labels_from_a_file(source: str, line: int | None) -> None:
    """The last step that computes something; other ways to write the same do not count."""
    found = read_at(recorded(source), arrays(source)[1])
    assert (found.line if found is not None else None) == line


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("paths = sorted(glob.glob(folder + '/*.png'))\nx = [imread(path) for path in paths]\n", 1),
        ("names = os.listdir(folder)\nnames.sort()\nfor name in names:\n    x.append(np.load(name))\n", 1),
        ("for name in os.listdir(folder):\n    x.append(np.load(name))\n", 1),
        ("for name in sorted(archive.namelist()):\n    x.append(archive.read(name))\n", 1),
        ("for old in os.listdir('checkpoints'):\n    os.remove(old)\n", None),
        ("paths = sorted(Path(folder).rglob('*.png'), key=lambda path: int(path.stem))\n", None),
        ("names = os.listdir(folder)\nnames.sort(key=number)\n", None),
        ("paths = natsorted(glob.glob('*.png'))\n", None),
        ("paths = table['path']\n", None),
    ],
)
def test_files_by_their_names(source: str, line: int | None) -> None:
    found = files_by_name(recorded(source))
    assert (found and found.line) == line


def test_paths_are_no_rows() -> None:
    source = TOGETHER.replace('"a.csv").sample(frac=1)', 'os.path.join(ROOT, "a.csv"))')
    recording = recorded(source)
    x, y = (Site(f"array:{name}", "array", name, "", "train", at(recording, "fit("), {"variable": name})
            for name in "xy")  # fmt: skip
    assert moved_apart(recording, x, y) is None


def test_a_column_of_another_file() -> None:
    source = (
        'features = pd.read_csv("features.csv")\nlabels = pd.read_csv("labels.csv")\n'
        'train = features.copy()\ntrain["grade"] = labels["grade"].values\n'
    )
    found = column_of_another_file(recorded(source))
    assert found is not None and found.line == 4
    assert column_of_another_file(recorded(source.replace("features.copy()", "labels.copy()"))) is None
    assert column_of_another_file(recorded(source.replace('labels["grade"].values', "3"))) is None
    indexed = source.replace('.csv")', '.csv", index_col="id")')
    assert column_of_another_file(recorded(indexed)) is None, "pandas finds the rows by their index"
