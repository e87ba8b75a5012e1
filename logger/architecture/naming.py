"""The paths that calls of layers have: the same while a graph is drawn and while activations are captured."""

from inspectree.logger.store.layout import encode


class CallNames:
    """Give every call of a layer a path of its own, from the order in which layers are called.

    Another layer of the same name below the same parent is ``name@2``; a layer's second call is ``path:1``.
    """

    def __init__(self) -> None:
        self._layers: dict[tuple[str | None, str], list[object]] = {}
        self._calls: dict[str, int] = {}

    def call(self, parent: str | None, name: str, layer: object) -> str:
        """Return the path of this call of ``layer`` inside ``parent``."""
        namesakes = self._layers.setdefault((parent, name), [])
        if not any(layer is other for other in namesakes):
            namesakes.append(layer)
        number = next(index for index, other in enumerate(namesakes, 1) if other is layer)
        path = below(parent, name) if number == 1 else f"{below(parent, name)}@{number}"
        calls = self._calls[path] = self._calls.get(path, -1) + 1
        return f"{path}:{calls}" if calls else path

    def forget_inside(self, parent: str) -> None:
        """Take back all paths inside ``parent``."""
        inside = f"{parent}/"
        self._layers = {
            key: layers
            for key, layers in self._layers.items()
            if key[0] is None or not f"{key[0]}/".startswith(inside)
        }
        self._calls = {path: calls for path, calls in self._calls.items() if not path.startswith(inside)}


def below(parent: str | None, name: str) -> str:
    """Return the path of ``name`` inside ``parent``; without a parent, on the top level."""
    return encode(name) if parent is None else f"{parent}/{encode(name)}"
