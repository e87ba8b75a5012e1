"""How far a weight has moved since the checkpoint before."""

from typing_extensions import override

from inspectree.server.interestingness.measure import WEIGHTS, VariableMeasure
from inspectree.server.interestingness.measures.change import distance
from inspectree.server.interestingness.subjects import Variable


class StepChange(VariableMeasure):
    """How far a weight has moved since the checkpoint before.

    The Euclidean norm of the difference, relative to the norm before. Of a layer that has stopped to learn
    it is 0.
    """

    name = "step_change"
    title = "Latest change"
    description = (
        "How far a weight is from where it was at the checkpoint before, relative to its norm there."
    )
    kinds = WEIGHTS
    source = "values"
    without = (
        "there is no checkpoint before, or there it was 0 or not finite, was not there, or had another shape"
    )
    temporal = True

    @override
    def observe(self, subject: Variable) -> float:
        return distance(subject, subject.at(subject.moment.previous))
