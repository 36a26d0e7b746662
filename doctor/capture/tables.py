"""Follows pandas tables: what is derived from what was read, and the plain arrays made of them."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

from doctor.capture.origins import Origin, Origins
from doctor.capture.patching import wrap, wrap_property
from doctor.capture.session import Session


def install_tables(session: Session, origins: Origins, pandas: Any) -> None:
    """Watch tables become other tables and arrays. `pandas` is the module that the script imported."""

    def user_calls() -> bool:
        return session.locator.is_user_file(sys._getframe(3).f_code.co_filename)

    @session.guarded("tables")
    def derived(made: Any, source: Any) -> None:
        origin = origins.of(source)
        if origin is not None and made is not source:
            how = "derived" if origin.file is not None else origin.how
            origins.remember(made, dataclasses.replace(origin, how=how, names=_names(made)))

    @session.guarded("tables")
    def flattened(table: Any, array: Any) -> None:
        origin = origins.of(table) or Origin(None, "pandas", session.locator.here(1))
        origin = dataclasses.replace(origin, names=_names(table))
        origins.remember(array, origin)
        origins.keep_rows(array, origin)

    def finalize(original: Any, made: Any, other: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(made, other, *args, **kwargs)
        # Without this test every column of every table would cost a call.
        if origins.knows(other):
            derived(result, other)
        return result

    def values(original: Any, table: Any) -> Any:
        result = original(table)
        if user_calls():
            flattened(table, result)
        return result

    def to_numpy(original: Any, table: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(table, *args, **kwargs)
        if user_calls():
            flattened(table, result)
        return result

    for kind in (pandas.DataFrame, pandas.Series):
        wrap(kind, "__finalize__", finalize)
        wrap(kind, "to_numpy", to_numpy)
        wrap_property(kind, "values", values)


def _names(table: Any) -> tuple[str, ...] | None:
    columns = getattr(table, "columns", None)
    if columns is not None:
        return tuple(map(str, columns))
    name = getattr(table, "name", None)
    return None if name is None else (str(name),)
