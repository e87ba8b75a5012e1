"""What everything in a question is restricted to."""

from dataclasses import dataclass
from typing import Any

from inspectree.server.grammar.select import Select
from inspectree.server.grammar.spec import Spec


@dataclass(frozen=True)
class Filters:
    """Classes (names) and samples (positions) that everything with such a coordinate is restricted to."""

    classes: tuple[str, ...] | None = None
    samples: tuple[int, ...] | None = None

    def on(self, spec: Spec) -> Select | None:
        """Return the selection that they are of a value so described; None where they have no effect."""
        fields: dict[str, Any] = {}
        if self.classes is not None and "class" in spec.coords:
            fields["class"] = self.classes
        if self.samples is not None and "sample" in spec.sizes:
            fields["label"] = {"sample": self.samples}
        return Select.model_validate(fields) if fields else None

    @property
    def of_classes(self) -> Select | None:
        """Return the selection of classes, where nothing else is selected."""
        if self.classes is None or self.samples is not None:
            return None
        return Select.model_validate({"class": self.classes})


NO_FILTERS = Filters()
