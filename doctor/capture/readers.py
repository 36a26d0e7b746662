"""Watches the functions that scripts read data files with: NumPy's, pandas' and the csv module's."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any, Callable

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
                keep(result, source, reader)
            return result

        return read

    def _of_script(self, depth: int) -> bool:
        """Whether the script itself calls: libraries read files of their own."""
        return self.session.locator.is_user_file(sys._getframe(depth + 1).f_code.co_filename)

    def _keep(self, result: Any, source: Any, reader: str) -> None:
        file = named_file(source)
        if file is None:
            return
        location = self.session.locator.here(1)
        self.origins.read_file(file, reader, location)
        columns = getattr(result, "columns", None)
        names = tuple(map(str, columns)) if columns is not None else None
        if names is None and getattr(getattr(result, "dtype", None), "names", None):
            names = tuple(result.dtype.names)
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
            file = named_file(source)
            if file is not None:
                self.origins.read_file(file, "csv.reader", self.session.locator.here(1))

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
