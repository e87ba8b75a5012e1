"""What a pipeline makes of values."""

from collections.abc import Sequence
from typing import Any

from inspectree.server.filters import Filters
from inspectree.server.formats import FORMATS
from inspectree.server.query import ask
from inspectree.server.questions.body import Body
from inspectree.server.questions.context import Context


def values(
    context: Context,
    *,
    uoas: Sequence[str],
    pipeline: Sequence[Any],
    classes: Sequence[str] | None,
    samples: Sequence[int] | None,
    form: str,
) -> Body:
    """Return the values of units of analysis after a pipeline, in a format."""
    units = [context.store.resolve(uoa) for uoa in uoas]
    filters = Filters(
        None if classes is None else tuple(classes), None if samples is None else tuple(samples)
    )
    steps = context.grammar.parse(pipeline, context.limits)
    return FORMATS[form].body(ask(units, steps, filters, context.limits, context.store.resolve))
