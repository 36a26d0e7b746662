"""Which steps are observed."""

from __future__ import annotations

import pytest

from doctor.capture.schedule import Schedule


def simulate(schedule: Schedule, steps: int, step_seconds: float, sample_seconds: float) -> tuple[list[int], float]:
    """(sampled steps, seconds spent on them) of a run with constant times."""
    now, sampled = 0.0, []
    for step in range(steps):
        if schedule.wants(step, now):
            sampled.append(step)
            schedule.spent(step, sample_seconds)
            now += sample_seconds
        now += step_seconds
    return sampled, len(sampled) * sample_seconds


def test_the_start_is_dense() -> None:
    """Initialisation faults show there."""
    sampled, _ = simulate(Schedule(0.05), 50, 0.01, 0.01)
    assert sampled[:12] == list(range(12))


def test_the_dense_start_has_a_cap() -> None:
    """Samples of half a second end it after three; two more use up the second of grace, each when steps doubled."""
    sampled, _ = simulate(Schedule(0.05), 40, 0.001, 0.5)
    assert sampled == [0, 1, 2, 4, 8]


@pytest.mark.parametrize("step_seconds", [0.001, 0.1, 1.0])
@pytest.mark.parametrize("sample_seconds", [0.005, 0.05])
def test_a_long_run_stays_within_the_budget(step_seconds: float, sample_seconds: float) -> None:
    """Apart from the dense start and a second of grace."""
    schedule = Schedule(0.05)
    steps = 20_000
    sampled, spent = simulate(schedule, steps, step_seconds, sample_seconds)
    allowed = 0.05 * (steps * step_seconds + spent) + schedule.grace[-1][0]
    assert spent <= allowed + 13 * sample_seconds
    assert len(sampled) < 500


def test_a_short_run_is_seen_at_its_end() -> None:
    """Two hundred steps of two milliseconds leave no budget, but they must be seen."""
    sampled, _ = simulate(Schedule(0.05), 200, 0.002, 0.008)
    assert sampled[-1] >= 170


def test_zero_overhead_samples_nothing() -> None:
    """Only losses are recorded then."""
    assert simulate(Schedule(0.0), 100, 0.01, 0.01) == ([], 0.0)
    assert Schedule(0.0).stride(100, 0.01, 0.01) > 10**9


def test_stride_in_a_graph() -> None:
    """Sparse while the grace lasts, then what the budget allows."""
    schedule = Schedule(0.05)
    assert schedule.stride(100, 0.001, 0.01) == 11
    assert schedule.stride(100, 0.001, 0.1) == 51
    assert schedule.stride(100, 0.001, 1.0) == pytest.approx(50_000, abs=2)
    assert schedule.stride(100_000, 1.0, 0.01) == 2001


def test_fixed_cost_is_paid_from_the_budget() -> None:
    """Samples get two fifths, less where the fixed cost leaves less, and a quarter of it in any case."""
    schedule = Schedule(0.05)
    assert schedule.stride(100, 0.01, 5.0) == pytest.approx(25_000, abs=2)
    schedule.fixed_seconds = 0.0004
    assert schedule.stride(100, 0.01, 5.0) == pytest.approx(40_000, abs=2)
    schedule.fixed_seconds = 0.00035
    assert schedule.stride(100, 0.01, 5.0) == pytest.approx(33_333, abs=2)
    schedule.fixed_seconds = 0.1
    assert schedule.stride(100, 0.01, 5.0) == pytest.approx(40_000, abs=2)


@pytest.mark.parametrize(("fixed_seconds", "share"), [(0.0, 0.02), (0.00007, 0.015), (0.1, 0.0125)])
def test_samples_get_what_fixed_cost_leaves(fixed_seconds: float, share: float) -> None:
    """Steps of 2 ms for ten minutes: 5 % of them less the fixed cost, within two fifths and a quarter of that."""
    schedule = Schedule(0.05)
    schedule.fixed_seconds, schedule.growth, schedule.grace = fixed_seconds, 0.0, ()
    steps, step_seconds = 300_000, 0.002
    _, spent = simulate(schedule, steps, step_seconds, 0.01)
    assert spent == pytest.approx(share * steps * step_seconds, rel=0.1)


def test_a_recording_that_is_full_gets_no_more_samples() -> None:
    """Samples of large models are large: they wait until there is room again."""
    full = False
    schedule = Schedule(0.05, lambda: not full)
    assert schedule.wants(0, 0.0)
    schedule.spent(0, 0.01)
    full = True
    assert not any(schedule.wants(step, float(step)) for step in range(1, 100))
    assert schedule.stride(1000, 1.0, 0.001) == 1001
    full = False
    assert schedule.wants(100, 100.0)
    assert schedule.stride(1000, 1.0, 0.001) == 21
