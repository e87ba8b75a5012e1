"""The process of which workers are copies gets ready for more a little later: only that one imports this.

The first workers are not kept waiting, and later ones are copies that have everything, in memory that all of
them share. A worker that had to import for its first projection would count as slow and be given up; the
next one would have to import, too.
"""

import signal
from types import FrameType

from inspectree.server.workers.later import LEISURE, import_the_rest


def _get_ready(_signal: int, _frame: FrameType | None) -> None:
    import_the_rest()


# between copies, not in a thread: in a copy that is made meanwhile the import would never end
signal.signal(signal.SIGALRM, _get_ready)
signal.setitimer(signal.ITIMER_REAL, LEISURE)
