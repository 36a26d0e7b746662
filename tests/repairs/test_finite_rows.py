from doctor.repairs.data.finite_rows import FiniteRows
from doctor.repairs.data.guarded import GuardedArithmetic
from doctor.types import Location
from tests.builders import SCRIPT
from tests.repairs.data_runs import Arrays
from tests.repairs.helpers import case, changed, refused, repaired

FAULT = "input-nan"


def guarded(source: str, on: str) -> list[str]:
    return changed(GuardedArithmetic(), case(source, FAULT, on))


def test_arithmetic_that_has_no_answer_is_guarded() -> None:
    assert guarded("x = (x - m) / x.std(axis=0)\n", "x =") == ["x = (x - m) / (x.std(axis=0) + 1e-8)"]
    assert guarded("t['a'] = np.log(t['a'])\n", "log") == ["t['a'] = np.log1p(np.maximum(t['a'], 0))"]
    assert guarded("r = np.log1p(c.astype('f'))\n", "log1p") == ["r = np.log1p(np.maximum(c.astype('f'), 0))"]
    assert guarded("y = tf.sqrt(v - 1)\n", "sqrt") == ["y = tf.sqrt(tf.maximum(v - 1, 0))"]
    assert guarded("import numpy as np\nd['c'] = d.kwh.pct_change()\n", "pct") == [
        "d['c'] = d.kwh.pct_change().replace([np.inf, -np.inf], np.nan)"
    ]


def test_spread_of_groups_of_one_is_filled() -> None:
    source = "g = df.groupby('code')['size']\ns = g.transform('std')\nr = (a - g.transform('mean')) / s\n"
    assert guarded(source, "r =") == ["r = (a - g.transform('mean')) / (s.fillna(0) + 1e-8)"]


def test_what_is_guarded_and_what_is_a_path_stays() -> None:
    assert not repaired(GuardedArithmetic(), case("x = (x - m) / np.maximum(s, 1e-8)\n", FAULT, "x ="))
    assert not repaired(GuardedArithmetic(), case("t = pd.read_csv(here / name)\n", FAULT, "read"))


def test_logarithm_above_is_guarded_too_where_a_column_was_lost() -> None:
    source = "f['a'] = np.log(f['a'])\nf = (f - f.mean()) / f.std()\n"
    assert repaired(GuardedArithmetic(), case(source, FAULT, "f = ")) == [
        "f['a'] = np.log(f['a'])\nf = (f - f.mean()) / (f.std() + 1e-8)\n",
        "f['a'] = np.log1p(np.maximum(f['a'], 0))\nf = (f - f.mean()) / (f.std() + 1e-8)\n",
    ]


def test_rows_are_left_out_where_the_file_is_read() -> None:
    source = "import numpy as np\ntable = np.genfromtxt(path)\nx, y = table[:, 1:], table[:, 0]\nmodel.fit(x, y)\n"
    origin = {"location": Location(SCRIPT, 2, "table = np.genfromtxt(path)").listed()}
    run = Arrays(source).array("x", "x", "fit", nonfinite=3, origin=origin).array("y", "y", "fit")
    assert changed(FiniteRows(), case(source, FAULT, "genfromtxt", run=run)) == [
        "table = table[np.isfinite(table).all(axis=1)]"
    ]
    source = "import numpy as np\ndf = pd.read_csv(path)\nx = df[['age']]\nmodel.fit(x, df['y'])\n"
    run = Arrays(source).array("x", "x", "fit", nonfinite=3, columns=[{"name": "age", "nonfinite": 3}])
    assert changed(FiniteRows(), case(source, FAULT, "read_csv", run=run)) == [
        'df = df.replace([np.inf, -np.inf], np.nan).dropna(subset=["age"]).reset_index(drop=True)'
    ]


def test_training_rows_are_left_out_of_inputs_and_labels_alike() -> None:
    source = (
        "import numpy as np\nX = compute(a)\nX_test = compute(b)\n"
        "model.fit(X, y)\nmodel.evaluate(X_test, y_test)\n"
    )
    run = Arrays(source).array("x", "X", "fit", nonfinite=7).array("y", "y", "fit", (100,))
    run.array("x_val", "X_test", "evaluate")
    left_out, filled = repaired(FiniteRows(), case(source, FAULT, "X = ", run=run))
    assert "keep = np.isfinite(X).all(axis=1)\nX, y = X[keep], y[keep]\n" in left_out
    assert filled == (
        "import numpy as np\nX = compute(a)\nfill = np.ma.masked_invalid(X).mean(axis=0).filled(0.0)\n"
        "X = np.where(np.isfinite(X), X, fill)\nX_test = compute(b)\n"
        "X_test = np.where(np.isfinite(X_test), X_test, fill)\nmodel.fit(X, y)\nmodel.evaluate(X_test, y_test)\n"
    )


def test_rows_that_other_arrays_stand_beside_are_filled_first() -> None:
    source = (
        "import numpy as np\nX = compute(a)\norder = rng.permutation(len(X))\n"
        "model.fit(X[order[:9]], y[order[:9]])\n"
    )
    run = Arrays(source).array("x", "X[order[:9]]", "fit", nonfinite=7).array("y", "y[order[:9]]", "fit", (100,))
    assert changed(FiniteRows(), case(source, FAULT, "X = ", run=run)) == [
        "fill = np.ma.masked_invalid(X[order[:9]]).mean(axis=0).filled(0.0)",
        "X = np.where(np.isfinite(X), X, fill)",
    ]


def test_rows_that_no_variable_holds_are_refused() -> None:
    given = case("for x, y in batches():\n    step(x, y)\n", FAULT, "step", run=Arrays(""))
    assert refused(FiniteRows(), given) == "the rows that are not finite are held by no variable"
