"""Values of units of analysis, transformed where they lie."""

import asyncio
import re
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from inspectree.logger.errors import InspectreeError
from inspectree.logger.frozen import Frozen
from inspectree.server.api.answer import JSON, asked, sent
from inspectree.server.api.depends import TheService
from inspectree.server.api.problems import as_problem
from inspectree.server.errors import RequestError
from inspectree.server.formats import FORMATS
from inspectree.server.model import Model
from inspectree.server.reference import references
from inspectree.server.service import Asked, Service
from inspectree.server.store import Store
from inspectree.server.uoa import UnitOfAnalysis

TOGETHER = 4
"""Questions of a batch that are answered at a time: others want workers, too."""

router = APIRouter(tags=["values"])


class Question(Frozen):
    """One unit of analysis or several, and what is to be made of their values."""

    uoa: Annotated[str | tuple[str, ...], Field(description="one address, or several to be stacked")]
    pipeline: Annotated[tuple[dict[str, Any], ...], Field(description="steps; /api/grammar lists them")] = ()
    classes: Annotated[tuple[str, ...] | None, Field(description="names of classes to restrict to")] = None
    samples: Annotated[tuple[int, ...] | None, Field(description="positions of samples to restrict to")] = (
        None
    )


class Batch(Frozen):
    """Several questions that are answered together."""

    queries: Annotated[tuple[Question, ...], Field(min_length=1, description="each as /api/values takes it")]


@dataclass(frozen=True)
class Prepared:
    """A question with addresses that say which checkpoint they mean, its models, and whether it is slow."""

    question: Question
    uoas: tuple[str, ...]
    models: tuple[Model, ...]
    slow: bool

    def given(self, form: str) -> dict[str, Any]:
        """Return what a worker is given."""
        about = self.question
        return {
            "uoas": self.uoas,
            "pipeline": about.pipeline,
            "classes": about.classes,
            "samples": about.samples,
            "form": form,
        }


@router.post("/values", responses={200: {"content": {f.media_type: {} for f in FORMATS.values()}}})
async def values(
    request: Request, question: Question, service: TheService, accept: Annotated[str, Header()] = "*/*"
) -> Response:
    """Return what a pipeline makes of the values, as JSON, CSV, npy or an Arrow stream by ``Accept``."""
    form = negotiated(accept)
    about = await run_in_threadpool(prepared, service, question)
    return await asked(request, service, "values", about.models, about.given(form), slow=about.slow)


@router.post("/values/batch")
async def batch(request: Request, batch: Batch, service: TheService) -> Response:
    """Answer several questions at a time: a list of arrays, tables and problems in the same order."""
    service.limits.check("queries", len(batch.queries), "this batch holds", "ask in several batches")
    answers: list[bytes] = []
    for start in range(0, len(batch.queries), TOGETHER):
        some = batch.queries[start : start + TOGETHER]
        answers += await asyncio.gather(*(_answered(request, service, question) for question in some))
        nbytes = sum(map(len, answers))
        service.limits.check("batch", nbytes, "the answers of this batch take", "ask in several batches")
    content = b'{"answers":[' + b",".join(answers) + b"]}"
    return await asyncio.to_thread(sent, request, content, JSON)


async def _answered(request: Request, service: Service, question: Question) -> bytes:
    """Return an answer, or the problem with it: the others of its batch have none."""
    try:
        about = await run_in_threadpool(prepared, service, question)
        asking = Asked("values", about.given("json"), about.models, slow=about.slow)
        return (await service.ask(asking, request.is_disconnected))[1]
    except InspectreeError as error:
        return orjson.dumps({"kind": "problem", **as_problem(error)})


def prepared(service: Service, question: Question) -> Prepared:
    """Return a question as workers are asked it, without having opened a file."""
    uoas = (question.uoa,) if isinstance(question.uoa, str) else question.uoa
    if not uoas:
        raise RequestError("uoa: name at least one unit of analysis")
    service.limits.check("units", len(uoas), "this question is about", "ask for fewer of them")
    pipeline = service.grammar.parse(question.pipeline, service.limits)
    addresses = [_exact(service.store, UnitOfAnalysis.parse(uoa)) for uoa in uoas]
    others = [_exact(service.store, UnitOfAnalysis.parse(uoa)) for uoa in references(pipeline, addresses)]
    models = dict.fromkeys(service.store[address.model] for address in (*addresses, *others))
    slow = any(step.takes_long for step in pipeline)
    return Prepared(question, tuple(map(str, addresses)), tuple(models), slow)


def _exact(store: Store, uoa: UnitOfAnalysis) -> UnitOfAnalysis:
    """Return an address with the model's whole id and the checkpoint's number."""
    model = store[uoa.model]
    whole = UnitOfAnalysis(model.id, uoa.checkpoint, uoa.path, uoa.unit)
    if not uoa.path and uoa.checkpoint is None:
        return whole  # the model itself, whose value is its history
    return whole.at(model.number("last" if uoa.checkpoint is None else uoa.checkpoint))


def negotiated(accept: str) -> str:
    """Return the name of the first format that the client takes."""
    for media_type in _preferred(accept):
        for name, form in FORMATS.items():
            if media_type in {form.media_type, f"{form.media_type.partition('/')[0]}/*", "*/*"}:
                return name
    offered = ", ".join(form.media_type for form in FORMATS.values())
    raise HTTPException(406, f"none of {accept} can be given; there are {offered}")


def _preferred(accept: str) -> list[str]:
    """Return the media types that a client takes, those that it likes best first (RFC 9110)."""
    weights: dict[str, float] = {}
    for part in accept.split(","):
        media_type, *parameters = (piece.strip() for piece in part.split(";"))
        given = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        weights[media_type] = float(given) if re.fullmatch(r"[01](\.\d{0,3})?", given) else 1.0
    return sorted((each for each in weights if weights[each]), key=lambda each: -weights[each])
