"""Repairs: edits of the user's source that carry a cure.

Each is a file of its own. They know recordings, findings and source text, and no TensorFlow.
What they write is an offer: `doctor.proof` tries it on a scratch copy.
"""

from __future__ import annotations

from doctor.findings import Finding
from doctor.judgement import Judgement, judge
from doctor.recording import Recording
from doctor.repairs.as_proposed import AsProposed
from doctor.repairs.base import CannotWrite, Case, Patch, Repair, Unwritten
from doctor.repairs.data import DATA
from doctor.repairs.forward import FORWARD
from doctor.repairs.loss import LOSS
from doctor.repairs.optimiser import OPTIMISER
from doctor.rules.view import SubjectView
from doctor.types import Site

#: In the order in which they are tried for a finding that several suit.
REPAIRS: tuple[Repair, ...] = (
    *DATA,
    *FORWARD,
    *LOSS,
    *OPTIMISER,
    AsProposed(),
)

#: Ways to repair one finding that are offered at most.
MOST = 6


def case_of(recording: Recording, finding: Finding) -> Case:
    """The finding with its subject, as repairs take it."""
    subject = next((one for one in recording.subjects if one.key == finding.subject), None)
    if subject is None and len(recording.subjects) == 1:
        subject = recording.subjects[0]
    if subject is None:
        view = SubjectView(recording, Site("", "subject", "the script"), Judgement("unclear", "several were trained"))
    else:
        view = SubjectView(recording, subject, judge(recording, subject))
    return Case(recording, finding, view)


def proposed(recording: Recording, finding: Finding) -> tuple[list[Patch], list[Unwritten]]:
    """The patches that may cure a finding, the most likely first, and what could not be written and why.

    Patches of one repair stand together; one repair may write several (learning rates to choose from).
    """
    patches: list[Patch] = []
    unwritten: list[Unwritten] = []
    case = case_of(recording, finding)
    for repair in REPAIRS:
        if not repair.suits(finding):
            continue
        try:
            for patch in repair.patches(case):
                _add(patches, patch, recording)
        except CannotWrite as why:
            unwritten.append(Unwritten(repair.id, str(why)))
        except Exception as error:  # a defect of one repair must not hide what the others can do
            unwritten.append(Unwritten(repair.id, f"the repair failed: {type(error).__name__}: {error}"))
    if not patches and not unwritten:
        unwritten.append(Unwritten("", "no edit of the source is known that cures it"))
    return patches[:MOST], unwritten


def _add(patches: list[Patch], patch: Patch, recording: Recording) -> None:
    """Keep a patch that changes something, and nothing that another does already."""
    files = {path: text for path, text in patch.files.items() if text != recording.sources.get(path)}
    if files and all(files != dict(one.files) for one in patches):
        patches.append(Patch(patch.repair, patch.title, files, patch.value))
