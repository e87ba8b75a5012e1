"""The dashboard's only way to data: a client of the REST API."""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any
from urllib.parse import urlencode

import httpx
import numpy as np
import orjson
import xarray as xr

Json = dict[str, Any]

NONFINITE = {"NaN": np.nan, "Infinity": np.inf, "-Infinity": -np.inf}

MOST_SAMPLES = 10_000
"""Of one answer: so many the server gives."""

STEP = re.compile(r"^step \d+ \([^)]*\): ")
"""How the server begins to say what is wrong with a step."""

MOST_TOGETHER = 100
"""Questions of one batch: the server takes 200 at most."""


class ServerError(Exception):
    """An answer of the server that says, in one line, why there is no other."""


Listener = Callable[[Json, bool], None]
"""Is told of every question, ``{method, path, body}``, when it is asked and again when it is answered."""


class Client:
    """Ask the API, in the same process or over a network.

    ``transport`` is httpx' way to the application; every method raises `ServerError` with the server's own
    explanation when it declines.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport, headers: Mapping[str, str] | None = None) -> None:
        self._http = httpx.AsyncClient(transport=transport, base_url="http://localhost/api", headers=headers)
        self._known: dict[str, tuple[str, Json]] = {}
        self._listener: Listener = lambda _question, _answered: None

    def told_to(self, listener: Listener) -> "Client":
        """Return the same client, of whose questions ``listener`` is told."""
        other = copy(self)
        other._listener = listener
        return other

    async def experiments(self) -> Json:
        """Return every experiment with its models' summaries; the same object until something changes."""
        return await self._same("/experiments")

    async def edges(self) -> list[Json]:
        """Return what changed along each edge of the tree; the same object until something changes."""
        found: list[Json] = (await self._same("/comparison/edges"))["edges"]
        return found

    async def comparison(self, before: str, after: str) -> Json:
        """Return what changed from one model to another."""
        return await self._get(f"/comparison?a={before}&b={after}")

    async def model(self, model: str) -> Json:
        """Return a model's summary, header, children and hyperparameters."""
        return await self._get(f"/models/{model}")

    async def architecture(self, model: str) -> Json:
        """Return a model's graph of layers and operations."""
        return await self._get(f"/models/{model}/architecture")

    async def checkpoints(self, model: str) -> list[Json]:
        """Return a model's checkpoints: when each was taken, and its metrics."""
        found: list[Json] = await self._asked("GET", f"/models/{model}/checkpoints?variables=false")
        return found

    async def catalogue(self, model: str, number: int) -> Json:
        """Return what a checkpoint tells of itself: the variables that it holds, by their paths."""
        return await self._get(f"/models/{model}/checkpoints/{number}")

    async def updates(self, model: str, below: str = "") -> Json:
        """Return what the recorded training steps did to the variables below a layer; NaN where unknown."""
        answer = await self._get(f"/models/{model}/updates?{urlencode({'below': below})}")
        return {**answer, **{name: _numbers(answer[name]) for name in ("gradient_norm", "update_ratio")}}

    async def history(self, model: str) -> Json:
        """Return the scalars over training; what is not finite is a number here."""
        answer = await self._get(f"/models/{model}/history")
        return {**answer, "metrics": {name: _numbers(values) for name, values in answer["metrics"].items()}}

    async def samples(
        self,
        model: str,
        ids: Sequence[int] = (),
        *,
        inputs: bool = True,
        labels: bool = True,
        checkpoint: int | str = "last",
    ) -> Json:
        """Return inputs, labels and predictions of some samples; of all that are followed without ``ids``.

        Inputs ``x`` and labels ``y_label`` are by their names, of which a single one has none.
        """
        asked: Json = {"limit": len(ids) or MOST_SAMPLES, "inputs": inputs, "labels": labels}
        asked["checkpoint"] = checkpoint
        if ids:
            asked["ids"] = ",".join(map(str, ids))
        answer = await self._get(f"/models/{model}/samples?{urlencode(asked)}")
        arrays = ("x", "y_label")
        return {**answer, **{kind: _decoded(answer[kind]) for kind in arrays}}

    async def vocabulary(self, model: str) -> dict[str, list[str]]:
        """Return the words that numbers in the samples stand for, by the names of inputs."""
        return await self._same(f"/models/{model}/vocabulary")

    async def values(self, uoa: str | list[str], pipeline: list[Json] | None = None) -> xr.DataArray:
        """Return the values of a unit of analysis after the pipeline."""
        answer = await self._post("/values", {"uoa": uoa, "pipeline": pipeline or []})
        return decode(answer)

    async def batch(self, questions: Sequence[tuple[str, list[Json]]]) -> list[xr.DataArray]:
        """Return what pipelines make of units of analysis, in the same order.

        Raises
        ------
        ServerError
            With the first problem that the server has with one of them.
        """
        queries = [{"uoa": uoa, "pipeline": pipeline} for uoa, pipeline in questions]
        found: list[xr.DataArray] = []
        for start in range(0, len(queries), MOST_TOGETHER):
            asked = {"queries": queries[start : start + MOST_TOGETHER]}
            found += map(_value, (await self._post("/values/batch", asked))["answers"])
        return found

    async def interestingness(self, questions: Sequence[Json]) -> list[Json]:
        """Return what measures say of models: a score per unit, an answer per question."""
        answer = await self._post("/interestingness/batch", {"questions": list(questions)})
        found: list[Json] = answer["answers"]
        return found

    async def measures(self) -> Json:
        """Return the interestingness measures and baselines with their descriptions."""
        return await self._get("/interestingness")

    async def locate(
        self,
        types: Sequence[str] = (),
        patterns: Sequence[str] = (),
        models: Sequence[str] = (),
        *,
        brief: bool = False,
    ) -> Json:
        """Return where unit types and structural patterns occur, or only how often."""
        names = {"types": list(types), "patterns": list(patterns), "models": list(models)}
        return await self._post("/locate", {**names, "brief": brief})

    async def search(self, query: str, limit: int = 12) -> list[Json]:
        """Return the models, layers and variables of which some words are written, the best first."""
        answer = await self._get(f"/search?{urlencode({'q': query, 'limit': limit})}")
        found: list[Json] = answer["results"]
        return found

    async def branch(self, parent: str, name: str = "", label: str = "") -> Json:
        """Return the header of a child model."""
        wanted = {"parent": parent, "name": name, "label": label}
        return await self._post("/branch", {key: value for key, value in wanted.items() if value})

    async def _same(self, path: str) -> Json:
        """Return an answer, and the very same object as long as the server says that it has not changed."""
        tag, known = self._known.get(path, ("", {}))
        response = await self._http.get(path, headers={"if-none-match": tag})
        if response.status_code != httpx.codes.NOT_MODIFIED:
            known = _answer(response)
            self._known[path] = (response.headers["etag"], known)
        return known

    async def _get(self, path: str) -> Json:
        found: Json = await self._asked("GET", path)
        return found

    async def _post(self, path: str, body: Json) -> Json:
        found: Json = await self._asked("POST", path, body)
        return found

    async def _asked(self, method: str, path: str, body: Json | None = None) -> Any:
        question = {"method": method, "path": f"/api{path}", "body": body}
        self._listener(question, False)
        content = None if body is None else orjson.dumps(body)
        headers = {} if body is None else {"content-type": "application/json"}
        response = await self._http.request(method, path, content=content, headers=headers)
        self._listener(question, True)
        return _answer(response)


def decode(answer: Json) -> xr.DataArray:
    """Return the labelled array that an answer of ``/api/values`` describes."""
    return xr.DataArray(
        _array(answer["values"], answer["dtype"]).reshape(answer["shape"]),
        dims=answer["dims"],
        coords={name: _coordinate(name, coordinate) for name, coordinate in answer["coords"].items()},
        name=answer.get("name"),
    )


def _value(answer: Json) -> xr.DataArray:
    """Return the value of a batch's answer, of which each may be a problem."""
    if answer["kind"] == "problem":
        raise ServerError(_reason(answer))
    return decode(answer)


def _coordinate(name: str, coordinate: Any) -> tuple[list[str], Any]:
    if isinstance(coordinate, list):
        return [name], coordinate
    return coordinate["dims"], _numbers(coordinate["values"])


def _array(values: Any, dtype: str) -> np.ndarray[Any, np.dtype[Any]]:
    return np.asarray(_numbers(values), dtype=None if dtype in {"object", "str"} else dtype)


def _numbers(values: Any) -> Any:
    if isinstance(values, list):
        return [_numbers(value) for value in values]
    return NONFINITE.get(values, values) if isinstance(values, str) else values


def _decoded(arrays: Json | None) -> dict[str, xr.DataArray]:
    """Return arrays by their names; a single one has none, and none are there where None was answered."""
    named = {"": arrays} if arrays and "values" in arrays else arrays or {}
    return {name: decode(array) for name, array in named.items()}


def _answer(response: httpx.Response) -> Any:
    body = orjson.loads(response.content)
    if response.is_success:
        return body
    raise ServerError(_reason(body) or f"the server answered {response.status_code}")


def _reason(problem: Json) -> str:
    """Return why there is no answer; not in which step of a pipeline, which no person has written."""
    return STEP.sub("", problem.get("detail") or problem.get("title") or "")
