"""The checkpoints of a model, and what stands for a unit at each of them."""

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Context, ToolError
from inspectree.dashboard.tools.charts.captions import left_out
from inspectree.dashboard.tools.charts.traces import thinned

MOST = 200
"""Checkpoints that one widget looks at."""

SCALES = ("checkpoint", "epoch", "step")


def numbers_of(context: Context, model: str, most: int = MOST) -> list[int]:
    """Return the numbers of a model's checkpoints, of very many an even choice.

    Raises
    ------
    ToolError
        Where there is none.
    """
    numbers = [int(number) for number in context.models[model]["checkpoints"]]
    if not numbers:
        raise ToolError(f"{context.title(model)} has no checkpoint yet")
    return [numbers[position] for position in thinned(len(numbers), most)]


async def moments(client: Client, model: str, numbers: list[int], scale: str) -> list[int]:
    """Return the checkpoint, the epoch or the step of each of some checkpoints."""
    if scale == "checkpoint":
        return numbers
    taken = {moment["number"]: int(moment[scale]) for moment in await client.checkpoints(model)}
    return [taken.get(number, number) for number in numbers]


def cut_of(context: Context, model: str, numbers: list[int]) -> str:
    """Say that not all checkpoints were looked at; nothing where they were."""
    return left_out(len(numbers), len(context.models[model]["checkpoints"]), "checkpoints")


def chosen_of(context: Context, model: str, numbers: list[int]) -> str:
    """Return what to say of the checkpoints that were looked at."""
    total = len(context.models[model]["checkpoints"])
    cut = f", {len(numbers)} of {total}" if len(numbers) < total else ""
    return f"checkpoints {numbers[0]} … {numbers[-1]}{cut}"
