import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.logger.progress import Progress


def _epoch(progress: Progress, index: int, batches: int) -> None:
    progress.begin_epoch(index)
    for batch in range(batches):
        progress.end_batch(batch)
    progress.end_epoch()


def test_steps_and_epochs_add_up() -> None:
    progress = Progress()
    _epoch(progress, 0, 3)
    _epoch(progress, 1, 3)
    assert (progress.step, progress.epoch) == (6, 2)


def test_a_second_fit_goes_on_although_keras_counts_anew() -> None:
    progress = Progress()
    for index in (0, 1, 0, 1):
        _epoch(progress, index, 2)
    assert (progress.step, progress.epoch) == (8, 4)


def test_an_initial_epoch_ahead_is_taken_over() -> None:
    progress = Progress()
    _epoch(progress, 5, 2)
    assert (progress.step, progress.epoch) == (2, 6)


def test_several_batches_may_be_reported_at_once() -> None:
    """With ``steps_per_execution=4`` Keras reports only the batches 3, 7, 11."""
    progress = Progress()
    progress.begin_epoch(0)
    for batch in (3, 7, 11):
        progress.end_batch(batch)
    assert progress.step == 12


def test_batches_beyond_the_last_do_not_exist() -> None:
    """Of 22 batches, with ``steps_per_execution=4``, Keras reports the batch 23 as the last."""
    progress = Progress()
    for epoch in (0, 1):
        progress.begin_epoch(epoch, 22)
        for batch in (3, 7, 11, 15, 19, 23):
            progress.end_batch(batch)
        progress.end_epoch()
        assert progress.step == 22 * (epoch + 1)


def test_every_step_is_told_once() -> None:
    progress = Progress()
    told: list[int] = []
    for epoch in (0, 1):
        progress.begin_epoch(epoch, 5)
        for batch in (1, 3, 3, 5):
            progress.end_batch(batch)
            told += progress.new_steps()
        progress.end_epoch()
    assert told == list(range(1, 11))


@given(st.permutations(range(10)))
def test_the_order_in_which_batches_are_reported_does_not_matter(batches: list[int]) -> None:
    progress = Progress()
    progress.begin_epoch(0)
    for batch in batches:
        progress.end_batch(batch)
    assert progress.step == 10


def test_what_the_optimizer_has_done_ends_an_epoch_of_unknown_length() -> None:
    """Of 10 batches, with ``steps_per_execution=4``, Keras reports the batch 11 as the last."""
    progress, told = Progress(), list[int]()
    for epoch in (0, 1):
        progress.begin_epoch(epoch, None, 10 * epoch)
        for batch, done in ((3, 4), (7, 8), (11, 10)):
            progress.end_batch(batch, 10 * epoch + done)
            told += progress.new_steps()
        progress.end_epoch(10 * epoch + 10)
    assert told == list(range(1, 21))


@pytest.mark.parametrize("updates", [0, 3, 6, 24], ids=["none", "fewer", "some fail", "two per step"])
def test_an_optimizer_that_counts_something_else_changes_no_step(updates: int) -> None:
    progress = Progress()
    progress.begin_epoch(0, None, 0)
    for batch in (3, 7, 11):
        progress.end_batch(batch)
    progress.end_epoch(updates)
    assert progress.step == 12
