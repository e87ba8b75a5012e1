"""The answer to a question about interestingness, as it is described to those who ask over HTTP."""

from typing import Annotated, Any, Literal

from pydantic import Field

from inspectree.logger.frozen import Frozen
from inspectree.server.interestingness.measure import Kind, Source
from inspectree.server.interestingness.scores import Level

Number = float | Literal["Infinity", "-Infinity"]


class AboutMeasure(Frozen):
    """What is known of a measure."""

    name: str
    title: str
    description: str
    doc: str
    kinds: tuple[Kind, ...]
    source: Annotated[Source, Field(description="what has to be read for it")]
    baseline: Annotated[dict[str, Any], Field(description="its own, where none is asked for")]
    divergence: Annotated[str, Field(description="its own, where none is asked for")]
    baselines: Annotated[tuple[str, ...], Field(description="the kinds that fit")]
    divergences: Annotated[tuple[str, ...], Field(description="those that fit")]
    constants: Annotated[dict[str, Any], Field(description="the numbers that it is defined by")]


class AboutBaseline(Frozen):
    """What is known of a kind of baseline."""

    kind: str
    family: Literal["objective", "subjective", "user-defined"]
    title: str
    description: str
    doc: str
    example: dict[str, Any]
    ready: Annotated[bool, Field(description="whether it needs no settings")]
    schema_: Annotated[dict[str, Any], Field(alias="schema", description="JSON Schema of its settings")]


class AboutDivergence(Frozen):
    """What is known of a divergence."""

    name: str
    title: str
    description: str
    doc: str


class Listing(Frozen):
    """What there is to ask."""

    measures: tuple[AboutMeasure, ...]
    baselines: tuple[AboutBaseline, ...]
    divergences: tuple[AboutDivergence, ...]


class ScoreOfUnit(Frozen):
    """How interesting a unit of analysis is, and how that came about."""

    uoa: str
    level: Level
    type: Annotated[str, Field(description="what it was scaled among: the variable's name, or layer")]
    raw: Annotated[Number, Field(description="the measure's value; of distributions their divergence")]
    baseline: Annotated[Number, Field(description="what it is compared with; of distributions 0")]
    against: Annotated[str, Field(description="the baseline in words")]
    deviation: Annotated[Number, Field(description="how far the value is from the baseline, 0 or more")]
    score: Annotated[float, Field(ge=0, le=1)]


class UnscoredUnits(Frozen):
    """Units that have no score: why, how many, and the first of them."""

    why: str
    number: int
    first: str


class Answer(Frozen):
    """Scores of variables or layers and of everything that contains them, by the highest of the parts."""

    measure: AboutMeasure
    baseline: Annotated[dict[str, Any], Field(description="the one compared with, its settings included")]
    divergence: str
    source: Annotated[Source, Field(description="what had to be read")]
    kinds: Annotated[tuple[Kind, ...], Field(description="what is scored")]
    scores: tuple[ScoreOfUnit, ...]
    unscored: tuple[UnscoredUnits, ...]
