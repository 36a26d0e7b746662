"""Diagnoses the whole corpus and writes `reports/accuracy.md`: `make accuracy`.

    python -m tests.corpus.accuracy [--only PART_OF_NAME] [--output FILE] [--corpus FOLDER] [--keep FOLDER [--again]]

Each script is run once, from a copy without marks, under `doctor diagnose --format json`. Kept
recordings are judged by a changed rule in a second each: `--keep FOLDER --again`.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, Sequence

from tests.corpus import cases

ROOT = Path(__file__).resolve().parent.parent.parent
#: The longest that a script of the corpus may take, on a busy machine.
TIMEOUT = 300


@dataclass(frozen=True)
class Outcome:
    """What doctor said of one script.

    Attributes:
        case: the script.
        report: diagnosis.json, {} where doctor made none.
        seconds: of the whole command; of a recording that is judged again, of its run.
    """

    case: cases.Case
    report: dict[str, Any]
    seconds: float

    @property
    def findings(self) -> list[dict[str, Any]]:
        """All findings, the primary one first."""
        return list(self.report.get("findings") or [])

    @property
    def primary(self) -> dict[str, Any]:
        """The root cause, {} where nothing was found."""
        return next((finding for finding in self.findings if finding["primary"]), {})

    @property
    def alarms(self) -> list[str]:
        """Faults of severity error."""
        return [finding["fault"] for finding in self.findings if finding["severity"] == "error"]

    @property
    def named(self) -> bool:
        """Whether a marked fault comes first."""
        return self.case.first(self.primary) is not None

    @property
    def placed(self) -> bool:
        """Whether it points at one of its lines."""
        first = self.case.first(self.primary)
        return first is not None and first.placed(self.primary)


def _place(keep: Path, case: cases.Case) -> Path:
    """Where the script and the recording of a case are kept."""
    return keep / case.name.replace("/", ".")


def run(case: cases.Case, keep: Path | None = None, again: bool = False) -> Outcome:
    """Diagnose a script in a folder of its own, with the marks taken out.

    Args:
        case: the script.
        keep: where the folder and the recording stay; by default they are removed.
        again: judge the recording that was kept there, and run nothing.
    """
    with tempfile.TemporaryDirectory(prefix="doctor-corpus-") as name:
        place = Path(name) if keep is None else _place(keep, case)
        folder, recording, output = place / "script", place / "run", place / "diagnosis.json"
        if again:
            command = ["check", str(recording)]
        else:
            shutil.rmtree(place, ignore_errors=True)
            cases.copied(case, folder)
            command = ["diagnose", "--quiet", "--run-dir", str(recording), case.path.name]
        output.unlink(missing_ok=True)
        options = ["--format", "json", "--output", str(output)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
        begun = time.perf_counter()
        try:
            subprocess.run(
                [sys.executable, "-m", "doctor", command[0], *options, *command[1:]],
                cwd=folder,
                env=environment,
                capture_output=True,
                timeout=TIMEOUT,
            )
        except subprocess.TimeoutExpired:
            pass
        report = json.loads(output.read_text(encoding="utf-8")) if output.is_file() else {}
        seconds = time.perf_counter() - begun
        if again and report:
            seconds = report["run"]["seconds"]  # of the run that was recorded, not of judging it
        return Outcome(case, report, seconds)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in lines)


def share(part: int, whole: int) -> str:
    """"49 of 50 (98 %)"."""
    return f"{part} of {whole} ({100 * part / whole:.0f} %)" if whole else "none"


def figures(outcomes: Sequence[Outcome]) -> list[str]:
    """Detected, named first, line right, both faults found; then alarms on scripts that must be silent."""
    broken = [one for one in outcomes if one.case.expected]
    silent = [one for one in outcomes if not one.case.expected]
    double = [one for one in broken if len(one.case.expected) > 1]
    return [
        share(sum(bool(one.primary) for one in broken), len(broken)),
        share(sum(one.named for one in broken), len(broken)),
        share(sum(one.placed for one in broken), len(broken)),
        share(sum(not one.case.missing(one.findings) for one in double), len(double)),
        share(sum(bool(one.alarms) for one in silent), len(silent)),
    ]


def page(outcomes: Sequence[Outcome], again: bool = False) -> str:
    """The report; `again` where recordings were judged anew."""
    aside = [one for one in outcomes if one.case.kept_aside]
    used = [one for one in outcomes if not one.case.kept_aside]
    measures = ["detected", "right fault first", "right line", "both of two faults", "false alarms (errors)"]
    columns = zip(measures, figures(outcomes), figures(used), figures(aside))
    broken = [one for one in outcomes if one.case.expected]
    by_fault: dict[str, list[Outcome]] = collections.defaultdict(list)
    for one in broken:
        by_fault[one.case.expected[0].fault].append(one)
    wrong = [one for one in broken if not one.placed or one.case.missing(one.findings)]
    alarms = [one for one in outcomes if not one.case.expected and one.alarms]
    warnings = [one for one in outcomes if not one.case.expected and one.findings and not one.alarms]
    confusion = collections.Counter(
        (one.case.expected[0].fault, one.primary.get("fault", "nothing")) for one in broken if not one.named
    )
    seconds = sorted(one.seconds for one in outcomes)
    parts = [
        "# Accuracy on the corpus",
        "Made by `make accuracy`. The corpus, and what counts as right, is described in "
        "[tests/corpus/README.md](../tests/corpus/README.md). A third of the scripts, chosen by a hash of their names, "
        "is shown apart: thresholds are set on the others. Where one of it was wrong when it was first run, it was "
        "looked into afterwards, so that this is no blind measure. Whether experiments confirm the causes, and patches "
        "repair the scripts: [proofs.md](proofs.md).",
        *([] if not again else ["Recordings of an earlier run, judged again: `--keep FOLDER --again`."]),
        table(["", "all", "used for development", "kept aside"], columns),
        f"{len(outcomes)} scripts, {seconds[len(seconds) // 2]:.0f} s each in the median, {seconds[-1]:.0f} s at most.",
        "## By fault",
        table(
            ["fault", "scripts", "detected", "named first", "line right"],
            (
                [f"`{fault}`", len(group), sum(bool(one.primary) for one in group), sum(one.named for one in group),
                 sum(one.placed for one in group)]
                for fault, group in sorted(by_fault.items())
            ),
        ),
        "## What was said instead",
        table(["fault", "said", "times"], ([f"`{a}`", f"`{b}`", n] for (a, b), n in sorted(confusion.items())))
        if confusion
        else "Nothing: every fault was named first.",
        "## Scripts that are not wholly right",
        table(
            ["script", "expected", "found"],
            (
                [
                    one.case.name.removesuffix("/broken"),
                    ", ".join(f"`{each.fault}`" for each in one.case.expected),
                    ", ".join(f"`{each['fault']}` on line {(each.get('location') or {}).get('line')}"
                              for each in one.findings if not each["caused_by"]) or "nothing",
                ]
                for one in wrong
            ),
        )
        if wrong
        else "None.",
        "## Errors on scripts that are sound",
        table(["script", "said"], ([one.case.name, ", ".join(one.alarms)] for one in alarms)) if alarms else "None.",
        "## Warnings on scripts that are sound",
        table(
            ["script", "said"],
            ([one.case.name, "; ".join(each["title"] for each in one.findings)] for one in warnings),
        )
        if warnings
        else "None.",
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Run the corpus and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="scripts whose name holds this")
    parser.add_argument("--output", default=ROOT / "reports" / "accuracy.md", type=Path)
    parser.add_argument("--workers", default=2, type=int)
    parser.add_argument("--corpus", default=cases.FOLDER, type=Path, help="another folder of scripts like this one")
    parser.add_argument("--keep", type=Path, help="folder in which scripts and recordings stay")
    parser.add_argument("--again", action="store_true", help="judge the recordings of --keep, run nothing")
    options = parser.parse_args()
    if options.again and options.keep is None:
        parser.error("--again needs the --keep FOLDER of an earlier run")
    keep = options.keep.resolve() if options.keep else None
    every = (*cases.broken(options.corpus), *cases.silent(options.corpus))
    chosen = [case for case in every if options.only in case.name]
    if options.again:
        chosen = [case for case in chosen if _place(keep, case).is_dir()]
    if not chosen:
        parser.error(f"no script below {options.corpus} has {options.only!r} in its name (and is in --keep, if given)")
    outcomes = []
    with ThreadPoolExecutor(options.workers) as pool:
        for outcome in pool.map(lambda case: run(case, keep, options.again), chosen):
            outcomes.append(outcome)
            said = outcome.primary.get("fault", "nothing")
            right = outcome.placed if outcome.case.expected else not outcome.alarms
            print(f"{'ok   ' if right else 'WRONG'} {outcome.case.name}: {said}", flush=True)
    options.output.write_text(page(outcomes, options.again), encoding="utf-8")
    print(f"Wrote {options.output}")


if __name__ == "__main__":
    main()
