"""A launched script behaves as under plain `python script.py`: every test runs both and compares."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from launching import assert_same, launch_script

SURROUNDINGS = '''
"""The script's docstring."""
import os, sys, warnings
print(sys.argv, sys.path, os.getcwd())
print(__name__, __file__, __doc__, __package__, __spec__, __cached__, type(__loader__), __builtins__)
print(sorted(dir()), __loader__.name, __loader__.path)
print(sys.flags, sys.warnoptions, warnings.filters)
print(dict(os.environ))
print(sys.modules["__main__"].__dict__ is globals(), sys.excepthook is sys.__excepthook__)
print(sys.stdin.isatty(), sys.stdout.encoding, sys.stdout.line_buffering)
import inspect, signal, threading, importlib.util
print(len(inspect.stack()), sys._getframe().f_back, signal.getsignal(signal.SIGINT) is signal.default_int_handler)
print([signal.getsignal(number) for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGUSR1)])
print(threading.current_thread() is threading.main_thread(), "sitecustomize" in sys.modules, "json" in sys.modules)
with open(os.devnull) as file:
    print(file.fileno())
warnings.warn("seen from outside", stacklevel=2)
warnings.warn("seen from here")
'''


def test_surroundings(run_script: Any) -> None:
    """Arguments, path, module attributes, flags, environment, signals, the stack below the script."""
    script = run_script.write("train.py", SURROUNDINGS)
    assert_same(run_script, script, "--steps", "3", "-x", "", "two words")


def test_relative_path_from_another_folder(run_script: Any) -> None:
    """A script named by a relative path: `sys.path[0]` is its folder, the working directory another."""
    run_script.write("project/sub folder/train it.py", SURROUNDINGS + "import neighbour\n")
    run_script.write("project/sub folder/neighbour.py", "print(__name__, __file__)")
    assert_same(run_script, "sub folder/train it.py", cwd=run_script.folder / "project")
    assert_same(run_script, "./sub folder/../sub folder/train it.py", cwd=run_script.folder / "project")


def test_symlink(run_script: Any) -> None:
    """Python takes neighbours from the folder of the real script."""
    script = run_script.write("real/train.py", SURROUNDINGS + "import neighbour")
    run_script.write("real/neighbour.py", "print(__file__)")
    (run_script.folder / "link.py").symlink_to(script)
    assert_same(run_script, "link.py")


@pytest.mark.parametrize("name", ["json", "traceback", "typing", "signal", "numpy", "queue", "pathlib"])
def test_neighbour_named_like_a_library(run_script: Any, name: str) -> None:
    """A neighbour that hides a library is imported, also when the script crashes or ends."""
    run_script.write(f"{name}.py", f"print('the script has its own {name}')")
    script = run_script.write("train.py", f"import {name}\nprint({name}.__file__)")
    assert_same(run_script, script)
    script = run_script.write("unused.py", "print('not imported')")
    assert_same(run_script, script)


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbfprint('with a byte order mark \xc3\xa9')",
        b"# -*- coding: latin-1 -*-\nprint('with a cookie \xe9')",
        b"#!/usr/bin/env python\r\nprint('carriage returns')\r\n",
        b"print('invalid \\d escape')",
        b"",
    ],
    ids=["bom", "cookie", "crlf", "escape", "empty"],
)
def test_source_forms(run_script: Any, source: bytes) -> None:
    """Encodings and line ends, and the compiler's own warnings, once."""
    assert_same(run_script, run_script.write("train.py", source))


def test_stdin(run_script: Any) -> None:
    """The script reads doctor's standard input."""
    script = run_script.write("train.py", "import sys\nprint(repr(input()), sys.stdin.read())")
    assert_same(run_script, script, stdin="first\nsecond\nthird\n")


@pytest.mark.parametrize(
    "statement",
    [
        "sys.exit()", "sys.exit(0)", "sys.exit(3)", "sys.exit('a message')", "sys.exit(None)", "sys.exit(256 + 7)",
        "sys.exit([1, 2])", "raise SystemExit(4)", "exit(5)", "os._exit(6)", "os.abort()",
        "try: sys.exit(8)\nfinally: print('finally')",
    ],
)  # fmt: skip
def test_exits(run_script: Any, statement: str) -> None:
    """Every way to leave, with handlers of atexit in their order."""
    source = "import atexit, os, sys\natexit.register(print, 'first')\natexit.register(print, 'second')\n"
    script = run_script.write("train.py", source + statement)
    assert_same(run_script, script, status="crashed" if "abort" in statement else "completed")


def test_threads_end_before_atexit(run_script: Any) -> None:
    """Threads that still run are waited for."""
    source = """
        import atexit, threading, time
        atexit.register(print, "atexit")
        threading.Thread(target=lambda: (time.sleep(0.3), print("thread"))).start()
        print("end")
    """
    launched = assert_same(run_script, run_script.write("train.py", _dedent(source)))
    assert launched.process.stdout == "end\nthread\natexit\n"


CRASHES = {
    "plain": "def f():\n    return 1 / 0\nf()",
    "cause": "try:\n    {}['a']\nexcept KeyError as error:\n    raise ValueError('bad') from error",
    "context": "try:\n    {}['a']\nexcept KeyError:\n    int('x')",
    "suppressed": "try:\n    {}['a']\nexcept KeyError:\n    raise ValueError('bad') from None",
    "own": "class Odd(Exception):\n    def __str__(self): raise RuntimeError\nraise Odd",
    "neighbour": "import neighbour\nneighbour.f()",
    "import": "import no_such_module_at_all",
    "syntax": "import broken",
    "recursion": "def f(): f()\nf()",
    "base": "class Stop(BaseException): pass\nraise Stop('x')",
    "hook": "import sys\nsys.excepthook = lambda *a: print('hook', a[0], a[1], a[2].tb_lineno)\n1 / 0",
    "failing hook": "import sys\nsys.excepthook = lambda *a: 1 / 0\nint('x')",
    "thread": "import threading\nt = threading.Thread(target=lambda: 1 / 0, name='t')\nt.start()\nt.join()\nint('x')",
    "atexit": "import atexit\natexit.register(lambda: 1 / 0)\nint('x')",
    "unraisable": "class A:\n    def __del__(self): int('x')\na = A()\ndel a\n1 / 0",
}
if sys.version_info >= (3, 11):
    CRASHES["group"] = "raise ExceptionGroup('two', [ValueError(1), ExceptionGroup('one', [KeyError(2)])])"


@pytest.mark.parametrize("kind", CRASHES)
def test_crashes(run_script: Any, kind: str) -> None:
    """The traceback on stderr is Python's, letter by letter, and the recording keeps it."""
    run_script.write("neighbour.py", "def f():\n    raise OSError(2, 'gone')")
    run_script.write("broken.py", "x = 1\ny = = 2\n")
    launched = assert_same(run_script, run_script.write("train.py", CRASHES[kind]), status="crashed")
    crash = launched.run["crash"]
    assert crash["traceback"].rstrip().splitlines()[-1].startswith(crash["type"].split(".")[-1]) or kind == "group"
    differ = ["hook", "failing hook", "thread", "atexit", "unraisable"]
    if sys.version_info < (3, 11):  # its traceback module and its interpreter disagree on classes of __main__
        differ += ["own", "base"]
    if kind not in differ:
        assert launched.process.stderr == crash["traceback"]


@pytest.mark.parametrize(
    ("kind", "type_name", "message", "place"),
    [
        ("plain", "ZeroDivisionError", "division by zero", ["train.py", 2, "return 1 / 0"]),
        ("neighbour", "FileNotFoundError", "[Errno 2] gone", ["neighbour.py", 2, "raise OSError(2, 'gone')"]),
        ("own", "Odd", "<unprintable>", ["train.py", 3, "raise Odd"]),
        ("syntax", "SyntaxError", "invalid syntax (broken.py, line 2)", ["broken.py", 2, "y = = 2"]),
        ("hook", "ZeroDivisionError", "division by zero", ["train.py", 3, "1 / 0"]),
    ],
)
def test_crash_facts(run_script: Any, kind: str, type_name: str, message: str, place: list[Any]) -> None:
    """A crash names its type, its message and the innermost line of the user's code."""
    run_script.write("neighbour.py", "def f():\n    raise OSError(2, 'gone')")
    run_script.write("broken.py", "x = 1\ny = = 2\n")
    run_script.write("train.py", CRASHES[kind])
    crash = launch_script(run_script, "train.py").run["crash"]
    assert (crash["type"], crash["message"], crash["location"]) == (type_name, message, place)


def test_crash_in_a_library_is_blamed_on_the_users_line(run_script: Any) -> None:
    """The innermost frame that is not the standard library's, after a change of directory too."""
    run_script.write("train.py", "import json, os\nos.chdir('/')\nx = json.loads('{')\n")
    crash = launch_script(run_script, "train.py").run["crash"]
    assert crash["type"] == "json.decoder.JSONDecodeError"
    assert crash["location"] == ["train.py", 3, "x = json.loads('{')"]


def test_keyboard_interrupt(run_script: Any) -> None:
    """Python dies by SIGINT after its traceback."""
    script = run_script.write("train.py", "print('x')\nraise KeyboardInterrupt\n")
    assert_same(run_script, script, status="interrupted")


def test_killed_script_is_a_crash(run_script: Any) -> None:
    """A recording of a killed script says so."""
    script = run_script.write("train.py", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    launched = assert_same(run_script, script, status="crashed")
    assert launched.run["crash"]["type"] == "SIGKILL"


MULTIPROCESSING = '''
import multiprocessing, os, pickle, subprocess, sys
class Task:
    def __init__(self, n): self.n = n
    def __call__(self): return self.n * self.n
def work(task):
    return task(), __name__, sys.excepthook is sys.__excepthook__, sorted(k for k in os.environ if "DOCTOR" in k)
if __name__ == "__main__":
    print(pickle.loads(pickle.dumps(Task(3)))(), pickle.dumps(Task(3)))
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        print(pool.map(work, [Task(n) for n in range(4)]))
        try:
            pool.map(divmod, [1])
        except TypeError as error:
            print(error)
    code = "import sys; print(sorted(m for m in sys.modules if 'doctor' in m), sys.path)"
    sys.stdout.flush()
    subprocess.run([sys.executable, "-c", code])
'''


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(run_script: Any, method: str) -> None:
    """Classes of `__main__` are pickled, and children of every kind run without doctor."""
    script = run_script.write("train.py", MULTIPROCESSING)
    assert_same(run_script, script, method)


def test_forked_child_leaves_the_recording_alone(run_script: Any) -> None:
    """A fork that runs to its end, or crashes, does not end the run."""
    source = """
        import os, sys
        sys.stdout.flush()
        if os.fork() == 0:
            sys.exit(3)
        print(os.waitstatus_to_exitcode(os.wait()[1]))
        print("parent")
    """
    launched = assert_same(run_script, run_script.write("train.py", _dedent(source)))
    assert launched.run["crash"] is None


def test_output_to_stderr(run_script: Any) -> None:
    """Where doctor's stdout must stay clean, the script's goes to stderr."""
    script = run_script.write("train.py", "import os\nprint('from the script')\nos.system('echo from a child')")
    process = launch_script(run_script, script, script_stdout="stderr").process
    assert process.stdout == ""
    assert sorted(process.stderr.splitlines()) == ["from a child", "from the script"]


def test_recording_begins_before_the_script(run_script: Any) -> None:
    """run.json names the script as it was named, with a hash; script.py is its source."""
    script = run_script.write("train.py", "import os\nprint(open('doctor run/run.json').read())")
    launched = launch_script(run_script, script.name, "a", "b")
    seen = json.loads(launched.process.stdout)["run"]
    assert (seen["status"], seen["path"], seen["argv"]) == ("running", "train.py", ["a", "b"])
    assert (run_script.folder / "doctor run/script.py").read_bytes() == script.read_bytes()
    assert launched.run["seconds"] > 0


def _dedent(source: str) -> str:
    import textwrap

    return textwrap.dedent(source)
