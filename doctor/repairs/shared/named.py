"""Numbers that stand on a line, and the names under which values are given there."""

from __future__ import annotations

import libcst as cst

from doctor.repairs.source import Source, argument, last_name, text


def numbers_on(source: Source, line: int) -> list[cst.Float | cst.Integer]:
    """Numbers that are written out on a line."""
    found: list[cst.Float | cst.Integer] = [*source.on(line, cst.Float), *source.on(line, cst.Integer)]
    return [node for node in found if source.line(node) == line]


def named_values(source: Source, line: int) -> list[tuple[str, cst.BaseExpression]]:
    """Names that are given a value on a line: by assignment (also of several), key, argument, default or option."""
    found: list[tuple[str, cst.BaseExpression]] = []
    for node in source.on(line, cst.Assign):
        target = node.targets[0].target
        parts = target.elements if isinstance(target, (cst.Tuple, cst.List)) else ()
        values = node.value.elements if isinstance(node.value, (cst.Tuple, cst.List)) else ()
        if parts and len(parts) == len(values):
            found += [(last_name(one.value), value.value) for one, value in zip(parts, values)]
        elif not parts:
            found.append((last_name(target), node.value))
    for field in source.on(line, cst.AnnAssign):
        if field.value is not None:
            found.append((last_name(field.target), field.value))
    for param in source.on(line, cst.Param):
        if param.default is not None:
            found.append((param.name.value, param.default))
    for entry in source.on(line, cst.DictElement):
        found.append((text(entry.key) or "", entry.value))
    for call in source.on(line, cst.Call):
        default = argument(call, "default")
        if last_name(call.func) == "add_argument" and default is not None and call.args:
            found.append(((text(call.args[0].value) or "").lstrip("-").replace("-", "_"), default.value))
        found += [(arg.keyword.value, arg.value) for arg in call.args if arg.keyword is not None]
    return [(name, value) for name, value in found if source.line(value) == line]
