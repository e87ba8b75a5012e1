"""How far a training has come, over any number of ``fit`` calls."""

from threading import Lock


class Progress:
    """Count the steps and epochs that are done.

    Keras may report batches from several threads, out of order, and counts epochs anew in every ``fit``.
    """

    def __init__(self) -> None:
        self.epoch = 0
        self._told = 0
        self._steps_before = 0
        self._steps_of_epoch = 0
        self._most: int | None = None
        self._lock = Lock()

    @property
    def step(self) -> int:
        """Return the steps that are done."""
        return self._steps_before + self._steps_of_epoch

    def go_to(self, step: int, epoch: int) -> None:
        """Take over where a training is that was counted elsewhere."""
        with self._lock:
            self.epoch = epoch
            self._steps_before, self._steps_of_epoch, self._told = step, 0, step

    def begin_epoch(self, index: int, steps: int | None = None) -> None:
        """Begin the epoch that Keras calls ``index``; an ``initial_epoch`` ahead of ours is taken over.

        ``steps`` is how many it has, where that is known.
        """
        self.epoch = max(self.epoch, index)
        self._steps_before, self._steps_of_epoch = self.step, 0
        self._most = steps

    def end_batch(self, index: int) -> None:
        """Note that the batch ``index`` of this epoch is done, and all before it.

        With ``steps_per_execution`` Keras may name a batch beyond the last one.
        """
        done = index + 1 if self._most is None else min(index + 1, self._most)
        with self._lock:
            self._steps_of_epoch = max(self._steps_of_epoch, done)

    def new_steps(self) -> range:
        """Return the steps that have been done since this was asked last: several, where Keras tells late."""
        with self._lock:
            before, self._told = self._told, self.step
        return range(before + 1, self._told + 1)

    def end_epoch(self) -> None:
        """Note that the epoch is done."""
        self.epoch += 1
