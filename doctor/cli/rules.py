"""`doctor rules`: the table of all rules."""

from __future__ import annotations

import click


@click.command(short_help="List all rules.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    show_default=True,
    help="A table, or JSON with summaries and thresholds.",
)
def rules(format_name: str) -> int:
    """List all rules: what each finds, how bad it is at worst, and what must have been recorded for it.

    Rules are switched off, and thresholds set, in doctor.cfg or setup.cfg of the current
    folder: [doctor] disable = RULE, ...; [doctor:RULE] THRESHOLD = NUMBER. A comment
    `# doctor: ignore[RULE]` in a script keeps a rule from blaming that line.

    \b
    Example:  doctor rules --format json
    """
    import sys

    from doctor.reporters.page import Page
    from doctor.rules import RULES

    if format_name == "json":
        click.echo(_as_json())
        return 0
    page = Page.for_stream(sys.stdout)
    rows = [(rule.id, rule.fault, rule.worst.value, ", ".join(sorted(rule.needs)) or "-") for rule in RULES]
    page.columns(("rule", "fault", "severity", "needs"), rows)
    page.blank()
    page.paragraph(f"{len(RULES)} rules. `doctor explain RULE` says what one measures, and why.", indent=0)
    page.write(sys.stdout)
    return 0


def _as_json() -> str:
    """With summaries and thresholds, which are read from the sources of the rules."""
    import json

    from doctor.cli.rule_text import rule_text
    from doctor.rules import RULES

    entries = [
        {
            "id": text.id,
            "fault": text.fault,
            "severity": rule.worst.value,
            "summary": text.summary,
            "needs": list(text.needs),
            "thresholds": {threshold.name: threshold.default for threshold in text.thresholds},
        }
        for rule, text in ((rule, rule_text(rule)) for rule in RULES)
    ]
    return json.dumps(entries, indent=2, default=str)
