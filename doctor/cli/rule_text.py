"""What a rule says of itself: its docstring by headings, its thresholds with their comments."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import textwrap
from dataclasses import dataclass
from typing import Any

from doctor.rules.base import HEADINGS, Rule

_HEADING = re.compile(rf"^({'|'.join(map(re.escape, HEADINGS))}):[ \t]*(.*)$")


@dataclass(frozen=True)
class Threshold:
    """A number that can be changed: `Rule(name=value)`."""

    name: str
    default: Any
    meaning: str


@dataclass(frozen=True)
class RuleText:
    """A rule, ready to be printed.

    Attributes:
        id: "dead-relu".
        fault: the name of the fault that its findings carry.
        summary: the first sentence of its docstring.
        sections: (heading, text) in the order of the docstring.
        thresholds: the fields of the dataclass.
        needs: what must have been recorded.
    """

    id: str
    fault: str
    summary: str
    sections: tuple[tuple[str, str], ...]
    thresholds: tuple[Threshold, ...]
    needs: tuple[str, ...]


def rule_text(rule: Rule) -> RuleText:
    """Read a rule's docstring and thresholds."""
    summary, sections = _sections(inspect.getdoc(type(rule)) or "")
    comments = _field_comments(type(rule))
    thresholds = tuple(
        Threshold(field.name, getattr(rule, field.name), comments.get(field.name, ""))
        for field in dataclasses.fields(rule)
    )
    return RuleText(rule.id, rule.fault, summary, sections, thresholds, tuple(sorted(rule.needs)))


def blocks(heading: str, text: str) -> list[tuple[bool, str]]:
    """Paragraphs of a section: (is code, text).

    Examples are code where Python can read them, as is what is indented; of references
    each line is a paragraph; the lines of all else are joined.
    """
    if heading == "References":
        return [(False, line.strip()) for line in _joined(text).splitlines() if line.strip()]
    found: list[tuple[bool, str]] = []
    for part in re.split(r"\n\s*\n", text):
        if not part.strip():
            continue
        is_code = all(line.startswith("    ") for line in part.splitlines() if line.strip())
        is_code = is_code or (heading in ("Example", "Use instead") and _is_python(part))
        body = textwrap.dedent(part).rstrip() if is_code else " ".join(part.split())
        if is_code and found and found[-1][0]:
            found[-1] = (True, f"{found[-1][1]}\n\n{body}")
        else:
            found.append((is_code, body))
    return found


def _joined(text: str) -> str:
    """Lines that go on indented belong to the line before."""
    return re.sub(r"\n[ \t]+", " ", text)


def _is_python(text: str) -> bool:
    """Whether this is code: a sentence of English seldom parses."""
    try:
        tree = ast.parse(textwrap.dedent(text))
    except SyntaxError:
        return False
    return not all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Name) for node in tree.body)


def _sections(docstring: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Split a docstring at its headings; what stands before the first is the summary."""
    summary: list[str] = []
    sections: list[tuple[str, list[str]]] = []
    for line in docstring.splitlines():
        match = _HEADING.match(line)
        if match:
            sections.append((match.group(1), [match.group(2)]))
        elif sections:
            sections[-1][1].append(line)
        else:
            summary.append(line)
    return " ".join(" ".join(summary).split()), tuple((heading, _body(lines)) for heading, lines in sections)


def _body(lines: list[str]) -> str:
    """A section's text: what follows the heading on its line, and the lines below it.

    The lines below may be indented as a whole, which says nothing; code is indented further.
    """
    first, rest = lines[0].strip(), lines[1:]
    below = "\n".join(rest)
    if first:
        # A continued sentence may be indented by up to four; code after an empty line is deeper or equal.
        continued = []
        while rest and rest[0].strip():
            continued.append(rest.pop(0).strip())
        below = "\n".join(rest)
        return "\n".join([" ".join([first, *continued]), below]).strip("\n")
    return textwrap.dedent(below).strip("\n")


def _field_comments(rule: type[Rule]) -> dict[str, str]:
    """The `#:` comments of dataclass fields, behind the field or above it."""
    comments: dict[str, str] = {}
    for owner in reversed(rule.__mro__):
        if not (dataclasses.is_dataclass(owner) and issubclass(owner, Rule)):
            continue
        lines = textwrap.dedent(inspect.getsource(owner)).splitlines()
        definition = ast.parse("\n".join(lines)).body[0]
        for node in getattr(definition, "body", []):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                comments[node.target.id] = _comment(lines, node.lineno - 1, (node.end_lineno or node.lineno) - 1)
    return comments


def _comment(lines: list[str], first: int, last: int) -> str:
    behind = lines[last].partition("#:")[2].strip()
    if behind:
        return behind
    above: list[str] = []
    row = first - 1
    while row >= 0 and lines[row].strip().startswith("#:"):
        above.insert(0, lines[row].strip().removeprefix("#:").strip())
        row -= 1
    return " ".join(above)
