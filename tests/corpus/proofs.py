"""Proves and repairs the corpus, and writes `reports/proofs.md`: `make proofs`.

    python -m tests.corpus.proofs --keep FOLDER [--only PART_OF_NAME] [--most N] [--kept] [--expect]

Takes the recordings that `python -m tests.corpus.accuracy --keep FOLDER` left, of broken scripts and of their repaired
twins; those that are missing are made. Outcomes are kept there too, so that a run that is broken off goes on.
`proofs.json` says what is expected of each script: whether its cause is confirmed, and by which repair, and whether the
patch repairs it; `--expect` writes anew what was found.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Sequence

from doctor.engine import diagnose
from doctor.proof import store
from doctor.proof.score import common, score
from doctor.recording import Recording
from tests.corpus import accuracy, cases
from tests.corpus.accuracy import ROOT, share, table

#: A repaired script must reach this share of what its twin gains over guessing.
REACHED = 0.9
TIMEOUT = 1_200
#: What is expected: {"name": {"confirmed": bool, "repair": str, "repaired": bool}}.
EXPECTED = cases.FOLDER / "proofs.json"


@dataclass
class Outcome:
    """What experiments showed of one script.

    Attributes:
        name: of the case.
        expected: the faults that are marked.
        first: the fault that the rules name first.
        proofs: (fault, verdict, repair) of every finding that an experiment was about.
        primary: the fault that comes first after the experiment.
        confirmed: whether a marked fault is confirmed.
        tried: whether a repair of a marked fault was tried.
        wrong: faults that are confirmed and not marked, while a marked one was among the trials.
        steps, plain: training steps of all trials, and of the recorded run.
        seconds: of the experiment.
        repaired: whether the repaired script reaches `REACHED` of its twin; None where there is no patch.
        reached: what it reaches of it.
        why: what stood in the way.
    """

    name: str
    expected: list[str]
    first: str = ""
    proofs: list[tuple[str, str, str]] = field(default_factory=list)
    primary: str = ""
    confirmed: bool = False
    tried: bool = False
    wrong: list[str] = field(default_factory=list)
    steps: int = 0
    plain: int = 0
    seconds: float = 0.0
    repaired: bool | None = None
    reached: float | None = None
    why: str = ""

    @property
    def expectation(self) -> dict[str, Any]:
        """What `proofs.json` holds of it."""
        repairs = [repair for _, verdict, repair in self.proofs if verdict == "confirmed"]
        return {"confirmed": self.confirmed, "repair": "; ".join(repairs), "repaired": bool(self.repaired)}


def outcome(case: cases.Case, keep: Path) -> Outcome:
    """Prove one script, run what the proof wrote, and hold it against the repaired twin."""
    name = case.path.parent.name
    kept = keep / f"{name}.proof.json"
    if kept.is_file():
        return Outcome(**json.loads(kept.read_text(encoding="utf-8")))
    found = Outcome(name, [one.fault for one in case.expected])
    place = _recorded(case, keep)
    recording = Recording.open(place / "run")
    found.plain = recording.steps
    before = diagnose(recording).primary
    found.first = before.fault if before is not None else ""
    begun = time.perf_counter()
    report = place / "proved.json"
    report.unlink(missing_ok=True)
    said = _doctor(place / "script", "prove", "--quiet", "--format", "json", "--output", str(report), str(place / "run"))
    found.seconds = time.perf_counter() - begun
    if report.is_file():
        _read(found, case, json.loads(report.read_text(encoding="utf-8")))
    else:
        found.why = said[-300:]
    proved = store.load(place / "run")
    if proved is not None:
        found.steps = proved.steps
        if proved.files:
            _repaired(found, case, keep, proved)
    kept.write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")
    return found


def _read(found: Outcome, case: cases.Case, report: dict[str, Any]) -> None:
    findings = report["findings"]
    plain = [one for one in findings if one["primary"]]
    found.primary = plain[0]["fault"] if plain else ""
    marked = {name for one in case.expected for name in one.faults}
    for one in findings:
        proof = one["proof"]
        if proof is None:
            continue
        found.proofs.append((one["fault"], proof["verdict"], proof["repair"] or ""))
        if one["fault"] in marked:
            found.tried |= proof["verdict"] != "not tried"
            found.confirmed |= proof["verdict"] == "confirmed"
            found.why = found.why or ("" if proof["verdict"] == "confirmed" else proof["reason"])
    if found.tried:
        found.wrong = [fault for fault, verdict, _ in found.proofs if verdict == "confirmed" and fault not in marked]


def _repaired(found: Outcome, case: cases.Case, keep: Path, proved: store.Proved) -> None:
    """Run the script with its patch to the end, and compare what it reaches."""
    place = keep / f"{found.name}.repaired"
    shutil.rmtree(place, ignore_errors=True)
    cases.copied(case, place / "script")
    for path, text in proved.files.items():
        (place / "script" / path).write_text(text, encoding="utf-8")
    _doctor(place / "script", "diagnose", "--quiet", "--run-dir", str(place / "run"), case.path.name)
    twin = keep / f"{found.name}.fixed"
    if not (twin / "run" / "run.json").is_file():
        accuracy.run(cases.Case(case.path.with_name("fixed.py")), keep)
    scores = []
    for folder in (place / "run", twin / "run"):
        recording = Recording.open(folder)
        subjects = recording.subjects
        if not subjects:
            found.repaired = False
            return
        longest = max(subjects, key=lambda one: len(recording.losses(one.key)))
        scores.append(score(recording, longest))
    measure = common(*scores, "class-imbalance" in found.expected)
    if measure is None:
        found.repaired = scores[0].judgement.training
        return
    own, other = (one.gain(measure) for one in scores)
    found.reached = own / other if other > 0 else 1.0 + own - other
    found.repaired = found.reached >= REACHED


def _recorded(case: cases.Case, keep: Path) -> Path:
    """Script and recording of a case, which a proof can run again."""
    place = keep / case.name.replace("/", ".")
    if not (place / "run" / "run.json").is_file():
        accuracy.run(case, keep)
    file = place / "run" / "run.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["run"]["folder"] = str((place / "script").resolve())  # where it is now, and also of older recordings
    file.write_text(json.dumps(content), encoding="utf-8")
    shutil.rmtree(place / "run" / store.FOLDER, ignore_errors=True)
    return place


def _doctor(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "doctor", *arguments],
            cwd=folder, env=environment, capture_output=True, text=True, timeout=TIMEOUT,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "timeout"
    return done.stderr


def page(found: Sequence[Outcome], whole: int) -> str:
    """The report."""
    named = [one for one in found if one.primary or one.proofs]
    ratios = sorted(one.steps / one.plain for one in found if one.plain and one.steps)
    seconds = sorted(one.seconds for one in found if one.steps)
    corrected = [one for one in found if one.first and one.first != one.primary]
    rows = [
        ["right cause confirmed", share(sum(one.confirmed for one in found), len(found))],
        ["of those whose repair was tried", share(sum(one.confirmed for one in found if one.tried),
                                                  sum(one.tried for one in found))],
        ["wrong cause confirmed while the right one was tried", share(sum(bool(one.wrong) for one in found), len(found))],
        [f"repaired by the patch (at least {REACHED:.0%} of the twin's metric)",
         share(sum(one.repaired is True for one in found), len(found))],
        ["order of causes changed by the proof", share(len(corrected), len(named))],
    ]  # fmt: skip
    if ratios:
        rows.append(["steps of all trials over those of the run, median", f"{ratios[len(ratios) // 2]:.2f}"])
        rows.append(["seconds of a proof, median", f"{seconds[len(seconds) // 2]:.0f}"])
    by_fault: dict[str, list[Outcome]] = collections.defaultdict(list)
    for one in found:
        by_fault[one.expected[0]].append(one)
    failed = [one for one in found if not one.confirmed or not one.repaired]
    known = json.loads(EXPECTED.read_text(encoding="utf-8")) if EXPECTED.is_file() else {}
    changed = [[one.name, _short(known[one.name]), _short(one.expectation)] for one in found
               if one.name in known and known[one.name] != one.expectation]  # fmt: skip
    return "\n\n".join([
        "# Proofs and repairs on the corpus",
        "Made by `make proofs` ([docs/proofs.md](../docs/proofs.md)): each broken script of "
        "[tests/corpus](../tests/corpus/README.md) is proved, and its patch run to the end beside the repaired twin.",
        *([f"Of {whole} scripts these are {len(found)}. Where `--kept` was used, outcomes are of earlier states of the repairs."] if len(found) < whole else []),
        table(["", ""], rows),
        "## By fault",
        table(
            ["fault", "scripts", "tried", "confirmed", "repaired"],
            ([f"`{fault}`", len(group), sum(one.tried for one in group), sum(one.confirmed for one in group),
              sum(one.repaired is True for one in group)] for fault, group in sorted(by_fault.items())),
        ),
        "## Not confirmed, or not repaired",
        table(
            ["script", "fault", "experiments", "reached", "why"],
            ([one.name, ", ".join(f"`{fault}`" for fault in one.expected),
              "; ".join(f"`{fault}` {verdict}" for fault, verdict, _ in one.proofs) or "none",
              "" if one.reached is None else f"{one.reached:.0%}",
              one.why.replace("|", "\\|").replace("\n", " ")[:160]] for one in failed),
        ) if failed else "None.",
        "## Otherwise than expected",
        table(["script", "expected", "found"], changed) if changed else "None.",
    ]) + "\n"  # fmt: skip


def _short(expectation: dict[str, Any]) -> str:
    parts = ["confirmed" if expectation["confirmed"] else "not confirmed"]
    parts += ["repaired" if expectation["repaired"] else "not repaired", expectation["repair"]]
    return ", ".join(part for part in parts if part)


def expect(found: Sequence[Outcome]) -> None:
    """Write what was found into `proofs.json`; what it holds of other scripts stays."""
    known = json.loads(EXPECTED.read_text(encoding="utf-8")) if EXPECTED.is_file() else {}
    known.update({one.name: one.expectation for one in found})
    text = json.dumps(dict(sorted(known.items())), indent=1, ensure_ascii=False)
    EXPECTED.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Prove the corpus and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", required=True, type=Path, help="folder in which scripts and recordings stay")
    parser.add_argument("--only", default="", help="scripts whose name holds this")
    parser.add_argument("--most", type=int, help="so many scripts, chosen by a hash of their names")
    parser.add_argument("--workers", default=2, type=int)
    parser.add_argument("--output", default=ROOT / "reports" / "proofs.md", type=Path)
    parser.add_argument("--kept", action="store_true", help="run nothing: the page of the outcomes that are kept")
    parser.add_argument("--expect", action="store_true", help="write what is found into proofs.json")
    options = parser.parse_args()
    every = cases.broken()
    chosen = [case for case in every if options.only in case.name]
    chosen.sort(key=lambda case: hashlib.sha1(case.name.encode()).hexdigest())
    keep = options.keep.resolve()
    keep.mkdir(parents=True, exist_ok=True)
    if options.kept:
        chosen = [case for case in chosen if (keep / f"{case.path.parent.name}.proof.json").is_file()]
    chosen = chosen[: options.most]
    found = []
    with ThreadPoolExecutor(options.workers) as pool:
        for one in pool.map(lambda case: outcome(case, keep), chosen):
            found.append(one)
            print(f"{one.name}: {one.proofs} repaired: {one.repaired} ({one.reached})", flush=True)
    found.sort(key=lambda one: one.name)
    if options.expect:
        expect(found)
    options.output.write_text(page(found, len(every)), encoding="utf-8")
    print(f"Wrote {options.output}")


if __name__ == "__main__":
    main()
