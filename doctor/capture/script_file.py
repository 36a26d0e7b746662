"""Reads the script before it is run, and says in one sentence why it could not be."""

from __future__ import annotations

import codecs
import re
import shlex
import stat
import warnings
from pathlib import Path

from doctor.errors import ScriptError

#: Files of data that Python might even compile: `a,b,c` is an expression.
_DATA = frozenset(
    "csv tsv json jsonl yaml yml toml cfg ini npy npz h5 hdf5 keras pb tflite tfrecord parquet pkl pickle joblib xls "
    "xlsx png jpg jpeg gif pdf zip gz tar html md log sh bat".split()
)

_MAGIC = re.compile(r"^\s*(%%?|!)\w")


def check_script(script: str, folder: Path | None = None) -> bytes:
    """The source of the script.

    Args:
        script: as it was named on the command line.
        folder: that its name is relative to, None for the present one.

    Raises:
        ScriptError: it is missing, a folder, not readable or not Python.
    """
    path = Path(folder or "") / script
    if not script:
        raise ScriptError("The name of the script is empty; name the file that trains.", slug="no-such-script")
    if path.is_dir():
        raise ScriptError(f"{script!r} is a folder; name the training script in it.", slug="script-is-folder")
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe would take its content away from the script
            raise ScriptError(f"{script!r} is not a regular file; save the script to one.", slug="script-unreadable")
        source = path.read_bytes()
    except FileNotFoundError:
        raise ScriptError(f"There is no script {script!r}; {_hint(script)}.", slug="no-such-script") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ScriptError(f"The script {script!r} cannot be read: {reason}.", slug="script-unreadable") from None
    _refuse_other_files(path, script, source)
    _compile(script, source)
    return source


def _hint(script: str) -> str:
    """What may have been meant by a name that no file has."""
    if not script.endswith(".py") and Path(f"{script}.py").is_file():
        return f"perhaps {script + '.py'!r} is meant"
    first = script.split()[0] if script.split() else ""
    if first != script and Path(first).is_file():
        return "give its arguments as words of their own, outside the quotes"
    return "check the path"


def _refuse_other_files(path: Path, script: str, source: bytes) -> None:
    """Say what a file is that is no Python source, and what to do about it."""
    ending = path.suffix.lower().lstrip(".")
    if ending == "ipynb":
        raise ScriptError(
            f"{script!r} is a notebook; make a script of it with `jupyter nbconvert --to script {shlex.quote(script)}` "
            f"and name {str(path.with_suffix('.py'))!r}.",
            slug="script-is-notebook",
        )
    if ending in _DATA:
        raise ScriptError(
            f"{script!r} is a .{ending} file, not a Python script; name the Python script that trains.",
            slug="script-not-python",
        )
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ScriptError(f"{script!r} is text in UTF-16; save it as UTF-8.", slug="script-syntax")
    if b"\0" in source:
        raise ScriptError(
            f"{script!r} is a binary file, not a Python script; name the source file that trains.",
            slug="script-not-python",
        )


def _compile(script: str, source: bytes) -> None:
    """See whether Python can compile the source."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the child prints what the compiler warns of
            compile(source, script, "exec", dont_inherit=True)
    except SyntaxError as error:
        line, number = (f", line {error.lineno}" if error.lineno else ""), error.lineno or 0
        lines = source.splitlines()
        code = lines[number - 1].decode("utf-8", "replace") if 0 < number <= len(lines) else ""
        if _MAGIC.match(code):
            raise ScriptError(
                f"{script!r}{line}: {code.strip()!r} is a command of notebooks, not Python; delete the line.",
                slug="script-syntax",
            ) from None
        reason = error.msg
        if "codec can't decode" in reason:
            reason = reason.removeprefix("(unicode error) ")
            raise ScriptError(f"{script!r}{line}: {reason}; save the file as UTF-8.", slug="script-syntax") from None
        raise ScriptError(
            f"{script!r}{line}: {reason}; `python {script}` must be able to run it.", slug="script-syntax"
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise ScriptError(f"Python cannot compile {script!r}: {error}.", slug="script-syntax") from None
