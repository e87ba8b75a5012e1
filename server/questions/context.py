"""What a question is answered with."""

from dataclasses import dataclass, field

from inspectree.server.grammar import GRAMMAR, Grammar
from inspectree.server.limits import Limits
from inspectree.server.store import Store


@dataclass(frozen=True)
class Context:
    """A store, what an answer may cost, and the grammar of pipelines."""

    store: Store
    limits: Limits = field(default_factory=Limits)
    grammar: Grammar = GRAMMAR
