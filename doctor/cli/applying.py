"""Finds or makes the proof of a script, and writes the repair that it confirmed; for `doctor fix`."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Mapping

import click

from doctor import source_text
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
from doctor.types import RunFacts


def proved_run(script: str, arguments: tuple[str, ...], data: str | None, proving: Proving) -> Path:
    """The folder of a run of the script as it is now, with its proof; the script is run where there is none.

    Raises:
        DoctorError: the script could not be run, or nothing can be proved.
    """
    from doctor.capture.script_file import check_script

    given = Path(script)
    if (given / "run.json").is_file():
        _prove(given, proving)
        return given
    source = check_script(script)
    known = _known(given, arguments, hashlib.sha256(source).hexdigest())
    if known is not None:
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
        told = run.sha256 == sha256 and run.argv == arguments and run.module is None and run.status != "running"
        if same and here and told and _unchanged(file.parent):
            found.append((load(file.parent) is not None, file.stat().st_mtime, file.parent))
    return max(found)[2] if found else None


def _unchanged(folder: Path) -> bool:
    """Whether all files of a run are as they were."""
    recording = Recording.open(folder)
    bench = Bench(recording, folder)
    return all(_is_text(bench.original(path), text) for path, text in recording.sources.items())


def _is_text(path: Path, text: str) -> bool:
    try:
        return source_text.same(source_text.read(path), text)
    except OSError:
        return False


def _prove(folder: Path, proving: Proving) -> None:
    """Prove a run, unless that was done to its end already."""
    known = load(folder)
    if known is not None and known.complete:
        return
    config = conclusion.configuration()
    recording = Recording.open(folder)
    diagnosis = proving.run(recording, conclusion.judged(recording, config), config)
    run_folder.save_diagnosis(folder, diagnosis)
    run_folder.draw_diagnosis(folder, diagnosis, recording)


def diagnosed(
    script: str,
    arguments: tuple[str, ...],
    data: str | None,
    proving: Proving | None,
    quiet: bool,
    again: RunFacts | None = None,
) -> Path:
    """Run the script under doctor; the folder of the run. What it prints goes to stderr.

    Args:
        script, arguments, data, proving, quiet: as `doctor diagnose` takes them.
        again: of a run that is repeated, with the limits that it had.
    """
    from doctor.datasets import data_folder

    folder = run_folder.create(None, Path(script).stem)
    report = Path(os.devnull) if quiet else None
    Watching(conclusion.configuration(), output=report, quiet=quiet, proving=proving).run(
        launcher.LaunchOptions(
            script=again.module if again is not None and again.module else script,
            argv=arguments,
            module=again is not None and again.module is not None,
            run_dir=folder,
            steps=again.limits.get("steps") if again is not None else None,
            timeout=again.limits.get("seconds") if again is not None else None,
            data_dir=data_folder(data),
            script_stdout="stderr",
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
    for path, backup in write({path: after for path, (_, after) in files.items()}).items():
        if not quiet:
            click.echo(f"doctor: repaired {_near(path)}; the file as it was is {_near(backup)}", err=True)
    if not quiet:
        click.echo(proved.diff, err=True, nl=False)
    run = recording.run
    here = Path.cwd()
    os.chdir(run.folder)
    try:
        folder = diagnosed(run.path, run.argv, data or run.data_dir, None, True, run).absolute()
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
    if not path.is_file():
        raise DoctorError(f"There is no file {str(path)!r} any more; the repair was made for it.", slug="fix-changed")
    if not _is_text(path, before):
        raise DoctorError(
            f"The file {str(path)!r} changed since the run, so the repair may not fit; run `doctor fix` on the script "
            "again.",
            slug="fix-changed",
        )


def write(files: Mapping[Path, str]) -> dict[Path, Path]:
    """Write files anew in their own encoding, line ends and mode; the old ones are kept, and their new places returned.

    Raises:
        DoctorError: one cannot be written; then all are as they were.
    """
    made: dict[Path, Path] = {}
    backups: dict[Path, Path] = {}
    try:
        for path, text in files.items():
            temporary = path.with_name(f".{path.name}.doctor")
            made[path] = temporary
            temporary.write_bytes(source_text.changed(path.read_bytes(), text))
            shutil.copymode(path, temporary)
            backups[path] = _unused(path)
            shutil.copy2(path, backups[path])
        for path, temporary in made.items():
            temporary.replace(path)
    except (OSError, UnicodeEncodeError) as error:
        for written, backup in backups.items():
            if backup.is_file():
                backup.replace(written)
        for temporary in made.values():
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        why = getattr(error, "strerror", None) or error
        raise DoctorError(
            f"The repair of {str(path)!r} cannot be written: {why}; make its folder writable, or take the diff that "
            "`doctor fix` prints without --apply.",
            slug="fix-unwritable",
        ) from None
    return backups


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
