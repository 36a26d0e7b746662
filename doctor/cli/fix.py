"""`doctor fix`: print the repair that an experiment confirmed, or write it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from doctor.cli.proving import Proving, proof_options

if TYPE_CHECKING:
    from doctor.findings import Diagnosis
    from doctor.proof.store import Proved
    from doctor.recording import Recording


@click.command(
    context_settings={"allow_interspersed_args": False},
    short_help="Print the confirmed repair of a script, or write it.",
)
@click.argument("script")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]...")
@click.option("--apply", is_flag=True, help="Write the repair into the script, keep a backup, and run it.")
@click.option(
    "--data",
    metavar="DIR",
    help="Folder with mnist.npz, fashion_mnist.npz or cifar10.npz for keras.datasets.  [env var: DOCTOR_DATA]",
)
@proof_options
@click.option("--quiet", is_flag=True, help="Print nothing but the repair: no progress, no report.")
def fix(
    script: str,
    arguments: tuple[str, ...],
    apply: bool,
    data: str | None,
    trials: int,
    proof_timeout: float | None,
    allowed: tuple[Path, ...],
    unsealed: bool,
    quiet: bool,
) -> int:
    """Print the repair of SCRIPT that an experiment confirmed, as a unified diff.

    SCRIPT is a training script, or the folder of a run. Where no run of the script as it
    is now was proved yet, it is diagnosed and proved first. With --apply the repair is
    written, a backup is kept beside the file, and the repaired script runs under doctor:
    what changed is reported. A repair that no experiment confirmed is a suggestion, and
    is never written.

    Exit status: 0 there is a confirmed repair (with --apply: and nothing is wrong any more),
    1 there is none, 2 doctor could not do its job.

    \b
    Examples:
      doctor fix train.py | less
      doctor fix --apply train.py --epochs 5
    """
    from doctor.cli import applying, conclusion
    from doctor.proof.store import load
    from doctor.recording import Recording

    proving = Proving(trials, proof_timeout, allowed, unsealed, quiet)
    folder = applying.proved_run(script, arguments, data, proving)
    recording = Recording.open(folder)
    diagnosis = conclusion.judge(recording)
    proved = load(folder)
    if proved is None or not proved.files:
        _suggest(recording, diagnosis, quiet)
        return 1
    if not apply:
        click.echo(proved.diff, nl=False)
        if not quiet:
            click.echo(f"doctor: {_summary(proved, diagnosis)}; --apply writes it", err=True)
        return 0
    return applying.apply(recording, diagnosis, proved, data, quiet)


def _summary(proved: Proved, diagnosis: Diagnosis) -> str:
    confirmed = [one for one in diagnosis.findings if one.proof is not None and one.proof.verdict == "confirmed"]
    causes = ", ".join(dict.fromkeys(one.fault for one in confirmed))
    rest = "training works with this repair" if proved.cured else "with this repair something else is still wrong"
    return f"confirmed by experiment: {causes}; {rest}"


def _suggest(recording: Recording, diagnosis: Diagnosis, quiet: bool) -> None:
    """Say that nothing was confirmed, and what could be tried by hand."""
    from doctor.repairs import proposed

    primary = diagnosis.primary
    if primary is None:
        click.echo(f"doctor: nothing to repair: {diagnosis.verdict}, {diagnosis.reason}", err=True)
        return
    why = primary.proof.reason if primary.proof is not None else "it was not tried"
    click.echo(f"doctor: no repair was confirmed for {primary.fault} ({primary.title}): {why}", err=True)
    patches, unwritten = proposed(recording, primary)
    if patches and not quiet:
        click.echo("doctor: a suggestion, which no experiment confirmed:", err=True)
        click.echo(patches[0].diff(recording.sources), err=True, nl=False)
    for one in unwritten if not quiet else ():
        click.echo(f"doctor: not written: {one.reason}", err=True)
