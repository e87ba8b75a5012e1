"""A snapshot of the store's models, with what the page adds to them: colours and the classes in force."""

from dataclasses import dataclass
from typing import Any

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import model_colors
from inspectree.dashboard.tools.base import Context
from inspectree.dashboard.uoa import parse
from inspectree.dashboard.view import View

Json = dict[str, Any]


@dataclass(frozen=True)
class Index:
    """The experiments as the server told them, the models by id, and each model's colour."""

    answer: Json
    models: dict[str, Json]
    colors: dict[str, str]

    @property
    def experiments(self) -> list[Json]:
        """Return the experiments with their models."""
        found: list[Json] = self.answer["experiments"]
        return found

    def model(self, uoa: str) -> Json | None:
        """Return the model that a path lies in; None where it is no longer there."""
        return self.models.get(parse(uoa).model)

    def context(self, view: View, settings: dict[str, Any] | None = None) -> Context:
        """Return what tools may know of the page."""
        return Context(
            models=self.models,
            experiments={
                experiment["id"]: [model["id"] for model in experiment["models"]]
                for experiment in self.experiments
            },
            colors=self.colors,
            off=view.off,
            checkpoint=view.checkpoint,
            settings=settings or {},
            selection=view.selection(view.filtered),
            marked=view.selection(view.lit),
        )

    def longest(self) -> Json | None:
        """Return the model with the most checkpoints: the checkpoint bar's while no model is in focus."""
        return max(self.models.values(), key=lambda model: len(model["checkpoints"]), default=None)


async def read_index(client: Client) -> Index:
    """Ask the server what is there now."""
    answer = await client.experiments()
    models = {model["id"]: model for experiment in answer["experiments"] for model in experiment["models"]}
    return Index(answer, models, model_colors(answer["experiments"]))
