import pytest

from doctor.repairs.data.label_range import LabelRange
from doctor.repairs.data.pairing import OneOrder
from doctor.repairs.data.row_order import NumberedOrder, PairedTables, RepeatedLabels
from doctor.repairs.data.splits import BatchRows, OneAugmentation, OneSplit, TrainedEncoder
from tests.repairs.data_runs import Arrays
from tests.repairs.helpers import case, changed, refused, repaired

FAULT = "label-mismatch"


def mended(repair: type, source: str, on: str, **facts: object) -> list[str]:
    return changed(repair(), case(source, FAULT, on, **facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "dtype", "line"),
    [
        ("y = y - 1", "int64", "y = y - 1"),
        ("y = (y - -1) / 2", "int64", "y = (y + 1) // 2"),
        ("y = (y - 0) / 255", "float32", "y = y / 255"),
        ("y = 2 * y - 1", "float32", "y = 2 * y - 1"),
    ],
)
def test_labels_are_brought_into_range(code: str, dtype: str, line: str) -> None:
    source = "x, y = read()\nmodel.fit(x, y)\n"
    run = Arrays(source).array("y", "y", "fit", (100,), dtype=dtype)
    assert mended(LabelRange, source, "fit", run=run, code=code) == [line]


def test_held_out_labels_are_changed_alike_and_classes_with_gaps_looked_up() -> None:
    source = "import numpy as np\ny, yt = read()\nmodel.fit(x, y, validation_data=(xt, yt))\n"
    run = Arrays(source).array("y", "y", "fit", (100,), classes={"1": 40, "3": 30, "7": 30}, dtype="int64")
    run.array("y_val", "yt", "fit", (100,), dtype="int64")
    assert mended(LabelRange, source, "fit", run=run, code="y = y - 1") == [
        "classes = np.unique(y)", "y = np.searchsorted(classes, y)", "yt = np.searchsorted(classes, yt)"
    ]  # fmt: skip


def test_numbers_are_counted_from_zero_before_they_are_encoded() -> None:
    source = "t = df['kind'].astype(int)\nY = tf.one_hot(t, depth=3)\n"
    assert mended(LabelRange, source, "one_hot", code="y = y - 1") == ["t = df['kind'].astype(int) - 1"]


def test_masks_are_divided_in_the_function_that_makes_them() -> None:
    source = "def read(a, b):\n    m = tf.cast(b, tf.float32)\n    return a, m\n\n\nds = ds.map(read)\n"
    assert mended(LabelRange, source, "m = tf", code="y = (y - 0) / 255") == ["m = tf.cast(b, tf.float32) / 255"]


def test_labels_that_no_variable_holds_are_refused() -> None:
    given = case("fit(data())\n", FAULT, "fit", code="y = y - 1")
    assert refused(LabelRange(), given) == "no variable holds the labels"


@pytest.mark.parametrize(
    ("source", "on", "lines"),
    [
        ("import numpy as np\nnp.random.shuffle(x)\nnp.random.shuffle(y)\n", "shuffle(y)",
         ["order = np.random.permutation(len(x))", "x, y = x[order], y[order]"]),
        ("import numpy as np\nnp.random.seed(1); np.random.shuffle(x); np.random.shuffle(y)\n", "seed",
         ["np.random.seed(1); order = np.random.permutation(len(x)); x, y = x[order], y[order]"]),
        ("a, b = read(9)\na = rng.permutation(a)\nmodel.fit(a, b)\n", "permutation",
         ["order = rng.permutation(len(a))", "a, b = a[order], b[order]"]),
        ("def on_epoch_end(self):\n    self.x = self.x[self.rng.permutation(len(self.x))]\n"
         "    self.y = self.y[self.rng.permutation(len(self.y))]\n", "self.y =",
         ["order = self.rng.permutation(len(self.x))", "self.x, self.y = self.x[order], self.y[order]"]),
        ("f = shuffle(f, random_state=3)\nt = data.target\nt = shuffle(t, random_state=4)\n", "random_state=4",
         ["f, t = shuffle(f, t, random_state=3)"]),
        ("xa, xb, ya, yb = x[:9], x[9:], y[:9], y[9:]\nrng.shuffle(ya)\n", "shuffle",
         ["order = rng.permutation(len(ya))", "ya, xa = ya[order], xa[order]"]),
        ("p = rng.permutation(9)\nq = rng.permutation(9)\nx = x[p]\ny = y[q]\n", "y[q]", ["y = y[p]"]),
    ],
)  # fmt: skip
def test_inputs_and_labels_are_shuffled_by_one_order(source: str, on: str, lines: list[str]) -> None:
    assert mended(OneOrder, source, on) == lines


def test_orders_of_rows_are_no_arrays() -> None:
    assert not repaired(OneOrder(), case("order = rng.permutation(order)\nfit(x[order], y[order])\n", FAULT, "order ="))


def test_splits_have_one_seed_and_give_their_parts_in_order() -> None:
    source = "a, b = train_test_split(x, test_size=0.2)\nc, d = train_test_split(y, test_size=0.2, random_state=1)\n"
    assert mended(OneSplit, source, "(x") == ["a, b = train_test_split(x, test_size=0.2, random_state=1)"]
    source = "x_train, z_train, x_test, z_test, y_train, y_test = train_test_split(x, z, y)\n"
    assert mended(OneSplit, source, "split") == [
        "x_train, x_test, z_train, z_test, y_train, y_test = train_test_split(x, z, y)"
    ]


def test_labels_of_a_batch_are_taken_by_the_numbers_of_its_inputs() -> None:
    source = (
        "def __getitem__(self, i):\n    ids = self.order[i * 9:(i + 1) * 9]\n"
        "    return self.load(ids), self.y[i * 9:(i + 1) * 9]\n"
    )
    assert mended(BatchRows, source, "return") == ["return self.load(ids), self.y[ids]"]


def test_held_out_labels_are_encoded_as_the_training_labels() -> None:
    source = "y = enc.fit_transform(train.kind)\nz = one_hot(enc.fit_transform(test.kind))\n"
    assert mended(TrainedEncoder, source, "z =") == ["z = one_hot(enc.transform(test.kind))"]


def test_pictures_and_masks_move_by_the_same_numbers() -> None:
    source = (
        "def augment(a, m):\n    a = tf.image.stateless_random_flip_up_down(a, s[0])\n"
        "    m = tf.image.stateless_random_flip_up_down(m, s[1])\n    return a, m\n"
    )
    assert mended(OneAugmentation, source, "m = ") == ["m = tf.image.stateless_random_flip_up_down(m, s[0])"]
    source = "import tensorflow as tf\n" + source.replace("stateless_", "").replace(", s[0]", "").replace(", s[1]", "")
    assert mended(OneAugmentation, source, "m = ") == [
        "seed = tf.random.uniform([2], maxval=2**31 - 1, dtype=tf.int32)",
        "a = tf.image.stateless_random_flip_up_down(a, seed=seed)",
        "m = tf.image.stateless_random_flip_up_down(m, seed=seed)",
    ]


def test_files_are_taken_in_the_order_of_their_numbers() -> None:
    assert mended(NumberedOrder, "names = sorted(os.listdir(path))\n", "names") == [
        'names = sorted(os.listdir(path), key=lambda name: int("".join(filter(str.isdigit, name))))'
    ]
    assert mended(NumberedOrder, "import os\npaths = glob.glob(pattern)\n", "paths") == [
        'paths = sorted(glob.glob(pattern), key=lambda name: int("".join(filter(str.isdigit, os.path.basename(name)))))'
    ]


def test_tables_are_paired_by_what_names_their_rows() -> None:
    source = "a = pd.read_csv(p)\nb = pd.read_csv(q)\na['kind'] = b['kind']\n"
    assert mended(PairedTables, source, "kind") == ["a['kind'] = a.merge(b, how=\"left\")['kind'].to_numpy()"]
    source = "f = events.groupby('id').mean()\nc = pd.read_csv(q)\ny = c['left'].to_numpy()\n"
    source = f"events = pd.read_csv(p)\n{source}"
    assert mended(PairedTables, source, "y =") == ["y = c.set_index(\"id\")['left'].reindex(f.index).to_numpy()"]


def test_joined_table_is_left_alone() -> None:
    source = "a = pd.read_csv(p)\nb = pd.read_csv(q)\nt = a.merge(b, on='id')\ny = t['kind']\n"
    assert not repaired(PairedTables(), case(source, FAULT, "y ="))


def test_each_label_is_repeated() -> None:
    assert mended(RepeatedLabels, "c = np.tile(log, 4 * RATE)\n", "tile") == ["c = np.repeat(log, 4 * RATE)"]
