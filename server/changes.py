"""What differs between two looks at a store."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from inspectree.server.catalog import Catalog
from inspectree.server.model import Model

ChangeKind = Literal["model_added", "model_changed", "model_removed", "checkpoint_added"]


@dataclass(frozen=True)
class Change:
    """One thing that is new; ``checkpoint`` is set for checkpoints only."""

    kind: ChangeKind
    model: str
    checkpoint: int | None = None


def changes(before: Catalog, after: Catalog) -> list[Change]:
    """Return what has come, changed and gone, model by model."""
    found = [Change("model_removed", model) for model in before.by_id if model not in after.by_id]
    for model in after.by_id.values():
        known = before.by_id.get(model.id)
        if known is None:
            found.append(Change("model_added", model.id))
        elif known is not model and _differ(known, model):
            found.append(Change("model_changed", model.id))
        found.extend(_new_checkpoints(known, model))
    return found


def _differ(known: Model, model: Model) -> bool:
    """Tell whether more has happened than that checkpoints were added."""
    gone = set(known.checkpoint_numbers) - set(model.checkpoint_numbers)
    old, new = known.fingerprint, model.fingerprint
    return bool(gone) or known.state != model.state or (old.model, old.history) != (new.model, new.history)


def _new_checkpoints(known: Model | None, model: Model) -> Iterator[Change]:
    seen = set(known.checkpoint_numbers if known else ())
    for number in model.checkpoint_numbers:
        if number not in seen:
            yield Change("checkpoint_added", model.id, number)
