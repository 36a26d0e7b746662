"""The sentence of an exception's message that says what is wrong."""

from __future__ import annotations

import re

#: Longest message that is told whole; labels and shapes can be thousands.
LONGEST = 300

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_OP_NAMES = re.compile(r"^\{\{function_node [^}]*\}\}\s*|\s*\[Op:\w+\](\s*name:.*)?$", re.DOTALL)
#: '{{node MatMul}} = MatMul[T=DT_FLOAT, transpose_a=false](x, MatMul/ReadVariableOp)'
_NODE = re.compile(r"'?\{\{node [^}]*\}\} = (\w+)\[[^']*'?")
_ROOT_ERRORS = re.compile(r"^\d+ root error\(s\) found\.\s*\(0\) [A-Z_]+: ", re.MULTILINE)
#: Where there was no memory, and all the labels of a batch of which one is wrong.
_NOISE = re.compile(r" on /job:\S+ by allocator \w+|\s+Label values: [-\d ]+$")
#: Values of a variable, printed over many lines.
_VALUES = re.compile(r", (?:dtype=\w+, )?value=\[[\s\S]*?\]>")
_SIZES = re.compile(r"(?<=\.)('\w+' sizes: [\d, ]+)\n('\w+' sizes: [\d, ]+)")


def essence(text: str) -> str:
    """The sentence that matters, on one line.

    Keras puts the layer's name before it and the arguments behind it; TensorFlow the
    calls that built the failing op before it, and the op's name around it; autograph the
    calls of the function that was being traced.
    """
    text = _COLOURS.sub("", text).strip()
    if text.startswith("in user code:"):
        text = _after_quoted_calls(text)
    if text.startswith("Exception encountered when calling"):
        text = text.partition("\n")[2].partition("Arguments received by")[0].strip() or text
        if text.startswith("in user code:"):
            text = _after_quoted_calls(text)
    elif text.startswith("Graph execution error"):
        text = _after_graph_calls(text)
    text = _VALUES.sub(">", _OP_NAMES.sub("", text)).strip()
    text = _SIZES.sub(r" \1, \2", _NODE.sub(r"\1", text))
    first = _NOISE.sub("", text.splitlines()[0].strip()) if text else ""
    return first if len(first) <= LONGEST else first[: LONGEST - 1].rstrip() + "\u2026"


def _after_graph_calls(text: str) -> str:
    """What follows the calls that made the failing op."""
    several = _ROOT_ERRORS.search(text)
    if several is not None:
        return text[several.end() :]
    before, node, _ = text.partition("[[{{node")
    lines = [line.strip() for line in before.strip().splitlines()]
    if not node:
        return text
    for number, line in enumerate(lines):
        # A generator or py_function that raised: its own traceback follows the sentence.
        if number and line.startswith("Traceback (most recent call last)"):
            return lines[number - 1]
    return lines[-1]


def _after_quoted_calls(text: str) -> str:
    """What follows the calls of a function that was being traced, without the exception's type."""
    lines = [line.strip() for line in text.splitlines()[1:]]
    after_call = [number for number, line in enumerate(lines) if line.startswith('File "')]
    # The file's line, the line of code, and where there is one the line that underlines it.
    rest = lines[after_call[-1] + 2 :] if after_call else lines
    told = "\n".join(line for line in rest if line.strip("^~ "))
    kind, separator, message = told.partition(": ")
    return message if separator and re.fullmatch(r"[\w.]+", kind) else told or text
