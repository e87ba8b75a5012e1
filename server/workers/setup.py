"""What a worker is given when it begins."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from inspectree.server.grammar import GRAMMAR, STEPS, Grammar
from inspectree.server.limits import Limits


@dataclass(frozen=True)
class Setup:
    """What a worker needs to know: the store, what answers may cost, files with the user's own steps."""

    store: Path
    limits: Limits
    steps: tuple[Path, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Return what changes when answers might: limits, and files with steps as they were first seen."""
        files = b"".join(path.read_bytes() for path in self.steps)
        return blake2b(repr(self.limits).encode() + files, digest_size=20).hexdigest()

    @property
    def grammar(self) -> Grammar:
        """Return the grammar of pipelines, with the user's own steps.

        Raises
        ------
        PipelineError
            When a file holds none, or one that is there already.
        """
        if not self.steps:
            return GRAMMAR
        from inspectree.server.grammar.own import load

        return Grammar((*STEPS, *(step for path in self.steps for step in load(path))))
