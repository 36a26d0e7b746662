"""`doctor explain`: what a rule measures, why it matters, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from doctor.cli.rule_text import RuleText
    from doctor.reporters.page import Page


@click.command(short_help="Explain a rule, or all rules that find a fault.")
@click.argument("name", metavar="RULE_OR_FAULT")
def explain(name: str) -> int:
    """Explain a rule, or all rules that find a fault.

    \b
    Example:  doctor explain dead-relu
    """
    import sys

    from doctor.cli.rule_text import rule_text
    from doctor.reporters.page import Page
    from doctor.rules import RULES

    wanted = name.strip().lower().replace("_", "-")
    found = [rule for rule in RULES if rule.id == wanted] or [rule for rule in RULES if rule.fault == wanted]
    if not found:
        raise _unknown(name, wanted)
    page = Page.for_stream(sys.stdout)
    for rule in found:
        if page.lines:
            page.blank()
            page.paragraph("-" * 20, indent=0, style="dim")
            page.blank()
        _show(page, rule_text(rule))
    page.write(sys.stdout)
    return 0


def _unknown(name: str, wanted: str) -> Exception:
    """A sentence with the nearest names."""
    from doctor.config import nearest
    from doctor.errors import ConfigError
    from doctor.findings import FAULTS
    from doctor.rules import RULES

    faults = {fault for family in FAULTS.values() for fault in family}
    known = sorted({rule.id for rule in RULES} | {rule.fault for rule in RULES})
    near = nearest(wanted, known)
    what = f"No rule finds the fault {name!r} yet" if wanted in faults else f"There is no rule or fault {name!r}"
    hint = f"did you mean {', '.join(near)}?" if near else "`doctor rules` lists them all."
    return ConfigError(f"{what}; {hint}", slug="unknown-rule")


def _show(page: Page, text: RuleText) -> None:
    from doctor.cli.rule_text import blocks

    page.paragraph(text.id, indent=0, style="bold")
    page.paragraph(text.summary, indent=2)
    page.paragraph(f"Fault: {text.fault}", indent=2, style="dim")
    for heading, body in text.sections:
        page.heading(heading)
        for index, (is_code, block) in enumerate(blocks(heading, body)):
            if index and heading != "References":
                page.blank()
            if is_code:
                for line in block.splitlines():
                    page.code(f"    {line}")
            else:
                page.paragraph(block)
    if text.thresholds:
        page.heading("Thresholds")
        page.listing([(f"{entry.name} = {entry.default}", entry.meaning) for entry in text.thresholds])
    if text.needs:
        page.heading("Needs")
        page.paragraph(", ".join(text.needs))
