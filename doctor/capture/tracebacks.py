"""Takes doctor's own frames out of the script's tracebacks."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # this module is loaded before the script, which may have its own typing.py
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Callable

    from doctor.capture.locator import Locator

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


#: Calls that the recording keeps of a traceback.
_MOST_FRAMES = 10_000

#: Where Keras is called to train, evaluate or predict.
_ENTRIES = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")


def peel(error: BaseException) -> BaseException:
    """Unlink doctor's frames from the traceback of `error` and of all that it is chained to."""
    todo = [error]
    seen: set[int] = set()
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        one.__traceback__ = peel_traceback(one.__traceback__)
        todo += [other for other in (one.__cause__, one.__context__) if other is not None]
        members = getattr(one, "exceptions", ())  # of an exception group (Python 3.11, or the backport)
        todo += [other for other in members if isinstance(other, BaseException)] if type(members) is tuple else []
    return error


def peel_traceback(traceback: TracebackType | None) -> TracebackType | None:
    """The traceback without doctor's frames; the ones that stay are relinked in place."""
    while traceback is not None and _is_ours(traceback):
        traceback = traceback.tb_next
    last = traceback
    while last is not None:
        following = last.tb_next
        while following is not None and _is_ours(following):
            following = following.tb_next
        if following is not last.tb_next:
            last.tb_next = following
        last = following
    return traceback


def _is_ours(traceback: TracebackType) -> bool:
    return traceback.tb_frame.f_code.co_filename.startswith(_PACKAGE)


def crash_facts(error: BaseException, locator: Locator) -> dict[str, Any]:
    """What `run.json` keeps of the exception that ended the script; its traceback is peeled in place."""
    import traceback

    peel(error)
    module = type(error).__module__
    name = type(error).__qualname__
    called = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    frames = [(code.co_filename, line) for code, line in called]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        frames.append((error.filename, error.lineno))  # a file that does not compile has no frame
    text = _text(error)
    # A function that called what failed may have called it before, when the graph was made.
    callers = {code.co_name for code, _ in called if locator.is_user_file(code.co_filename)}
    quoted = [(path, line) for path, line, name in _quoted_frames(text) if name not in callers]
    place = locator.of_stack(reversed(quoted)) or locator.of_stack(reversed(frames))
    # Python takes 20 us a frame to format, and scripts may raise the limit of recursion to a million.
    limit = None if len(called) <= _MOST_FRAMES else -_MOST_FRAMES
    return {
        "type": name if module in ("builtins", "__main__") else f"{module}.{name}",
        "message": text,
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__, limit=limit)),
        "location": None if place is None else place.listed(),
    }


def _quoted_frames(text: str) -> list[tuple[str, int, str]]:
    """(path, line, function) of the frames that a message of TensorFlow quotes, outermost first.

    They are the calls of a function that is being traced, or those that made the op which
    failed in a graph, and are on no stack any more. What called Keras to make the graph is left
    out: another call of `fit` may have run it.
    """
    frames: list[tuple[str, int, str]] = []
    for line in text.splitlines():
        words = line.strip()
        if words.endswith("root error(s) found."):
            break  # what follows repeats it
        if not words.startswith('File "'):
            continue
        path, separator, rest = words[len('File "') :].partition('", line ')
        number, _, name = rest.partition(", in ")
        if not separator or not number.isdigit():
            continue
        name = name.rstrip(" *")
        if name in _ENTRIES and f"{os.sep}keras{os.sep}" in path:
            frames.clear()
        frames.append((path, int(number), name))
    return frames


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "<unprintable>"


def install_hooks(is_stop: Callable[[BaseException], bool]) -> None:
    """Print the script's uncaught exceptions without doctor's frames.

    `sys.__excepthook__` is replaced as well: libraries compare the two to see whether the
    hook is still Python's, and hooks of the script that delegate to it get the same text.

    Args:
        is_stop: tells whether an exception is doctor's own, which ends the script silently.
    """
    original = sys.excepthook

    def excepthook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if is_stop(error):
            raise SystemExit(0)
        try:
            peel(error)
            traceback = peel_traceback(traceback)
        except Exception:  # then print it as it is
            pass
        original(kind, error, traceback)

    sys.excepthook = excepthook
    sys.__excepthook__ = excepthook


def install_thread_hook(threading: Any) -> None:
    """The same for exceptions that end a thread.

    Args:
        threading: the module, once imported.
    """
    original = threading.excepthook

    def excepthook(args: Any) -> None:
        try:
            # The first frame is threading's own, so relinking in place is enough.
            peel_traceback(args.exc_traceback)
            if args.exc_value is not None:
                peel(args.exc_value)
        except Exception:
            pass
        original(args)

    threading.excepthook = threading.__excepthook__ = excepthook
