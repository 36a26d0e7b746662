from doctor.repairs.forward.repeated_draws import RepeatedDraws
from tests.repairs.helpers import case, changed, refused

FAULT = "init-constant"
SOURCE = """\
def draw(rng, n_in, n_out):
    columns = [rng.normal(0.0, 0.1, n_in)] * n_out
    return tf.Variable(np.stack(columns, axis=1))

w = draw(rng, 3, 4)
"""


def test_each_column_is_drawn_anew() -> None:
    """In the function that the finding points into."""
    for on in ("columns =", "return"):
        assert changed(RepeatedDraws(), case(SOURCE, FAULT, on)) == [
            "columns = [rng.normal(0.0, 0.1, n_in) for _ in range(n_out)]"
        ]


def test_what_is_not_drawn_is_left() -> None:
    assert "drawn once" in refused(RepeatedDraws(), case(SOURCE, FAULT, "w = draw"))
    zeros = SOURCE.replace("rng.normal(0.0, 0.1, n_in)", "np.zeros(n_in)")
    assert "drawn once" in refused(RepeatedDraws(), case(zeros, FAULT, "columns ="))
    two = SOURCE.replace("[rng.normal(0.0, 0.1, n_in)]", "[rng.normal(size=3), rng.normal(size=3)]")
    assert "drawn once" in refused(RepeatedDraws(), case(two, FAULT, "columns ="))
