"""``runner serve``."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from runner.cli.options import Options, shared


@click.command("serve")
@shared
@click.option(
    "--data", metavar="FOLDER|sample", default="sample", show_default=True, help="A store, a dump, or sample."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes any free port.")
@click.option("--allow-host", multiple=True, metavar="NAME", help="Also answer requests whose Host header is NAME.")
@click.pass_obj
def command(options: Options, data: str, host: str, port: int, allow_host: tuple[str, ...]) -> None:
    """Serve the Reporting API over local data, for any Close client.

    Clients must send the API key that is in the environment variable RUNNER_SERVE_KEY. Only this machine can reach the
    server, unless --host says otherwise. --as-of fixes the server's clock. Stop it with Ctrl-C or SIGTERM.

    \b
      RUNNER_SERVE_KEY=secret runner serve --data sample --port 8080
      curl -u secret: http://127.0.0.1:8080/api/v1/me/
    """
    from runner.cli import progress
    from runner.wiring import server, stores

    keys = frozenset({server.key()})
    fixed = options.as_of

    def now() -> datetime:
        return fixed or datetime.now(UTC)  # noqa: TID251 - a server's clock; --as-of fixes it

    def ready(url: str) -> None:
        click.echo(f"serving {data} on {url}api/v1/", err=True)

    with progress.bars() as show, stores.open_data(data, now(), show) as store:
        engine = server.engine(store, keys=keys, now=now, host=host, names=frozenset(allow_host))
        server.listen(engine, (host, port), ready)
