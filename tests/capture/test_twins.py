"""Nodes taken out of a function: what is left is what the user wrote, in the user's order."""

from __future__ import annotations

import pytest

pytest.importorskip("tensorflow")

from tensorflow.core.framework import function_pb2  # noqa: E402

from doctor.capture.tensorflow.twins import remove_nodes  # noqa: E402


def function(*nodes: tuple[str, str, list[str]], returned: dict[str, str] | None = None) -> function_pb2.FunctionDef:
    """A function of (name, op, inputs), with what it returns for the sake of order."""
    definition = function_pb2.FunctionDef()
    for name, op, inputs in nodes:
        definition.node_def.add(name=name, op=op, input=inputs)
    for key, value in (returned or {}).items():
        definition.control_ret[key] = value
        definition.signature.control_output.append(key)
    return definition


def inputs(definition: function_pb2.FunctionDef) -> dict[str, list[str]]:
    """The inputs of every node."""
    return {node.name: list(node.input) for node in definition.node_def}


def test_a_write_waits_for_what_the_removed_branch_had_waited_for() -> None:
    """Order between the user's own ops is never lost with a tap that stood between them."""
    twin = function(
        ("print", "PrintV2", ["x"]),
        ("tap", "If", ["x", "^print"]),
        ("write", "AssignSubVariableOp", ["w", "x", "^tap"]),
    )
    remove_nodes(twin, {"tap"})
    assert inputs(twin) == {"print": ["x"], "write": ["w", "x", "^print"]}


def test_a_write_waits_for_reads_that_only_the_branch_took() -> None:
    """A read that fed a removed tap still comes before the write of its variable."""
    twin = function(
        ("read", "ReadVariableOp", ["w"]),
        ("product", "MatMul", ["x", "read:value:0"]),
        ("tap", "If", ["read:value:0", "product:product:0"]),
        ("write", "AssignSubVariableOp", ["w", "x", "^tap"]),
    )
    remove_nodes(twin, {"tap"})
    # The product needs no order: it is data, and would keep the graph from being optimised.
    assert inputs(twin)["write"] == ["w", "x", "^read"]


def test_chains_of_removed_nodes_are_followed_to_their_end() -> None:
    """Several taps in a row, as when a step holds several models."""
    twin = function(
        ("first", "NoOp", []),
        ("tap", "If", ["x", "^first"]),
        ("tap_1", "If", ["x", "^tap"]),
        ("tap_2", "Identity", ["tap_1:output:0"]),
        ("write", "AssignVariableOp", ["w", "x", "^tap_2", "^tap_1"]),
    )
    remove_nodes(twin, {"tap", "tap_1", "tap_2"})
    # What a removed node had read as data is no order, but tap_1 is waited for directly too.
    assert inputs(twin) == {"first": [], "write": ["w", "x", "^first"]}


def test_a_wait_is_named_once() -> None:
    """Two removed taps behind one op leave one control input."""
    twin = function(
        ("first", "NoOp", []),
        ("tap", "If", ["^first"]),
        ("tap_1", "If", ["^first"]),
        ("write", "AssignVariableOp", ["w", "x", "^first", "^tap", "^tap_1"]),
    )
    remove_nodes(twin, {"tap", "tap_1"})
    assert inputs(twin)["write"] == ["w", "x", "^first"]


def test_the_function_does_not_return_what_is_gone() -> None:
    """Control outputs that were taps go; the user's stay."""
    twin = function(("tap", "If", []), ("write", "NoOp", []), returned={"a": "tap", "b": "write"})
    remove_nodes(twin, {"tap"})
    assert dict(twin.control_ret) == {"b": "write"}
    assert list(twin.signature.control_output) == ["b"]
