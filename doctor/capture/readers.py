"""Watches the functions that scripts read data files with: NumPy's, pandas' and the csv module's."""

from __future__ import annotations

import dataclasses
import os
import sys
from typing import Any, Callable

from doctor.capture.columns_alike import is_number
from doctor.capture.importing import when_imported
from doctor.capture.origins import Origin, Origins, named_file
from doctor.capture.patching import wrap
from doctor.capture.session import Session

_NUMPY = ("load", "loadtxt", "genfromtxt", "fromfile")
_PANDAS = ("read_csv", "read_table", "read_parquet", "read_excel", "read_json", "read_feather", "read_hdf", "read_fwf")


def install_readers(session: Session, origins: Origins) -> None:
    """Wrap the readers of NumPy now, those of other modules once the script has imported them."""
    import numpy

    _Readers(session, origins).install(numpy)


class _Readers:
    def __init__(self, session: Session, origins: Origins) -> None:
        self.session = session
        self.origins = origins

    def install(self, numpy: Any) -> None:
        keep = self.session.guarded("files")(self._keep)
        for name in _NUMPY:
            wrap(numpy, name, self._reader(f"numpy.{name}", keep))
        archive = getattr(numpy.lib.npyio, "NpzFile", None)
        if archive is not None:
            wrap(archive, "__getitem__", self._member)
        # Not `import csv` here: the script may have a module of that name.
        when_imported("csv", self._csv)
        when_imported("pandas", self._pandas)

    def _reader(self, reader: str, keep: Callable[..., None]) -> Callable[..., Any]:
        def read(original: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            if self._of_script(2):
                source = args[0] if args else next(iter(kwargs.values()), None)
                keep(result, source, reader, kwargs)
            return result

        return read

    def _of_script(self, depth: int) -> bool:
        """Whether the script itself calls: libraries read files of their own."""
        return self.session.locator.is_user_file(sys._getframe(depth + 1).f_code.co_filename)

    def _keep(self, result: Any, source: Any, reader: str, options: dict[str, Any]) -> None:
        path = named_file(source)
        if path is None:
            return
        file = self.session.locator.shown(path) if os.path.isabs(path) else path
        location = self.session.locator.here(1)
        self.origins.read_file(file, reader, location, path)
        columns = getattr(result, "columns", None)
        names = tuple(map(str, columns)) if columns is not None else None
        if names is None and getattr(getattr(result, "dtype", None), "names", None):
            names = tuple(result.dtype.names)
        if names is None and reader in ("numpy.loadtxt", "numpy.genfromtxt") and getattr(result, "ndim", 0) == 2:
            names = header(path, options, result.shape[1])
        origin = Origin(file, reader, location, names)
        self.origins.remember(result, origin)
        self.origins.keep_rows(result, origin)

    def _member(self, original: Any, archive: Any, key: Any) -> Any:
        result = original(archive, key)
        self.session.guarded("files")(self._keep_member)(archive, key, result)
        return result

    def _keep_member(self, archive: Any, key: Any, result: Any) -> None:
        origin = self.origins.of(archive)
        if origin is not None:
            origin = dataclasses.replace(origin, member=str(key))
            self.origins.remember(result, origin)
            self.origins.keep_rows(result, origin)

    def _csv(self, csv: Any) -> None:
        def note(source: Any) -> None:
            path = named_file(source)
            if path is not None and getattr(source, "mode", "r").startswith("r"):
                location = self.session.locator.here(1)
                file = self.session.locator.shown(path) if os.path.isabs(path) else path
                self.origins.read_file(file, "csv.reader", location, path)
                self.origins.read_text(os.path.abspath(path), Origin(file, "csv.reader", location))

        note = self.session.guarded("files")(note)

        def reader(original: Any, *args: Any, **kwargs: Any) -> Any:
            if args:
                note(args[0])
            return original(*args, **kwargs)

        wrap(csv, "reader", reader)

    def _pandas(self, pandas: Any) -> None:
        from doctor.capture.tables import install_tables

        keep = self.session.guarded("files")(self._keep)
        for name in _PANDAS:
            if hasattr(pandas, name):
                wrap(pandas, name, self._reader(f"pandas.{name}", keep))
        install_tables(self.session, self.origins, pandas)


def header(path: str, options: dict[str, Any], columns: int) -> tuple[str, ...] | None:
    """The names in the line that numpy.loadtxt or genfromtxt was told to skip last, if they are names.

    Args:
        path: of the file.
        options: keyword arguments of the call.
        columns: that were read.
    """
    skipped = options.get("skiprows", options.get("skip_header", 0))
    if not isinstance(skipped, int) or skipped < 1 or options.get("usecols") is not None or options.get("unpack"):
        return None
    delimiter = options.get("delimiter")
    if path.endswith((".gz", ".bz2", ".xz")) or not (delimiter is None or isinstance(delimiter, str)):
        return None
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [file.readline(100_000) for _ in range(min(skipped, 100))]
    names = tuple(name.strip().strip("\"'") for name in lines[-1].lstrip("#").strip().split(delimiter))
    return names if len(names) == columns and all(names) and not any(map(is_number, names)) else None
