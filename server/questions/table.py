"""Every question that a worker answers, by its name."""

from collections.abc import Callable, Mapping

from inspectree.server.questions.body import Body
from inspectree.server.questions.files import heads, moment
from inspectree.server.questions.models import architecture, checkpoint, checkpoints, updates
from inspectree.server.questions.samples import classes, image, samples, vocabulary
from inspectree.server.questions.values import values
from inspectree.server.questions.whole import (
    comparison,
    edges,
    interestingness,
    interestingness_batch,
    locate,
    search,
)

Question = Callable[..., Body]

QUESTIONS: Mapping[str, Question] = {
    question.__name__: question
    for question in (
        heads,
        moment,
        architecture,
        checkpoints,
        checkpoint,
        updates,
        samples,
        vocabulary,
        image,
        classes,
        values,
        interestingness,
        interestingness_batch,
        locate,
        search,
        comparison,
        edges,
    )
}
