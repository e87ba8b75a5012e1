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
        self._latest = 0
        self._iterations: int | None = None
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

    def begin_epoch(self, index: int, steps: int | None = None, iterations: int | None = None) -> None:
        """Begin the epoch that Keras calls ``index``; an ``initial_epoch`` ahead of ours is taken over.

        ``steps`` is how many it has and ``iterations`` how many updates the optimizer has done, where known.
        """
        self.epoch = max(self.epoch, index)
        self._steps_before, self._steps_of_epoch, self._latest = self.step, 0, 0
        self._most, self._iterations = steps, iterations

    def end_batch(self, index: int, iterations: int | None = None) -> None:
        """Note that the batch ``index`` of this epoch is done, and all before it.

        With ``steps_per_execution`` Keras may name a batch beyond the last one: where the epoch's length is
        not known, the optimizer's ``iterations`` tell how many of the last execution are done.
        """
        done = index + 1 if self._most is None else min(index + 1, self._most)
        with self._lock:
            if done > self._steps_of_epoch:
                self._latest, self._steps_of_epoch = self._steps_of_epoch, done
            self._cut(iterations)

    def new_steps(self) -> range:
        """Return the steps that have been done since this was asked last: several, where Keras tells late."""
        with self._lock:
            before, self._told = self._told, self.step
        return range(before + 1, self._told + 1)

    def end_epoch(self, iterations: int | None = None) -> None:
        """Note that the epoch is done, after which the optimizer has done ``iterations``."""
        self.epoch += 1
        with self._lock:
            self._cut(iterations)

    def _cut(self, iterations: int | None) -> None:
        """Take back the steps that the last execution was too short for."""
        if self._most is None and iterations is not None and self._iterations is not None:
            done = iterations - self._iterations
            if self._latest < done < self._steps_of_epoch:
                self._steps_of_epoch = done
                self._told = min(self._told, self.step)
