import pytest

from doctor.repairs.data.emptied import EmptiedInputs, MatchedKeys, TimeOfDay
from tests.repairs.helpers import case, changed, repaired

FAULT = "degenerate-feature"


@pytest.mark.parametrize(
    ("source", "on", "lines"),
    [
        ("x = images // 255\n", "x =", ["x = images / 255"]),
        ("out = np.zeros((9, 8), dtype='uint8')\nfor i in rows:\n    out[i] = a[i] / 9\n", "zeros",
         ['out = np.zeros((9, 8), dtype="float32")']),
        ("out = np.zeros_like(a)\nout[0] = a[0] / 9\n", "zeros_like", ['out = np.zeros_like(a, dtype="float32")']),
        ("x = pad_sequences(traces, padding='post')\n", "pad",
         ["x = pad_sequences(traces, padding='post', dtype=\"float32\")"]),
        ("x = tf.cast(x / 9, tf.int32)\n", "cast", ["x = tf.cast(x / 9, tf.float32)"]),
        ("x = padded[:, -READ:]\n", "x =", ["x = padded[:, :READ]"]),
        ("x = padded[:, :20]\n", "x =", ["x = padded[:, -20:]"]),
        ("m = x.mean(axis=1, keepdims=True)\ns = x.std(axis=1, keepdims=True)\n", "s =",
         ["m = x.mean(axis=(0, 1), keepdims=True)", "s = x.std(axis=(0, 1), keepdims=True)"]),
        ("mask = ops.equal(ids, 0)\n", "mask", ["mask = ops.not_equal(ids, 0)"]),
        ("mask = ids == 0\n", "mask", ["mask = ids != 0"]),
        ("s = s - 1e9 * valid\n", "s =", ["s = s - 1e9 * (1.0 - valid)"]),
        ("rows.append(buffer.data)\n", "append", ["rows.append(buffer.data.copy())"]),
    ],
)  # fmt: skip
def test_what_empties_the_inputs_is_written_otherwise(source: str, on: str, lines: list[str]) -> None:
    assert changed(EmptiedInputs(), case(source, FAULT, on)) == lines


def test_rest_of_the_script_is_looked_through_where_the_line_says_nothing() -> None:
    source = "def prepare(a):\n    return a // 100\n\n\nmodel.fit(prepare(x), y)\n"
    assert changed(EmptiedInputs(), case(source, FAULT, "fit")) == ["return a / 100"]


def test_counts_and_labels_stay_whole() -> None:
    source = "steps = len(x) // 32\nlabels = np.zeros(9, dtype='int64')\nlabels[0] = 1\nmodel.fit(x, y)\n"
    assert not repaired(EmptiedInputs(), case(source, FAULT, "fit"))


def test_values_are_looked_up_as_texts_and_moments_keep_their_time() -> None:
    assert changed(MatchedKeys(), case("d['k'] = d['c'].map(codes).fillna(0)\n", FAULT, "map")) == [
        "d['k'] = d['c'].astype(str).map(codes).fillna(0)"
    ]
    source = "t['at'] = pd.to_datetime(t['at']).dt.floor('D')\nt['hour'] = t['at'].dt.hour\n"
    assert changed(TimeOfDay(), case(source, FAULT, "hour")) == ["t['at'] = pd.to_datetime(t['at'])"]
