"""What one running server works with."""

from dataclasses import dataclass, field

from inspectree.server.cache import Cache
from inspectree.server.hub import Hub
from inspectree.server.limits import Limits
from inspectree.server.store import Store


@dataclass(frozen=True)
class Service:
    """A store, where its answers are kept, what an answer may cost, and who listens to changes."""

    store: Store
    cache: Cache
    limits: Limits = field(default_factory=Limits)
    hub: Hub = field(default_factory=Hub)
