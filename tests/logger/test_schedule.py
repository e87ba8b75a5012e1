from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.logger.schedule import Every, as_schedule, asked_after_steps

counts = st.integers(1, 20)
steps = st.integers(1, 100_000)


def _hits(schedule: Any, until: int) -> list[int]:
    return [step for step in range(until + 1) if schedule(step, 0)]


def test_every_third_epoch_is_3_6_9() -> None:
    schedule = Every.epochs(3)
    assert [epoch for epoch in range(1, 11) if schedule(0, epoch)] == [3, 6, 9]


def test_every_hundredth_step() -> None:
    schedule = Every.steps(100)
    assert [step for step in range(1, 350) if schedule(step, 0)] == [100, 200, 300]


def test_three_per_tenfold_are_1_2_5_10_22_46_100() -> None:
    assert _hits(Every.log_spaced(3), 999) == [1, 2, 5, 10, 22, 46, 100, 215, 464]


def test_once_per_tenfold_are_the_powers_of_ten() -> None:
    assert _hits(Every.log_spaced(1), 10_000) == [1, 10, 100, 1000, 10_000]


@given(counts, st.integers(0, 3))
def test_log_spacing_has_at_most_its_count_per_tenfold_and_every_power_of_ten(count: int, power: int) -> None:
    schedule = Every.log_spaced(count)
    tenfold = range(10**power, 10 ** (power + 1))
    assert schedule(10**power, 0)
    assert sum(schedule(step, 0) for step in tenfold) <= count


@given(counts, steps)
def test_steps_are_the_multiples(count: int, step: int) -> None:
    assert Every.steps(count)(step, 0) == (step % count == 0)


@given(counts, steps, st.integers(0, 1000), st.integers(0, 1000))
def test_step_schedules_ignore_the_epoch(count: int, step: int, epoch: int, other: int) -> None:
    for schedule in (Every.steps(count), Every.log_spaced(count)):
        assert schedule(step, epoch) == schedule(step, other)


@given(counts, counts)
def test_schedules_are_values(count: int, other: int) -> None:
    assert (Every.steps(count) == Every.steps(other)) == (count == other)
    assert Every.steps(count) != Every.epochs(count)


def test_a_schedule_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Every.steps(2).count = 3  # type: ignore[misc]  # that is what is tested


def test_epochs_are_asked_at_their_end_and_all_others_after_steps() -> None:
    assert not asked_after_steps(as_schedule("epoch"))
    assert not asked_after_steps(Every.epochs(2))
    assert asked_after_steps(Every.steps(2))
    assert asked_after_steps(Every.log_spaced(2))
    assert asked_after_steps(lambda step, epoch: step > epoch)


def test_epoch_is_every_epoch() -> None:
    assert as_schedule("epoch") == Every.epochs(1)


@pytest.mark.parametrize("count", [0, -1, 1.5, True, "3"])
def test_a_count_that_is_none_is_refused(count: Any) -> None:
    with pytest.raises(ValueError, match=r"^a schedule counts in whole numbers from 1, not "):
        Every.steps(count)


def test_what_is_no_schedule_is_refused() -> None:
    message = (
        r"^every='batch' is no schedule: use 'epoch', Every.epochs\(n\), Every.steps\(n\), "
        r"Every.log_spaced\(k\) or a function of \(step, epoch\)$"
    )
    with pytest.raises(ValueError, match=message):
        as_schedule("batch")
