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
    """List all rules: what each finds, and what must have been recorded for it.

    \b
    Example:  doctor rules --format json
    """
    import json
    import sys

    from doctor.cli.rule_text import rule_text
    from doctor.reporters.page import Page
    from doctor.rules import RULES

    texts = [rule_text(rule) for rule in RULES]
    if format_name == "json":
        entries = [
            {
                "id": text.id,
                "fault": text.fault,
                "summary": text.summary,
                "needs": list(text.needs),
                "thresholds": {threshold.name: threshold.default for threshold in text.thresholds},
            }
            for text in texts
        ]
        click.echo(json.dumps(entries, indent=2, default=str))
        return 0
    page = Page.for_stream(sys.stdout)
    page.columns(("rule", "fault", "needs"), [(text.id, text.fault, ", ".join(text.needs) or "-") for text in texts])
    page.blank()
    page.paragraph(f"{len(texts)} rules. `doctor explain RULE` says what one measures, and why.", indent=0)
    page.write(sys.stdout)
    return 0
