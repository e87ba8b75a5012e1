"""What one question may cost."""

from dataclasses import dataclass

from inspectree.server.errors import LimitError


@dataclass(frozen=True)
class Limits:
    """Bytes that may be held in memory for one question, and elements that one answer may have.

    What labels the values counts in both.
    """

    held_bytes: int = 2 * 1024**3
    elements: int = 5_000_000

    def check(self, held_bytes: int, elements: int, advice: str = "select or reduce more") -> None:
        """Refuse a question that would cost more; ``advice`` is what to do about too many elements.

        Raises
        ------
        LimitError
            Says how much it would be, what is allowed, and what to do.
        """
        if held_bytes > self.held_bytes:
            cost, allowed = (f"{count / 1e6:,.0f} MB" for count in (held_bytes, self.held_bytes))
            raise LimitError(f"this would hold {cost} in memory; {allowed} are allowed: select less first")
        if elements > self.elements:
            allowed = f"{self.elements:,} are allowed: {advice}"
            raise LimitError(f"the answer would have {elements:,} elements, labels included; {allowed}")
