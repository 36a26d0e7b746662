"""Writes docs/rules/ from the docstrings and thresholds of the rules, and docs/styles.md from the tests of styles.

    python docs/generate.py          # write
    python docs/generate.py --check  # exit with status 1 where a page is stale
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from doctor.cli.rule_text import RuleText, blocks, rule_text  # noqa: E402
from doctor.findings import FAULTS  # noqa: E402
from doctor.rules import RULES  # noqa: E402

FOLDER = ROOT / "docs" / "rules"
NOTE = "<!-- Made by docs/generate.py from the rule's docstring: change that. -->"


def page(text: RuleText) -> str:
    """The page of one rule."""
    parts = [f"# {text.id}", NOTE, text.summary, f"Fault: `{text.fault}`"]
    for heading, body in text.sections:
        parts.append(f"## {heading}")
        found = blocks(heading, body)
        if heading == "References":
            parts.append("\n".join(f"- {line}" for _, line in found))
        else:
            parts += [f"```python\n{block}\n```" if is_code else block for is_code, block in found]
    if text.thresholds:
        rows = ["| threshold | default | meaning |", "| --- | ---: | --- |"]
        rows += [f"| `{entry.name}` | {entry.default} | {_cell(entry.meaning)} |" for entry in text.thresholds]
        parts += ["## Thresholds", "\n".join(rows)]
    if text.needs:
        parts += ["## Needs", "Must have been recorded: " + ", ".join(f"`{need}`" for need in text.needs) + "."]
    return "\n\n".join(parts) + "\n"


def index(texts: list[RuleText]) -> str:
    """The list of all rules, by family of faults."""
    parts = ["# The rules", NOTE.replace("the rule's docstring", "the rules' docstrings")]
    for family, faults in FAULTS.items():
        found = [text for text in texts if text.fault in faults]
        if found:
            rows = ["| rule | fault | finds |", "| --- | --- | --- |"]
            rows += [f"| [{text.id}]({text.id}.md) | `{text.fault}` | {_cell(text.summary)} |" for text in found]
            parts += [f"## {family.capitalize()}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


STYLES = ROOT / "tests" / "capture" / "styles"
STYLES_PAGE = ROOT / "docs" / "styles.md"
STYLES_INTRODUCTION = """# What is seen in which style

<!-- Made by docs/generate.py from tests/capture/styles/seen.json: change that. -->

Each line is a whole script in `tests/capture/styles/` that `tests/capture/test_every_style.py` runs
under doctor: what the table says is what the test compares with, and the script prints the same
with and without doctor. The common styles (Keras `fit` in all its forms, layers under a tape, bare
variables, `tf.function`, loops inside a graph) have more thorough tests in
`tests/capture/test_styles.py`; scripts of several files and `-m package.module` in
`tests/capture/test_modules.py`; pandas tables, dicts, arrays from files and generators in
`tests/capture/test_feeding.py`.

Each model or training loop of a script is a subject, with losses and findings of its own. A step
is one update of its variables. Seen are: w weights, g gradients, u updates, a activations, i
inputs, o outputs, l labels. What is not seen stands in the report under "not checked" too.
"""


def _styles_row(name: str, style: dict[str, Any]) -> str:
    title = ast.get_docstring(ast.parse((STYLES / f"{name}.py").read_text(encoding="utf-8"))) or name
    subjects = []
    for subject in style["subjects"]:
        seen = "".join(role[0] for role in subject["seen"])
        what = [f"{subject['mode']}, {subject['steps']} steps of {subject['variables']} variables: {seen}"]
        what += [one.replace("_", " ") for one in subject["losses"]] or ["loss by its value only"]
        what += [subject["optimizer"]] if subject["optimizer"] else []
        subjects.append(", ".join(what))
    missing = "; ".join(style["not_captured"].values())
    cells = [_cell(title.splitlines()[0]), "<br>".join(subjects), missing, f"`{name}.py`"]
    return "| " + " | ".join(cells) + " |"


def styles_page() -> str:
    """The table of styles."""
    styles = json.loads((STYLES / "seen.json").read_text(encoding="utf-8"))
    rows = ["| style | subjects and what is seen of them | not seen | script |", "| --- | --- | --- | --- |"]
    return STYLES_INTRODUCTION + "\n" + "\n".join(rows + [_styles_row(*one) for one in styles.items()]) + "\n"


def pages() -> dict[str, str]:
    """File name and content of every page."""
    texts = [rule_text(rule) for rule in RULES]
    return {"README.md": index(texts), **{f"{text.id}.md": page(text) for text in texts}}


def stale() -> list[str]:
    """Names of pages that are missing, old, or of rules that no longer exist."""
    wanted = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    found = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    fresh = STYLES_PAGE.is_file() and STYLES_PAGE.read_text(encoding="utf-8") == styles_page()
    return found if fresh else [*found, STYLES_PAGE.name]


def write() -> None:
    """Write all pages and remove those that are not wanted any more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    STYLES_PAGE.write_text(styles_page(), encoding="utf-8")
    wanted = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (FOLDER / name).write_text(content, encoding="utf-8")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        names = stale()
        if names:
            sys.exit(f"Stale pages in docs/rules: {', '.join(names)}. Run `make docs`.")
    else:
        write()
