"""A layer put before all others of a Keras model, however that is written."""

from __future__ import annotations

import libcst as cst

from doctor.repairs.base import Case
from doctor.repairs.edits import Edits
from doctor.repairs.source import last_name

_INPUTS = ("Input", "InputLayer")
_MODELS = ("Sequential", "Model", "Functional")


def put_first(case: Case, layer: str, arguments: str) -> Edits | None:
    """A model with one more layer at its beginning; None where it is not written as one list, `add`s or calls.

    Args:
        case: whose files are looked through.
        layer: "layers.Rescaling".
        arguments: of the layer, as they are written.
    """
    for source in case.sources():
        edits = Edits(source)
        made = f"{edits.keras(layer)}({arguments})"
        if _in_list(edits, made) or _added(edits, made) or _called(edits, made):
            return edits
    return None


def _in_list(edits: Edits, made: str) -> bool:
    """keras.Sequential([Input(...), layer, Dense(...)])."""
    source = edits.source
    for call in source.calls("Sequential"):
        given = call.args[0].value if call.args else None
        if not isinstance(given, cst.List) or not given.elements or not isinstance(given.elements[0], cst.Element):
            continue
        first = given.elements[0]
        place = int(_is_input(first.value))
        if place < len(given.elements):
            edits.change(given, _Inserted(place, made))
            return True
    return False


def _added(edits: Edits, made: str) -> bool:
    """model.add(Input(...)); model.add(layer); model.add(Dense(...))."""
    source = edits.source
    for call in source.calls("add"):
        if not isinstance(call.func, cst.Attribute) or not call.args:
            continue
        given, model = call.args[0].value, source.code(call.func.value)
        if not isinstance(given, cst.Call) or not _layer(given):
            continue
        code = f"{model}.add({made})"
        if _is_input(given):
            edits.insert_after(call, code)
        else:
            edits.insert_before(call, code)
        return True
    return False


def _called(edits: Edits, made: str) -> bool:
    """x = Dense(...)(layer(inputs))."""
    source, found = edits.source, False
    for call in source.calls("Input"):
        statement = source.parent(call)
        target = statement.targets[0].target if isinstance(statement, cst.Assign) else None
        if not isinstance(target, cst.Name):
            continue
        for use in source.all(cst.Arg):
            whose = source.parent(use)
            named = isinstance(use.value, cst.Name) and use.value.value == target.value and use.keyword is None
            if named and isinstance(whose, cst.Call) and last_name(whose.func) not in _MODELS:
                if source.scope(whose) is source.scope(call):
                    edits.replace(use.value, f"{made}({target.value})")
                    found = True
        if found:
            return True
    return False


def _layer(call: cst.Call) -> bool:
    return last_name(call.func)[:1].isupper()


def _is_input(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Call) and last_name(node.func) in _INPUTS


class _Inserted:
    """A list with one more element, laid out as the others."""

    def __init__(self, place: int, code: str) -> None:
        self._place, self._code = place, code

    def __call__(self, node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, cst.List)
        elements = list(node.elements)
        comma = next((one.comma for one in elements[:-1] if isinstance(one.comma, cst.Comma)), None)
        new = cst.Element(cst.parse_expression(self._code),
                          comma or cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))  # fmt: skip
        elements.insert(self._place, new)
        return node.with_changes(elements=elements)
