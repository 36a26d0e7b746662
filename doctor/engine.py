"""From a recording to a diagnosis: runs the rules, then ranks what they found."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Iterable, Mapping, Sequence

from doctor.findings import Confidence, Diagnosis, Finding, NotChecked, RuledOut, Severity
from doctor.judgement import Judgement, judge
from doctor.recording import Recording
from doctor.rules import RULES
from doctor.rules.base import Result, Rule
from doctor.rules.causes import SUSPECTS, rank
from doctor.rules.view import SubjectView
from doctor.spacing import spread_out
from doctor.types import Location, Site

#: `# doctor: ignore` and `# doctor: ignore[dead-relu, input-scale]`.
_IGNORE = re.compile(r"#\s*doctor:\s*ignore(?:\[([^\]]*)\])?")
#: So many steps are no training, beside one of at least so many.
TRIED_STEPS, TRAINING_STEPS = 2, 20
#: A rate that is raised so many times over within one training is searched for: a warm-up starts at a hundredth.
RANGE_TEST = 300.0
#: At most so many trainings that one line began are judged, from the first to the last of them.
MOST_ALIKE = 40
#: At most this many causes are listed as ruled out: what a reader would suspect next, not everything.
MOST_RULED_OUT = 6


def diagnose(
    recording: Recording, rules: Sequence[Rule] = RULES, disabled: Sequence[tuple[str, str]] = ()
) -> Diagnosis:
    """What is wrong with a run: root cause first, symptoms under it.

    Args:
        recording: what was seen.
        rules: in the order in which they are run.
        disabled: (rule, file) of rules that a configuration switches off.
    """
    subjects, alike = _judged(_trained(recording))
    views = [SubjectView(recording, subject, judge(recording, subject)) for subject in subjects]
    heads = {view.subject.key: _heads(view) for view in views}
    run_view = SubjectView(recording, *_run_subject(views))
    findings: list[Finding] = []
    not_checked: list[NotChecked] = [NotChecked(rule, f"switched off in {file}") for rule, file in disabled]
    not_checked += [NotChecked("most trainings", reason) for reason in alike]
    ruled_out: dict[str, list[tuple[Rule, RuledOut]]] = {view.subject.key: [] for view in views}

    def run(rule: Rule, view: SubjectView) -> None:
        for result in _results(rule, view):
            if isinstance(result, Finding):
                if (ignored := _ignored(result)) is not None:
                    not_checked.append(ignored)
                else:
                    findings.append(result)
            elif isinstance(result, NotChecked):
                not_checked.append(result)
            else:
                ruled_out.setdefault(view.subject.key, []).append((rule, result))

    for scopes in (("run",), ("subject", "head"), ("last",)):
        for rule in rules:
            if rule.scope not in scopes:
                continue
            scope = rule.scope
            if scope != "run" and not views:
                not_checked.append(NotChecked(rule.id, "no training step was seen"))
            for view in [run_view] if scope == "run" else views:
                if rule.scope == "head":
                    for head in heads[view.subject.key]:
                        run(rule, head)
                    continue
                found = tuple(finding for finding in findings if finding.subject == view.subject.key)
                run(rule, replace(view, found=found))

    findings = _milder(findings, _trials(views, findings))
    ranked: list[Finding] = []
    for key in dict.fromkeys(finding.subject for finding in findings):
        ranked += rank([finding for finding in findings if finding.subject == key])
    ranked.sort(key=lambda f: (not f.primary, f.severity.rank, f.onset_step if f.onset_step is not None else 0))
    verdict, reason = _verdict(recording, views, ranked)
    return Diagnosis(
        run=recording.run,
        steps=recording.steps,
        verdict=verdict,
        reason=reason,
        findings=tuple(ranked),
        ruled_out=_suspects(ranked, ruled_out),
        not_checked=tuple(dict.fromkeys(not_checked)),
    )


def _trained(recording: Recording) -> list[Site]:
    """The subjects, without those of a step or two beside a training: a gradient that is checked, a layer tried out."""
    counts = {subject.key: len(recording.losses(subject.key)) for subject in recording.subjects}
    trained = max(counts.values(), default=0) >= TRAINING_STEPS
    return [one for one in recording.subjects if not trained or counts[one.key] > TRIED_STEPS]


def _judged(subjects: Sequence[Site]) -> tuple[list[Site], list[str]]:
    """Those that are judged, and what to say of the others: of very many trainings on one line some are."""
    by_line: dict[Location | None, list[Site]] = {}
    for one in subjects:
        by_line.setdefault(one.location, []).append(one)
    chosen: set[str] = set()
    said = []
    for line, group in by_line.items():
        some = group if line is None else spread_out(group, MOST_ALIKE)
        chosen.update(one.key for one in some)
        if line is not None and len(some) < len(group):
            said.append(f"of {len(group)} trainings on line {line.line} of {line.path} {len(some)} are judged")
    return [one for one in subjects if one.key in chosen], said


def _trials(views: Sequence[SubjectView], findings: Sequence[Finding]) -> dict[str, Severity]:
    """Trainings with errors of which another one succeeds without -> how bad what is found of them is at worst.

    Another one is on the same line, or comes later and trains a network that the same lines made. A search tries
    rates that fail on purpose, as a range test does; of equal trainings (folds, seeds) one that fails is worth a word.
    """
    found: dict[str, Severity] = {}
    wrong = {one.subject for one in findings if one.severity is Severity.ERROR}
    doubted = wrong | {one.subject for one in findings if one.severity is Severity.WARNING}
    made = [_made_of(view) for view in views]
    for number, view in enumerate(views):
        line = view.subject.location
        others = [
            one
            for index, one in enumerate(views)
            if one is not view
            and (
                line is not None and one.subject.location == line
                or index > number and made[number] and made[number] == made[index]
            )
        ]
        good = [one for one in others if one.judgement.training and one.subject.key not in wrong]
        if not any(one.judgement.training for one in others):
            continue
        rates = {one.optimizer.attributes.get("learning_rate") for one in (view, *others) if one.optimizer is not None}
        tried = view.recording.scalars(view.subject.key, "learning_rate").values
        ranged = len(tried) > 1 and tried[-1] > RANGE_TEST * tried[0] > 0
        searched = len(rates) > 1 or ranged
        own = view.judgement.gain or 0.0
        better = any(one.subject.key not in doubted or (one.judgement.gain or 0.0) > own for one in good)
        # One that trains all the same may learn less than another of the search.
        if view.judgement.training and (view.subject.key not in wrong or not good) and not (searched and better):
            continue
        found[view.subject.key] = Severity.INFO if searched else Severity.WARNING
    return found


def _made_of(view: SubjectView) -> list[tuple[object, ...]]:
    """Where the weights of a network were made, and their shapes."""
    return [(site.location, *(site.attributes.get("shape") or ())) for site in view.variables]


def _milder(findings: Sequence[Finding], worst: Mapping[str, Severity]) -> list[Finding]:
    """The findings, none worse than its subject's may be; what is true by construction stays."""
    return [
        replace(one, severity=worst[one.subject])
        if one.confidence is not Confidence.CERTAIN and one.subject in worst
        and one.severity.rank < worst[one.subject].rank
        else one
        for one in findings
    ]  # fmt: skip


def _heads(view: SubjectView) -> list[SubjectView]:
    """What the rules of scope "head" see: a view for every output, where there are several."""
    recording, subject = view.recording, view.subject
    numbers = recording.heads(subject.key)
    if len(numbers) < 2:
        return [view]
    parts = [recording.of_head(subject.key, number) for number in numbers]
    return [SubjectView(part, subject, judge(part, subject)) for part in parts]


def _ignored(finding: Finding) -> NotChecked | None:
    """What becomes of a finding on a line with `# doctor: ignore[...]` that names its rule or fault, or nothing."""
    place = finding.location
    comment = _IGNORE.search(place.code) if place is not None else None
    if place is None or comment is None:
        return None
    names = [name.strip() for name in (comment.group(1) or "").split(",") if name.strip()]
    if names and finding.rule not in names and finding.fault not in names:
        return None
    return NotChecked(finding.rule, f"ignored by a comment on line {place.line} of {place.path}", finding.subject)


def _run_subject(views: Sequence[SubjectView]) -> tuple[Site, Judgement]:
    """What findings about the whole run belong to: the only subject, or the run itself."""
    if len(views) == 1:
        return views[0].subject, views[0].judgement
    judgement = Judgement("unclear", "no training step was seen" if not views else "several models were trained")
    return Site("", "subject", "the script"), judgement


def _results(rule: Rule, view: SubjectView) -> list[Result]:
    """What a rule says; its own errors become "not checked" and never stop the diagnosis."""
    try:
        reason = view.missing(rule.needs)
        return [rule.not_checked(view, reason)] if reason is not None else list(rule.check(view))
    except Exception as error:  # a defect of one rule must not hide what the others found
        return [rule.not_checked(view, f"the rule failed: {type(error).__name__}: {error}")]


def _verdict(recording: Recording, views: Sequence[SubjectView], findings: Sequence[Finding]) -> tuple[str, str]:
    """("healthy", "faulty" or "unclear", one sentence why)."""
    primary = next((finding for finding in findings if finding.primary), None)
    if primary is not None and primary.severity is Severity.ERROR:
        judged = next((view.judgement for view in views if view.subject.key == primary.subject), None)
        return "faulty", primary.title if judged is None else f"{primary.title}: {judged.reason}"
    if any(finding.severity is Severity.ERROR for finding in findings):
        worst = next(finding for finding in findings if finding.severity is Severity.ERROR)
        return "faulty", worst.title
    if not views:
        return "unclear", "no training was seen: no gradient was computed"
    if any(entry.get("part") == "recording" for entry in recording.run.not_captured):
        count = f"{recording.steps} step{'' if recording.steps == 1 else 's'}"
        return "unclear", f"the recording breaks off after {count}; {views[0].judgement.reason}"
    for view in views:
        if not view.judgement.training:
            return "unclear", view.judgement.reason
    if recording.run.status == "crashed":
        return "unclear", "the script crashed"
    if primary is not None and primary.severity is Severity.WARNING:
        return "unclear", f"{primary.title}, in a run that otherwise trains: {views[0].judgement.reason}"
    return "healthy", views[0].judgement.reason


def _suspects(findings: Sequence[Finding], ruled_out: dict[str, list[tuple[Rule, RuledOut]]]) -> tuple[RuledOut, ...]:
    """What a reader would suspect next, given the primary findings.

    What the rule of the primary finding itself rules out comes first: it knows why.
    """
    named = {finding.fault for finding in findings}
    chosen: dict[str, RuledOut] = {}
    for finding in findings:
        if not finding.primary:
            continue
        said = ruled_out.get(finding.subject, [])
        own: Iterable[RuledOut] = [result for rule, result in said if rule.id == finding.rule]
        wanted = SUSPECTS.get(finding.fault, ())
        others = sorted(
            (result for rule, result in said if result.fault in wanted), key=lambda result: wanted.index(result.fault)
        )
        for result in (*own, *others):
            if result.fault not in named:
                chosen.setdefault(result.fault, result)
    return tuple(chosen.values())[:MOST_RULED_OUT]
