"""Paths of units of analysis, as the page and its links write them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Path:
    """The parts of ``MODEL[/LAYER…][#UNIT]``; in the page the checkpoint is the checkpoint bar's."""

    model: str
    inside: str = ""
    unit: str = ""

    def __str__(self) -> str:
        """Return the path as it is written."""
        return f"{self.model}{f'/{self.inside}' if self.inside else ''}{f'#{self.unit}' if self.unit else ''}"

    def holds(self, inside: str) -> bool:
        """Tell whether a layer or variable of the model is what the path names there, or lies below."""
        return not self.inside or f"{inside}/".startswith(f"{self.inside}/")


def parse(uoa: str) -> Path:
    """Return the parts of a path."""
    rest, _, unit = uoa.partition("#")
    model, _, inside = rest.partition("/")
    return Path(model, inside, unit)


def is_experiment(uoa: str) -> bool:
    """Tell whether a path stands for an experiment; a model's id holds no colon."""
    return ":" in uoa.partition("/")[0]


def at(uoa: str, checkpoint: int | str) -> str:
    """Return the path at a checkpoint: ``m/conv/kernel`` at 3 is ``m@3/conv/kernel``."""
    model, separator, rest = uoa.partition("/")
    model, hash_, unit = model.partition("#")
    return f"{model}@{checkpoint}{hash_}{unit}{separator}{rest}"
