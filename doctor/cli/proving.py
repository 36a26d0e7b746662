"""Runs an experiment with progress on stderr; shared by `diagnose --prove`, `prove` and `fix`."""

from __future__ import annotations

import contextlib
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Iterator, TypeVar

import click

if TYPE_CHECKING:
    from doctor.config import Config
    from doctor.findings import Diagnosis
    from doctor.recording import Recording

Function = TypeVar("Function", bound=Callable[..., Any])

#: Runs beside the repaired ones: the check of the control, a control of as many steps, two with another seed.
OTHER_RUNS = 2


@dataclass(frozen=True)
class Proving:
    """How an experiment is done.

    Attributes:
        trials: repaired runs at most.
        timeout: seconds for all of it, or None for what the runs may take together.
        allowed: folders that trials may write to.
        unsealed: run trials where nothing keeps them from writing elsewhere.
        quiet: no progress.
    """

    trials: int = 4
    timeout: float | None = None
    allowed: tuple[Path, ...] = ()
    unsealed: bool = False
    quiet: bool = False

    def run(self, recording: Recording, diagnosis: Diagnosis, config: Config) -> Diagnosis:
        """Prove what was found and keep it beside the recording; the diagnosis with its proofs.

        Raises:
            DoctorError: there can be no trial; the reason, and the option that allows it.
        """
        from doctor.cli import conclusion
        from doctor.proof.bench import Bench
        from doctor.proof.prove import Experiment, targets
        from doctor.proof.store import FOLDER, attached, save

        if recording.folder is None or not targets(diagnosis):
            self._say("nothing was found, so there is nothing to prove")
            return diagnosis
        progress = _Progress(enabled=not self.quiet)
        bench = Bench(
            recording,
            recording.folder / FOLDER,
            allowed=tuple(path.absolute() for path in self.allowed),
            unsealed=self.unsealed,
            watch=progress.watch,
        )
        longest = self.timeout if self.timeout is not None else (self.trials + OTHER_RUNS) * bench.limit()
        bench.deadline = time.monotonic() + longest
        self._say(f"proves the cause by up to {self.trials} repaired runs of a copy of the script "
                  f"(about {_minutes(recording.run.seconds)} each), {_minutes(longest)} at most")  # fmt: skip
        experiment = Experiment(
            bench, diagnosis, lambda one: conclusion.judged(one, config), self.trials, progress.begin
        )
        shutil.rmtree(recording.folder / FOLDER, ignore_errors=True)  # what an earlier experiment left
        with progress, _ended_by_signals():
            proved = experiment.run()
        if bench.barred:
            self._say(f"a trial was stopped where it wrote outside of its copy ({bench.barred}); "
                      "--allow-writes DIR allows it")  # fmt: skip
        if experiment.stopped:
            self._say(f"not all was tried: {experiment.stopped}")
        if experiment.interrupted:
            self._say("interrupted; what was proved so far is kept")
        try:
            save(recording.folder, proved)
        except OSError as error:
            self._say(f"the proofs could not be written to {str(recording.folder)!r} ({error.strerror})")
        return attached(diagnosis, proved)

    def _say(self, text: str) -> None:
        if not self.quiet:
            click.echo(f"doctor: {text}", err=True)


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let a signal that asks for the end break the experiment off as Ctrl-C does, so that its copies are removed."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, interrupt) for number in numbers
              if signal.getsignal(number) not in (signal.SIG_IGN, None)}  # fmt: skip
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def proof_options(function: Function) -> Function:
    """--trials, --proof-timeout, --allow-writes, --unsealed."""
    for option in (
        click.option(
            "--unsealed",
            is_flag=True,
            help="Run trials also where nothing keeps them from writing outside of their copy.",
        ),
        click.option(
            "--allow-writes",
            "allowed",
            multiple=True,
            type=click.Path(path_type=Path, exists=True),
            metavar="DIR",
            help="A folder outside of the scratch copy that trials may write to.",
        ),
        click.option(
            "--proof-timeout",
            type=click.FloatRange(min=0, min_open=True),
            metavar="SECONDS",
            help="End of all trials together.  [default: what they may take, told before they start]",
        ),
        click.option(
            "--trials",
            type=click.IntRange(min=1),
            default=4,
            show_default=True,
            metavar="N",
            help="Repaired runs at most.",
        ),
    ):
        function = option(function)
    return function


class _Progress:
    """What is tried now: one line at a terminal that changes, a line for each run elsewhere."""

    def __init__(self, enabled: bool) -> None:
        from rich.console import Console
        from rich.status import Status

        self._enabled = enabled
        console = Console(stderr=True, highlight=False)
        self._status = Status("", console=console) if enabled and console.is_terminal else None
        self._title = ""
        self._number = 0

    def __enter__(self) -> _Progress:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def begin(self, title: str) -> None:
        """A run begins."""
        self._title = title
        self._number += 1
        if self._enabled and self._status is None:
            click.echo(f"doctor: run {self._number}: {title}", err=True)
        self.watch(0, None)

    def watch(self, steps: int, loss: float | None) -> None:
        """A run goes on."""
        from doctor.numbers import number

        if self._status is not None:
            now = f", step {steps:,}, loss {number(loss)}" if loss is not None else ""
            self._status.update(_escaped(f"doctor: run {self._number}: {self._title}{now}"))


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _minutes(value: float) -> str:
    from doctor.numbers import seconds

    return seconds(value)
