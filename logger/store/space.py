"""What tells the samples that one model followed from those of another."""

from hashlib import blake2b

import numpy as np

from inspectree.logger.store.record import Array, Samples

DIGITS = 16


def space_of(samples: Samples) -> str:
    """Return digits that are the same where the same samples were followed; empty without samples.

    It is a digest of ids and labels, or of ids and inputs where there are no labels: models may be given the
    same samples in other shapes. Neither names nor dtypes count, which follow from the model.
    """
    if not len(samples):
        return ""
    digest = blake2b(digest_size=DIGITS // 2)
    for values in (samples.ids, *(samples.labels or samples.inputs).values()):
        digest.update(str(values.shape).encode())
        for row in values:  # one by one: in double precision all of them may be large
            digest.update(_plain(np.asarray(row)))
    return digest.hexdigest()


def _plain(row: Array) -> bytes:
    """Return numbers in double precision, strings in UTF-8, each with a zero byte behind it."""
    if row.dtype.kind == "U":
        return "".join(f"{text}\0" for text in row.flat).encode()
    return row.astype("<f8").tobytes()
