"""Names of the columns of what a network is fed, where they are known for certain."""

from __future__ import annotations

import itertools
import weakref
from typing import Any, Iterable, Mapping, Sequence

from tensorflow.python.framework.ops import EagerTensor

from doctor.capture.tensorflow import ops
from doctor.capture.tensorflow.layers import key_of
from doctor.capture.tensorflow.trace import DATA, Key, Node, Trace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from doctor.capture.tensorflow.look import Look

Names = list[str | None]

#: Columns whose names are kept, and tensors of one forward pass.
MAX_COLUMNS = 256
#: Ops that leave every column in its place, if the shape stays the same.
_IN_PLACE = ops.PASSING | ops.DIVISIONS | frozenset(
    {"Sub", "Mul", "Add", "AddV2", "BiasAdd", "Maximum", "Minimum", "ClipByValue", "SelectV2", "Log", "Log1p", "Sqrt"}
)
#: Ops that put columns side by side.
JOINING = frozenset({"ConcatV2", "Pack"})


class ColumnNames:
    """Follows names from dicts of tensors and tables of data to the inputs of a network."""

    def __init__(self) -> None:
        # Name, place among the others, and graph.
        self._tensors: dict[Key, tuple[str, Any, Any]] = {}
        self._tables: dict[int, tuple[str | None, ...] | None] = {}

    # What is told.

    def called(self, layer: Any, inputs: Any) -> None:
        """A Keras layer is called with a dict of tensors, or a model with as many as it has named inputs."""
        if isinstance(inputs, Mapping):
            self.named(inputs)
        elif isinstance(inputs, (list, tuple)):
            expected = getattr(layer, "_inputs", None)
            if isinstance(expected, (list, tuple)) and len(expected) == len(inputs):
                names = [str(getattr(one, "name", number)) for number, one in enumerate(expected)]
                self._name_all(zip(names, range(len(names)), inputs))

    def named(self, tensors: Mapping[Any, Any]) -> None:
        """These tensors have names."""
        self._name_all((str(name), str(name), tensor) for name, tensor in tensors.items())

    def _name_all(self, tensors: Iterable[tuple[str, Any, Any]]) -> None:
        if len(self._tensors) > 2 * MAX_COLUMNS:
            self._tensors.clear()
        for name, place, tensor in itertools.islice(tensors, MAX_COLUMNS):
            key = key_of(tensor)
            if key is not None:
                self._tensors[key] = (name, place, _home(tensor))

    def table(self, names: Sequence[str | None]) -> None:
        """A table with these columns is given to the training."""
        known = self._tables.setdefault(len(names), tuple(names))
        if known != tuple(names):
            self._tables[len(names)] = None  # two tables of one width: which it is would be a guess

    # What is asked.

    def facts(self, trace: Trace, key: Key, look: Look) -> dict[str, Any]:
        """{"columns": names} of a tensor of shape (rows, columns), {} where none is known."""
        shape = look.shape(key)
        if not shape or len(shape) != 2 or shape[1] is None or shape[1] > MAX_COLUMNS:
            return {}
        names = self._of(trace, key, look, shape[1], 0)
        return {"columns": names} if names is not None and any(names) else {}

    def _of(self, trace: Trace, key: Key, look: Look, width: int, depth: int) -> Names | None:
        """A name, or None, for each of `width` columns; None where nothing is known at all."""
        for _ in range(64):
            known = self._name(key, look)
            if known is not None:
                return [known] if width == 1 else [f"{known}[{number}]" for number in range(width)]
            node = trace.producer.get(key)
            if node is None or node.op in ops.SOURCES:
                table = self._tables.get(width) if not depth else None
                return list(table) if table is not None else None
            if node.op in JOINING and depth < 4:
                return self._joined(trace, node, look, width, depth)
            below = self._below(trace, node, key, look, width)
            if below is None:
                return None
            key = below
        return None

    def _name(self, key: Key, look: Look) -> str | None:
        name, _, home = self._tensors.get(key, (None, None, None))
        # Tensors of different graphs may have the same key.
        return name if name is not None and (home is None or home() is look.graph) else None

    def in_order(self, keys: Iterable[Key], look: Look) -> list[Key]:
        """Tensors in the order of a dict's sorted names, or of a list, where all have a name; else as they are."""
        found = list(dict.fromkeys(keys))
        if any(self._name(key, look) is None for key in found):
            return found
        return sorted(found, key=lambda key: (isinstance(self._tensors[key][1], str), self._tensors[key][1]))

    def _below(self, trace: Trace, node: Node, key: Key, look: Look, width: int) -> Key | None:
        """The operand that an elementwise op leaves in place."""
        if node.op not in _IN_PLACE:
            return None
        data = [one for one in node.inputs if trace.flag(one) & DATA]
        shape = look.shape(key)
        like = [one for one in data if self._same_rows(look.shape(one), shape, width)]
        return like[0] if len(like) == 1 else None

    def _same_rows(
        self, before: tuple[int | None, ...] | None, after: tuple[int | None, ...] | None, width: int
    ) -> bool:
        """Whether one column of a vector, or all of a table, keep their places."""
        if not before or not after or before[0] != after[0]:
            return False
        return (before[1:] in ((width,), (width, 1), (1, width))) or (width == 1 and len(before) == 1)

    def _joined(self, trace: Trace, node: Node, look: Look, width: int, depth: int) -> Names | None:
        pieces = [one for one in node.inputs if trace.flag(one) & DATA or look.shape(one) not in ((), None)]
        names: Names = []
        for piece in pieces:
            shape = look.shape(piece)
            size = 1 if node.op == "Pack" else (shape or (None,))[-1]
            if size is None:
                return None
            names += self._of(trace, piece, look, size, depth + 1) or [None] * size
        return names if len(names) == width else None


def _home(tensor: Any) -> Any:
    """A weak reference to the graph of a symbolic tensor, None for an eager one."""
    return None if isinstance(tensor, EagerTensor) else weakref.ref(tensor.graph)
