"""Listen on a port: say which one, open the browser only once the screens answer."""

from __future__ import annotations

import socket

import click
import uvicorn
from fastapi import FastAPI

from copilot import SettingsError
from ui.words import Words

NEXT_PORTS = 20


def listen(host: str, port: int, say: Words) -> socket.socket:
    """Return a socket bound to ``port``, or to the next free one, which is then told.

    Raises:
        SettingsError: none of the ports tried is free.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + NEXT_PORTS) if port else [0]:
        taken = socket.socket(family, socket.SOCK_STREAM)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((host, candidate))
        except (OSError, OverflowError):
            taken.close()
            continue
        if candidate != port:
            click.echo(say("port_busy", port=port, next=candidate), err=True)
        return taken
    raise SettingsError("server.no_port", port=port, last=port + NEXT_PORTS - 1)


def serve(app: FastAPI, taken: socket.socket, *, browser: bool) -> None:
    """Serve until the process is stopped."""
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
    _Server(config, browser=browser).run(sockets=[taken])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, browser: bool) -> None:
        super().__init__(config)
        self._browser = browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started or not sockets:
            return
        host, port = sockets[0].getsockname()[:2]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        click.echo(address)
        if self._browser:
            import webbrowser

            webbrowser.open(address)
