"""How far a training has come, over any number of ``fit`` calls."""

from threading import Lock


class Progress:
    """Count the steps and epochs that are done.

    Keras may report batches from several threads, out of order, and counts epochs anew in every ``fit``.
    """

    def __init__(self) -> None:
        self.epoch = 0
        self._steps_before = 0
        self._steps_of_epoch = 0
        self._lock = Lock()

    @property
    def step(self) -> int:
        """Return the steps that are done."""
        return self._steps_before + self._steps_of_epoch

    def begin_epoch(self, index: int) -> None:
        """Begin the epoch that Keras calls ``index``; an ``initial_epoch`` ahead of ours is taken over."""
        self.epoch = max(self.epoch, index)
        self._steps_before, self._steps_of_epoch = self.step, 0

    def end_batch(self, index: int) -> None:
        """Note that the batch ``index`` of this epoch is done, and all before it."""
        with self._lock:
            self._steps_of_epoch = max(self._steps_of_epoch, index + 1)

    def end_epoch(self) -> None:
        """Note that the epoch is done."""
        self.epoch += 1
