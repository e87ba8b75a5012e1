"""What the files of one model hold."""

from inspectree.server.description import catalogue, moment
from inspectree.server.questions.body import Body
from inspectree.server.questions.context import Context


def architecture(context: Context, *, model: str) -> Body:
    """Return the model graph: layers, operations, variables, edges."""
    return Body.of(context.store[model].architecture)


def checkpoints(context: Context, *, model: str, variables: bool) -> Body:
    """List the checkpoints that can be read, with what each of them holds if ``variables``."""
    about = catalogue if variables else moment
    return Body.of([about(checkpoint) for checkpoint in context.store[model].checkpoints])


def checkpoint(context: Context, *, model: str, number: int) -> Body:
    """Tell of one checkpoint when it was taken, its metrics, its size, and the variables that it holds."""
    return Body.of(catalogue(context.store[model].checkpoint(number)))
