"""Runs a script under capture with a progress line, and reports on it; shared by `diagnose` and `reference train`."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import click

from doctor.capture import launcher
from doctor.cli import conclusion, run_folder
from doctor.cli.progress import Progress
from doctor.cli.proving import Proving
from doctor.config import Config
from doctor.errors import DoctorError
from doctor.findings import Diagnosis
from doctor.recording import Recording


@dataclass(frozen=True)
class Watching:
    """How a watched run is reported.

    Attributes:
        config: of the current folder.
        format_name: of the report.
        output: the file of the report, or None for the terminal.
        fail_on: the severity from which findings make the exit status 1.
        quiet: no progress, no notices.
        proving: how what is found is proved, None for not at all.
    """

    config: Config
    format_name: str = "terminal"
    output: Path | None = None
    fail_on: str = "warning"
    quiet: bool = False
    proving: Proving | None = None

    def run(self, options: launcher.LaunchOptions) -> int:
        """Run the script to its end, judge the recording, report; the exit status.

        Raises:
            DoctorError: the script could not be run, or nothing was trained.
            KeyboardInterrupt: Ctrl-C was pressed twice.
        """
        folder = options.run_dir
        progress = Progress(folder, sys.stderr, enabled=not self.quiet)
        try:
            with progress:
                result = launcher.launch(replace(options, on_tick=progress.tick))
        except KeyboardInterrupt:
            if not self.quiet:
                click.echo(f"doctor: left at once; `doctor check {folder}` judges what was recorded", err=True)
            raise
        finally:
            run_folder.discard_empty(folder)
        recording = run_folder.open_after(folder, result)
        diagnosis = conclusion.judge(recording, self.config)
        run_folder.save_diagnosis(folder, diagnosis)
        if self.proving is not None and diagnosis.findings and not result.interrupted:
            diagnosis = self._proved(self.proving, recording, diagnosis)
        if self.format_name == "terminal" and self.output is None and recording.subjects:
            click.echo(err=True)  # set off from what the script printed last
        try:
            status = conclusion.conclude(
                recording, diagnosis, self.format_name, self.output, sys.stderr, self.fail_on
            )
        finally:
            # Nobody waits for it: the report has been printed.
            run_folder.draw_diagnosis(folder, diagnosis, recording)
        if self.output is not None and not self.quiet:
            click.echo(f"doctor: {_summary(diagnosis)}; the report is in {self.output}", err=True)
        return status

    def _proved(self, proving: Proving, recording: Recording, diagnosis: Diagnosis) -> Diagnosis:
        """The diagnosis with its proofs; as it was, with a sentence, where there can be none."""
        try:
            proved = proving.run(recording, diagnosis, self.config)
        except DoctorError as error:
            click.echo(f"doctor: nothing was proved: {error} (docs/messages.md#{error.slug})", err=True)
            return diagnosis
        if recording.folder is not None:
            run_folder.save_diagnosis(recording.folder, proved)
        return proved


def _summary(diagnosis: Diagnosis) -> str:
    """The verdict in half a line."""
    primary = diagnosis.primary
    return diagnosis.verdict + (f", {primary.fault}" if primary else "")
