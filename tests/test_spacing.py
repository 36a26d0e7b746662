"""Some of many."""

from __future__ import annotations

from doctor.spacing import spread_out


def test_the_first_and_the_last_are_among_them() -> None:
    assert spread_out(range(9), 3) == [0, 4, 8]
    assert spread_out(range(5), 5) == spread_out(range(5), 9) == [0, 1, 2, 3, 4]
    some = spread_out(range(1000), 40)
    assert len(set(some)) == 40 and some[0] == 0 and some[-1] == 999
