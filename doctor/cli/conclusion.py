"""From a recording to a printed report and an exit status; shared by `diagnose`, `check` and `report`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TextIO

from doctor.cli.untrained import no_training
from doctor.config import Config, load
from doctor.errors import ConfigError
from doctor.findings import Diagnosis
from doctor.recording import Recording
from doctor.reporters import reporter, terminal
from doctor.rules import RULES


def judge(recording: Recording, config: Config | None = None) -> Diagnosis:
    """The diagnosis of a recording, as the configuration of the current folder asks, with what was proved of it.

    Raises:
        ConfigError: that configuration is wrong.
    """
    from doctor.proof.store import attached, load

    return attached(judged(recording, config or configuration()), load(recording.folder))


def judged(recording: Recording, config: Config) -> Diagnosis:
    """What the rules say of a recording, whatever experiments showed."""
    from doctor.engine import diagnose

    return diagnose(recording, config.apply(RULES), tuple((rule, config.file) for rule in sorted(config.disabled)))


def configuration() -> Config:
    """The configuration of the current folder.

    Raises:
        ConfigError: it is wrong.
    """
    return load(Path.cwd(), RULES)


def conclude(
    recording: Recording,
    diagnosis: Diagnosis,
    format_name: str,
    output: Path | None,
    terminal_stream: TextIO,
    fail_on: str,
) -> int:
    """Publish a diagnosis and give the exit status: 1 where a finding is at or above `fail_on`.

    Raises:
        DoctorError: no gradient was ever computed. Programs still get their report.
    """
    untrained = no_training(recording) if not diagnosis.findings else None
    if untrained is None or format_name != "terminal":
        publish(diagnosis, recording, format_name, output, terminal_stream)
    if untrained is not None:
        raise untrained
    return int(diagnosis.exceeds(fail_on))


def check_output(output: Path | None) -> None:
    """Find out before a long run that its report could not be written.

    Raises:
        ConfigError: the folder of the file does not exist.
    """
    if output is not None and not output.parent.is_dir():
        raise ConfigError(
            f"The report cannot be written to {str(output)!r}: the folder {str(output.parent)!r} does not exist; "
            "make it or give another --output.",
            slug="output-not-writable",
        )


def publish(
    diagnosis: Diagnosis, recording: Recording, format_name: str, output: Path | None, terminal_stream: TextIO
) -> None:
    """Print a report, or write it to a file.

    Args:
        diagnosis: what to report.
        recording: where curves and code are taken from.
        format_name: one of `doctor.reporters.FORMATS`.
        output: the file, or None to print.
        terminal_stream: where a report for people is printed; one for programs goes to stdout.

    Raises:
        ConfigError: the file cannot be written.
    """
    if output is None and format_name == "terminal":
        terminal.write(diagnosis, recording, terminal_stream)
        return
    deliver(reporter(format_name)(diagnosis, recording), output)


def deliver(text: str, output: Path | None) -> None:
    """Write a report to a file, or to stdout where there is none.

    Raises:
        ConfigError: the file cannot be written.
    """
    if output is None:
        # Bytes, because the report is UTF-8 whatever the locale says.
        binary = getattr(sys.stdout, "buffer", None)
        if binary is None:
            sys.stdout.write(text)
        else:
            sys.stdout.flush()
            binary.write(text.encode("utf-8"))
            binary.flush()
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"The report cannot be written to {str(output)!r}: {error.strerror}; give another --output.",
            slug="output-not-writable",
        ) from None
