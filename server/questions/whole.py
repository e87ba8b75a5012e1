"""What is asked of several models, or of the whole store."""

from collections.abc import Mapping, Sequence
from typing import Any

from inspectree.server.comparison.comparison import compare
from inspectree.server.comparison.edges import edges_json
from inspectree.server.interestingness.asking import Question
from inspectree.server.interestingness.asking import interestingness as scores_of
from inspectree.server.questions.body import Body
from inspectree.server.questions.context import Context
from inspectree.server.search.index import search as find
from inspectree.server.search.locate import locate_json


def interestingness(context: Context, *, question: Mapping[str, Any]) -> Body:
    """Score every variable, layer, model and experiment, comparably within each type of variable."""
    return Body.of(_scores(context, question))


def interestingness_batch(context: Context, *, questions: Sequence[Mapping[str, Any]]) -> Body:
    """Answer several such questions by what is read once."""
    return Body.of({"answers": [_scores(context, question) for question in questions]})


def _scores(context: Context, question: Mapping[str, Any]) -> dict[str, Any]:
    return scores_of(context.store.catalog, Question.model_validate(question), context.limits)


def locate(
    context: Context,
    *,
    types: Sequence[str],
    patterns: Sequence[str],
    models: Sequence[str],
    brief: bool,
) -> Body:
    """Find units by type and structural patterns, with counts for every unit above them."""
    return Body(locate_json(context.store.catalog, types, patterns, models, brief))


def search(context: Context, *, q: str, limit: int) -> Body:
    """Find models, layers and variables by what is written of them."""
    return Body.of(find(context.store.catalog, q, limit))


def comparison(context: Context, *, a: str, b: str) -> Body:
    """Tell what changed from one model to another."""
    return Body.of(compare(context.store[a], context.store[b]))


def edges(context: Context, *, experiment: str | None) -> Body:
    """Tell in a few sentences what changed along every edge from a parent to its child."""
    return Body(edges_json(context.store.catalog, experiment))
