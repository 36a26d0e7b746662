"""`doctor board`: open TensorBoard on recordings."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Open TensorBoard on one or more runs.")
@click.argument("runs", nargs=-1, type=click.Path(path_type=Path), metavar="[RUN...]")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="Listen on this port (6006, or a free one).")
@click.option("--no-browser", is_flag=True, help="Print the address, open nothing.")
def board(runs: tuple[Path, ...], port: int | None, no_browser: bool) -> int:
    """Start TensorBoard on the runs in the folders RUN, by default on the newest one.

    RUN may be a folder that holds runs, and a script that still runs is shown as it goes.
    Listens on this machine only. Ctrl-C stops it.

    \b
    Example:  doctor board doctor_runs
    """
    import signal

    from doctor.board import runs as found
    from doctor.board.browser import open_browser
    from doctor.board.server import serve
    from doctor.cli.run_folder import DEFAULT_PARENT

    folders = found.chosen(runs) if runs else [found.newest(DEFAULT_PARENT)]
    titles = found.titles(folders)
    # Ended in any way, it takes TensorBoard along.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with serve({title: folder / "tensorboard" for title, folder in zip(titles, folders)}, port) as server:
            for title in titles:
                click.echo(f"  {title}")
            click.echo(f"TensorBoard: {server.address}  (Ctrl-C stops it)")
            if not no_browser:
                open_browser(server.address)
            return 0 if server.wait() == 0 else 2
    except KeyboardInterrupt:
        click.echo()
        return 0
