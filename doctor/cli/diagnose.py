"""`doctor diagnose`: run a script, watch it, and say what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import click

from doctor.cli.options import fail_option, report_options
from doctor.cli.proving import Proving, proof_options


@click.command(
    context_settings={"allow_interspersed_args": False},
    short_help="Run a script, watch its training, and say what is wrong.",
)
@click.argument("script")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]...")
@click.option("-m", "--module", is_flag=True, help="SCRIPT is the name of a module, to be run as by python -m.")
@click.option(
    "--run-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the recording.  [default: doctor_runs/<script>-<time>]",
)
@report_options
@click.option("--steps", type=click.IntRange(min=1), metavar="N", help="Stop the script after N training steps.")
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Stop the script after SECONDS."
)
@click.option(
    "--overhead",
    type=click.FloatRange(min=0, max=100, min_open=False),
    default=5.0,
    show_default=True,
    metavar="PERCENT",
    help="Share of the training time that watching may take.",
)
@click.option(
    "--data",
    metavar="DIR",
    help="Folder with mnist.npz, fashion_mnist.npz or cifar10.npz for keras.datasets.  [env var: DOCTOR_DATA]",
)
@click.option("--prove", is_flag=True, help="Then prove what was found: try its repair on a copy of the script.")
@proof_options
@fail_option
@click.option("--quiet", is_flag=True, help="Print nothing but the report: no progress, no notices of doctor's own.")
def diagnose(
    script: str,
    arguments: tuple[str, ...],
    module: bool,
    run_dir: Path | None,
    format_name: str,
    output: Path | None,
    steps: int | None,
    timeout: float | None,
    overhead: float,
    data: str | None,
    prove: bool,
    trials: int,
    proof_timeout: float | None,
    allowed: tuple[Path, ...],
    unsealed: bool,
    fail_on: str,
    quiet: bool,
) -> int:
    """Run SCRIPT with its ARGS, watch its training, and say what is wrong.

    The script runs unmodified, in a process of its own. Options after SCRIPT belong to
    the script. Doctor speaks on stderr; a report for programs goes to stdout, and what
    the script prints then goes to stderr.

    \b
    Examples:
      doctor diagnose train.py
      doctor diagnose --steps 200 train.py --learning-rate 0.1
      doctor diagnose --prove train.py
      doctor diagnose -m package.train --learning-rate 0.1
      doctor diagnose --format json train.py | jq .verdict
    """
    from doctor.capture.launcher import LaunchOptions
    from doctor.cli import conclusion, run_folder
    from doctor.cli.watching import Watching
    from doctor.datasets import data_folder

    conclusion.check_output(output)
    config = conclusion.configuration()
    data_dir = data_folder(data)
    folder = run_folder.create(run_dir, script.rpartition(".")[2] if module else Path(script).stem)
    to_stdout = format_name != "terminal" and output is None
    proving = Proving(trials, proof_timeout, allowed, unsealed, quiet) if prove else None
    watching = Watching(config, format_name, output, fail_on, quiet, proving)
    return watching.run(
        LaunchOptions(
            script=script,
            argv=arguments,
            module=module,
            run_dir=folder,
            steps=steps,
            timeout=timeout,
            overhead=overhead / 100,
            data_dir=data_dir,
            script_stdout="stderr" if to_stdout else "inherit",
        )
    )
