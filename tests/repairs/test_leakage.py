from doctor.findings import Fix
from doctor.repairs.loss.copied_rows import CopiedRows
from doctor.repairs.loss.held_out import AnswerDropped, FixedSplit, FreshNetwork, OtherRows, SplitInTime
from doctor.types import Location
from tests.repairs.helpers import case, changed, refused, repaired

FAULT = "leakage"


def test_split_comes_before_the_balance() -> None:
    source = "df = balance(df)  # as many of each\ntrain, valid = train_test_split(df, stratify=df.churn)\n"
    assert repaired(CopiedRows(), case(source, FAULT, "train_test_split")) == [
        "train, valid = train_test_split(df, stratify=df.churn)\ntrain = balance(train)  # as many of each\n"
    ]


def test_arrays_and_the_order_of_their_parts() -> None:
    source = "X, y = augment(X, y, rng)\nx_tr, x_va, y_tr, y_va = train_test_split(X, y, test_size=0.2)\n"
    assert repaired(CopiedRows(), case(source, FAULT, "train_test_split", rule="near-copies")) == [
        "x_tr, x_va, y_tr, y_va = train_test_split(X, y, test_size=0.2)\nx_tr, y_tr = augment(x_tr, y_tr, rng)\n"
    ]


def test_own_split_and_another_name() -> None:
    source = (
        "def more(f):\n    return pd.concat([f, f.sample(99, replace=True)])\n"
        "big = more(known)\ntrain, val = holdout(big)\n"
    )
    assert repaired(CopiedRows(), case(source, FAULT, "holdout"))[0].endswith(
        "train, val = holdout(known)\ntrain = more(train)\n"
    )


def test_balance_in_several_statements() -> None:
    source = (
        "df = pd.read_csv('a.csv')\n"
        "few = df[df.y == 1]\n"
        "more = resample(few, replace=True, n_samples=len(df))\n"
        "df = pd.concat([more, df])\n"
        "train, test = train_test_split(df)\n"
    )
    assert repaired(CopiedRows(), case(source, FAULT, "train_test")) == [
        "df = pd.read_csv('a.csv')\n"
        "train, test = train_test_split(df)\n"
        "few = train[train.y == 1]\n"
        "more = resample(few, replace=True, n_samples=len(train))\n"
        "train = pd.concat([more, train])\n"
    ]


def test_rows_that_came_twice_are_kept_once() -> None:
    source = "import numpy as np\nx, y = read('a.csv')\na, b, c, d = split(x, y, 0.2)\n"
    assert changed(CopiedRows(), case(source, FAULT, "split")) == [
        "first = np.sort(np.unique(x, axis=0, return_index=True)[1])",
        "x, y = x[first], y[first]",
    ]
    source = "df = pd.read_csv('a.csv')\ntrain, val = train_test_split(df)\n"
    assert changed(CopiedRows(), case(source, FAULT, "train_test")) == ["df = df.drop_duplicates()"]


def test_shuffled_dataset_keeps_its_order() -> None:
    given = case("full = full.shuffle(n, seed=1)\n", FAULT, "shuffle", rule="reshuffled-split")
    assert changed(FixedSplit(), given) == ["full = full.shuffle(n, seed=1, reshuffle_each_iteration=False)"]


def test_windows_are_held_out_in_time() -> None:
    source = "import numpy as np\norder = rng.permutation(len(x))\n"
    assert changed(SplitInTime(), case(source, FAULT, "order", rule="overlapping-windows")) == [
        "order = np.arange(len(x))"
    ]
    source = "a, b = train_test_split(x, test_size=0.2, random_state=0)\n"
    assert changed(SplitInTime(), case(source, FAULT, "a, b", rule="overlapping-windows")) == [
        "a, b = train_test_split(x, test_size=0.2, shuffle=False)"
    ]


def test_parts_that_both_begin_with_the_first_row() -> None:
    source = "m, n = 1500, 500\nx_train, y_train = x[:m], y[:m]\nx_val, y_val = x[:n], y[:n]\n"
    first, second = repaired(OtherRows(), case(source, FAULT, "x_val"))
    assert "x_val, y_val = x[m:m + n], y[m:m + n]" in first
    assert "x_train, y_train = x[n:m], y[n:m]" in second


def test_validation_on_the_training_rows() -> None:
    source = "model.fit(x, y, epochs=5, validation_data=(x, y))\n"
    assert changed(OtherRows(), case(source, FAULT, "fit")) == ["model.fit(x, y, epochs=5, validation_split=0.2)"]
    source = "x_train, x_val, y_train, y_val = cut(data)\nm.fit(x_train, y_train, validation_data=(x_train, y_train))\n"
    assert changed(OtherRows(), case(source, FAULT, "fit")) == [
        "m.fit(x_train, y_train, validation_data=(x_val, y_val))"
    ]


def test_network_is_made_in_each_fold() -> None:
    source = "def make():\n    return net\n\nnet = make()\nfor a, b in folds.split(x):\n    net.fit(x[a], y[a])\n"
    trained = (Fix("Make the network anew in each fold", "", Location("train.py", 6, "net.fit(x[a], y[a])")),)
    assert repaired(FreshNetwork(), case(source, FAULT, "net = make", rule="shared-folds", fixes=trained)) == [
        "def make():\n    return net\nfor a, b in folds.split(x):\n    net = make()\n    net.fit(x[a], y[a])\n"
    ]


def test_label_leaves_the_inputs() -> None:
    code = "x = frame.drop(columns=['target'])"
    assert changed(AnswerDropped(), case("x = df.to_numpy('float32')\n", FAULT, "x =", code=code)) == [
        "x = df.drop(columns=['target']).to_numpy('float32')"
    ]
    source = "import numpy as np\nx = load('a.csv')\n"
    assert changed(AnswerDropped(), case(source, FAULT, "x =", code="x = np.delete(x, [3], axis=1)")) == [
        "x = np.delete(x, [3], axis=1)"
    ]


def test_near_copies_without_a_maker_are_refused() -> None:
    given = case("a, b = train_test_split(x)\n", FAULT, "a, b", rule="near-copies")
    assert "no step of the script" in refused(CopiedRows(), given)
