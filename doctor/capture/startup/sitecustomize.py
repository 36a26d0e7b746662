"""Starts doctor's side of the child before the script's first line, then leaves no trace of itself.

Python's `site` imports a module of this name from `sys.path` at start-up. The launcher puts
this folder on PYTHONPATH, so that the script can be run by the interpreter itself, as plain
`python script.py`: its `__main__`, its tracebacks, its stack, its exit status and what its
multiprocessing children see are then Python's own and need no imitation.
"""

import os
import sys


def _start() -> None:
    packed = os.environ.pop("DOCTOR_CHILD", None)
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if entry != here]
    sys.path_importer_cache.pop(here, None)
    if packed is None:
        return
    import marshal  # not json: importing it would hide a file of that name beside the script

    settings = marshal.loads(bytes.fromhex(packed))
    if settings["pythonpath"] is None:
        os.environ.pop("PYTHONPATH", None)
    else:
        os.environ["PYTHONPATH"] = settings["pythonpath"]

    root = os.path.dirname(os.path.dirname(os.path.dirname(here)))
    known = root in sys.path_importer_cache
    sys.path.insert(0, root)
    try:
        from doctor.capture import child

        child.prepare(settings)
    except Exception as error:
        sys.stderr.write(f"doctor: the script runs unobserved ({type(error).__name__}: {error})\n")
    finally:
        sys.path.remove(root)
        if not known:
            sys.path_importer_cache.pop(root, None)


_start()

# A sitecustomize of the user's own was hidden by this one; where there is none, `site`
# passes over the ImportError, and no module of this name stays in `sys.modules`.
del sys.modules["sitecustomize"]
__import__("sitecustomize")
