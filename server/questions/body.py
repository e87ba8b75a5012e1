"""An answer as it travels: bytes, what they are, and how they were made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from inspectree.server.jsontext import dumps

JSON = "application/json"


@dataclass(frozen=True)
class Body:
    """Encoded content; ``provenance`` is told with JSON objects, and is not part of the content."""

    content: bytes
    media_type: str = JSON
    provenance: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, content: Any) -> "Body":
        """Return content as JSON."""
        return cls(dumps(content))

    def parsed(self) -> Any:
        """Return what JSON content says."""
        return orjson.loads(self.content)

    @property
    def nbytes(self) -> int:
        """Return the bytes that it takes."""
        return len(self.content)

    def told(self, **more: Any) -> bytes:
        """Return the content; of a JSON object with the provenance in it, of which ``more`` is known now."""
        if self.provenance is None or self.media_type != JSON:
            return self.content
        known = orjson.dumps({"provenance": {**self.provenance, **more}})
        return self.content[:-1] + b"," + known[1:]

    def packed(self) -> bytes:
        """Return it as bytes that only hold data: a line of JSON, then the content."""
        head = orjson.dumps({"media_type": self.media_type, "provenance": self.provenance})
        return head + b"\n" + self.content

    @classmethod
    def unpacked(cls, packed: bytes) -> "Body":
        """Return what `packed` was made of.

        Raises
        ------
        ValueError
            When it was not made by `packed`.
        """
        head, _, content = packed.partition(b"\n")
        known = orjson.loads(head)
        if not isinstance(known, dict) or known.keys() != {"media_type", "provenance"}:
            raise ValueError("it is no answer")
        media_type, provenance = known["media_type"], known["provenance"]
        if not isinstance(media_type, str) or not isinstance(provenance, dict | None):
            raise ValueError("it is no answer")
        return cls(content, media_type, provenance)
