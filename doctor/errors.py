"""Errors that the command line turns into one sentence and exit status 2."""

from __future__ import annotations


class DoctorError(Exception):
    """Doctor could not do its job.

    The message is one clear sentence with the offending value and what to do;
    `slug` is its heading in `docs/messages.md`.
    """

    def __init__(self, message: str, *, slug: str) -> None:
        super().__init__(message)
        self.slug = slug


class ScriptError(DoctorError):
    """The script cannot be run: missing, a folder, not Python."""


class RecordingError(DoctorError):
    """The recording cannot be read: missing, foreign, of a newer format."""


class DataError(DoctorError):
    """A data folder was given that does not hold what was asked for."""


class ConfigError(DoctorError):
    """An option or configuration value is unknown or out of range."""
