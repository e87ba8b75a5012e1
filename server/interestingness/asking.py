"""A question about interestingness, and its answer."""

from functools import reduce
from operator import or_
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from inspectree.logger.frozen import Frozen
from inspectree.server.catalog import Catalog
from inspectree.server.errors import RequestError
from inspectree.server.interestingness import BASELINES, DIVERGENCES, MEASURES
from inspectree.server.interestingness.baseline import Baseline
from inspectree.server.interestingness.divergence import Divergence
from inspectree.server.interestingness.listing import (
    about_measure,
    fitting_baselines,
    fitting_divergences,
    kinds,
)
from inspectree.server.interestingness.measure import Kind, Measure
from inspectree.server.interestingness.scores import Level, Score, scored
from inspectree.server.interestingness.survey import Survey
from inspectree.server.limits import Limits
from inspectree.server.model import Model
from inspectree.server.nearest import nearest
from inspectree.server.uoa import UnitOfAnalysis, parse_checkpoint

Named = TypeVar("Named", Measure, Divergence)


def _known_kind(given: Any) -> Any:
    """Refuse a kind of baseline that there is not, with the nearest that there are."""
    kind = given.get("kind") if isinstance(given, dict) else None
    if isinstance(given, dict) and kind not in list(kinds()):
        wrong = "'kind' is missing" if kind is None else f"there is no kind {str(kind)!r}"
        raise PydanticCustomError("unknown_kind", f"{wrong}; {nearest(str(kind or ''), kinds())}")
    return given


AnyBaseline: Any = Annotated[
    reduce(or_, BASELINES), Field(discriminator="kind"), BeforeValidator(_known_kind)
]


class Question(Frozen):
    """Which models to score, by which measure, at which checkpoint, against what."""

    models: Annotated[
        tuple[str, ...], Field(description="ids, prefixes or names; all where none is named")
    ] = ()
    measure: Annotated[str, Field(description="name of a measure; GET lists them")]
    checkpoint: Annotated[int | str, Field(description="a number, last, first or best")] = "last"
    baseline: Annotated[
        AnyBaseline | None, Field(description="what would not be interesting; the measure's own if left out")
    ] = None
    kinds: Annotated[
        tuple[Kind, ...],
        Field(description="what is scored: weights, activations; all that the measure speaks of if left out"),
    ] = ()
    divergence: Annotated[
        str | None, Field(description="how the deviation is measured; the measure's own if left out")
    ] = None
    levels: Annotated[
        tuple[Level, ...],
        Field(description="whose scores are told: variable, layer, model, experiment; all if left out"),
    ] = ()
    within: Annotated[
        tuple[str, ...],
        Field(description="models whose scores, and those of their parts, are told; all if left out"),
    ] = ()


def interestingness(catalog: Catalog, question: Question, limits: Limits | None = None) -> dict[str, Any]:
    """Score every variable or layer of the models, and everything above, comparably within each type.

    Raises
    ------
    RequestError, UnitError
        When a measure, baseline, divergence, checkpoint or model does not exist, or they do not fit together.
    LimitError
        Before anything is read, when more values would be than is allowed.

    """
    measure = _named(question.measure, MEASURES, "measure")
    baseline = _baseline(question, measure)
    divergence = _divergence(question, measure)
    wanted = parse_checkpoint(str(question.checkpoint), "checkpoint")
    survey = Survey(measure, catalog, wanted, _models(catalog, question), _kinds(question, measure))
    _check_cost(survey, limits or Limits())
    found = scored(survey, baseline, divergence)
    return {
        "measure": about_measure(measure),
        "baseline": baseline.model_dump(exclude_none=True),
        "divergence": divergence.name,
        "source": measure.source,
        "kinds": sorted(survey.kinds),
        "scores": [score._asdict() for score in _told(found.scores, catalog, question)],
        "unscored": [each._asdict() for each in found.unscored],
    }


def _told(scores: list[Score], catalog: Catalog, question: Question) -> list[Score]:
    """Return the scores of the levels and models that are wanted; all of them were scaled together."""
    models = {catalog.find(name).id for name in question.within}
    return [
        score
        for score in scores
        if (not question.levels or score.level in question.levels)
        and (not models or UnitOfAnalysis.parse(score.uoa).model in models)
    ]


def _named(name: str, table: tuple[Named, ...], what: str) -> Named:
    by_name = {each.name: each for each in table}
    if name not in by_name:
        raise RequestError(f"there is no {what} {name!r}; {nearest(name, by_name)}")
    return by_name[name]


def _baseline(question: Question, measure: Measure) -> Baseline:
    given = question.baseline
    if given is None:
        return _own_baseline(measure)
    if not given.fits(measure):
        raise _unfit("baseline", given.kind, measure, fitting_baselines(measure))
    baseline: Baseline = given
    return baseline


def _own_baseline(measure: Measure) -> Baseline:
    kind = next(each for each in BASELINES if each.model_fields["kind"].default == measure.baseline["kind"])
    return kind.model_validate(measure.baseline)


def _kinds(question: Question, measure: Measure) -> frozenset[Kind]:
    """Return what is scored."""
    for kind in question.kinds:
        if kind not in measure.kinds:
            raise _unfit("kind", kind, measure, sorted(measure.kinds))
    return frozenset(question.kinds) or measure.kinds


def _divergence(question: Question, measure: Measure) -> Divergence:
    found = _named(question.divergence or measure.divergence, DIVERGENCES, "divergence")
    if not found.fits(measure):
        raise _unfit("divergence", found.name, measure, fitting_divergences(measure))
    return found


def _unfit(what: str, name: str, measure: Measure, fitting: list[str]) -> RequestError:
    verb = "does not fit the measure"
    return RequestError(f"the {what} {name!r} {verb} {measure.name!r}; it takes {', '.join(fitting)}")


def _models(catalog: Catalog, question: Question) -> tuple[Model, ...]:
    """Return the models in the catalogue's order, whatever the question's."""
    chosen = {catalog.find(name).id for name in question.models} or set(catalog.by_id)
    return tuple(model for id_, model in catalog.by_id.items() if id_ in chosen)


def _check_cost(survey: Survey, limits: Limits) -> None:
    if survey.measure.source == "values":
        cost = sum(variable.entry.nbytes for model in survey.models for variable in survey.variables(model))
        limits.check("read", cost, "this reads", "ask for fewer models")
