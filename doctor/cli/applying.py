"""Finds or makes the proof of a script, and writes the repair that it confirmed; for `doctor fix`."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import sys
from pathlib import Path

import click

from doctor.capture import launcher
from doctor.cli import conclusion, run_folder
from doctor.cli.proving import Proving
from doctor.cli.watching import Watching
from doctor.errors import DoctorError, RecordingError
from doctor.findings import Diagnosis
from doctor.proof.bench import Bench
from doctor.proof.store import FOLDER, Proved, load
from doctor.recording import RECORDING_FORMAT, Recording
from doctor.recording_parts import read_run


def proved_run(script: str, arguments: tuple[str, ...], data: str | None, proving: Proving) -> Path:
    """The folder of a run of the script as it is now, with its proof; the script is run where there is none.

    Raises:
        DoctorError: the script could not be run, or nothing can be proved.
    """
    from doctor.capture.script_file import check_script

    given = Path(script)
    if (given / "run.json").is_file():
        if load(given) is None:
            _prove(given, proving)
        return given
    source = check_script(script)
    known = _known(given, arguments, hashlib.sha256(source).hexdigest())
    if known is not None:
        if load(known) is None:
            _prove(known, proving)
        return known
    return diagnosed(script, arguments, data, proving, proving.quiet)


def _known(script: Path, arguments: tuple[str, ...], sha256: str) -> Path | None:
    """The last run of a script with the same text and arguments, one that is proved before others."""
    found: list[tuple[bool, float, Path]] = []
    for file in run_folder.DEFAULT_PARENT.glob("*/run.json"):
        try:
            run = read_run(file.parent, RECORDING_FORMAT)
        except RecordingError:
            continue
        same = bool(run.folder) and os.path.realpath(Path(run.folder, run.path)) == os.path.realpath(script)
        here = os.path.realpath(run.folder) == os.path.realpath(os.curdir)
        if same and here and run.sha256 == sha256 and run.argv == arguments and run.status != "running":
            found.append((load(file.parent) is not None, file.stat().st_mtime, file.parent))
    return max(found)[2] if found else None


def _prove(folder: Path, proving: Proving) -> None:
    config = conclusion.configuration()
    recording = Recording.open(folder)
    diagnosis = proving.run(recording, conclusion.judged(recording, config), config)
    run_folder.save_diagnosis(folder, diagnosis)
    run_folder.draw_diagnosis(folder, diagnosis, recording)


def diagnosed(
    script: str, arguments: tuple[str, ...], data: str | None, proving: Proving | None, quiet: bool
) -> Path:
    """Run the script under doctor; the folder of the run. What it prints goes to stderr."""
    from doctor.datasets import data_folder

    folder = run_folder.create(None, Path(script).stem)
    report = Path(os.devnull) if quiet else None
    Watching(conclusion.configuration(), output=report, quiet=quiet, proving=proving).run(
        launcher.LaunchOptions(
            script=script, argv=arguments, run_dir=folder, data_dir=data_folder(data), script_stdout="stderr"
        )
    )
    return folder


def apply(recording: Recording, diagnosis: Diagnosis, proved: Proved, data: str | None, quiet: bool) -> int:
    """Write a confirmed repair, run the repaired script, and report before against after; the exit status.

    Raises:
        DoctorError: a file changed since the run, or cannot be written.
    """
    bench = Bench(recording, Path(FOLDER))
    files = {bench.original(path): (recording.sources.get(path, ""), text) for path, text in proved.files.items()}
    for path, (before, _) in files.items():
        _check_unchanged(path, before)
    for path, (before, after) in files.items():
        backup = write(path, before, after)
        if not quiet:
            click.echo(f"doctor: repaired {_near(path)}; the file as it was is {_near(backup)}", err=True)
    if not quiet:
        click.echo(proved.diff, err=True, nl=False)
    run = recording.run
    here = Path.cwd()
    os.chdir(run.folder)
    try:
        folder = diagnosed(run.path, run.argv, data or run.data_dir, None, True).absolute()
    finally:
        os.chdir(here)
    after_run = Recording.open(folder)
    judged = conclusion.judge(after_run)
    if not quiet:
        _compare(recording, diagnosis, after_run, judged)
    return int(judged.exceeds("error"))


def _compare(before: Recording, diagnosis: Diagnosis, after: Recording, judged: Diagnosis) -> None:
    from doctor.comparison import Run, compare
    from doctor.reporters.comparison import terminal

    terminal.write(compare([Run("before", before, diagnosis), Run("after", after, judged)], None), sys.stdout, True)
    folders = " ".join(shlex.quote(str(one.folder)) for one in (before, after))
    click.echo(f"\nNEXT\n  doctor compare {folders}")


def _check_unchanged(path: Path, before: str) -> None:
    try:
        now = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise DoctorError(
            f"The file {str(path)!r} cannot be read: {error.strerror}; the repair was made for it.", slug="fix-changed"
        ) from None
    if now != before:
        raise DoctorError(
            f"The file {str(path)!r} changed since the run, so the repair may not fit; run `doctor fix` on the script "
            "again.",
            slug="fix-changed",
        )


def write(path: Path, before: str, after: str) -> Path:
    """Write a file anew with its own line ends and mode, keep the old one as a backup, and give the backup's path.

    Raises:
        DoctorError: it cannot be written; then it is as it was.
    """
    backup = _unused(path)
    try:
        old = path.read_bytes()
        text = after.replace("\n", "\r\n") if b"\r\n" in old else after
        shutil.copy2(path, backup)
        temporary = path.with_name(f".{path.name}.doctor")
        temporary.write_bytes(text.encode("utf-8"))
        shutil.copymode(path, temporary)
        temporary.replace(path)
    except OSError as error:
        raise DoctorError(
            f"The repair of {str(path)!r} cannot be written: {error.strerror} ({error.filename}); make its folder "
            "writable, or take the diff that `doctor fix` prints without --apply.",
            slug="fix-unwritable",
        ) from None
    return backup


def _unused(path: Path) -> Path:
    backup, number = path.with_name(f"{path.name}.orig"), 1
    while backup.exists():
        number += 1
        backup = path.with_name(f"{path.name}.orig{number}")
    return backup


def _near(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
