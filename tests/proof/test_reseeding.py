from doctor.proof.reseeding import reseeded


def test_every_seed_that_is_written_out_changes() -> None:
    source = """import numpy as np
SEED = 7
tf.random.set_seed(SEED)
np.random.seed(0)
rng = np.random.default_rng(seed=3)
data = data.shuffle(1000, seed=1).batch(32)
split = train_test_split(x, y, random_state=42)
layer = Dense(10)
"""
    assert reseeded({"train.py": source}, 1)["train.py"] == (
        source.replace("= 7", "= 8").replace("seed(0)", "seed(1)").replace("seed=3", "seed=4")
        .replace("seed=1)", "seed=2)").replace("=42", "=43")
    )  # fmt: skip


def test_files_without_seeds_and_files_that_cannot_be_read_are_left_out() -> None:
    assert reseeded({"a.py": "x = 1\n", "b.py": "print 'two'\n"}, 1) == {}
