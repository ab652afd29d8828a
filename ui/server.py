"""The application: one set of pages in each language, behind one address."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Before gradio is imported: nothing is sent anywhere, and no input is kept in the browser.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from gradio.routes import App

from copilot import Copilot, SettingsError
from ui import access, api, downloads, oidc, shell, signin, theme
from ui.attempts import Attempts
from ui.headers import Headers
from ui.listening import listen, serve
from ui.pages import pages
from ui.words import LANGUAGES, Words

# Told even where server-side rendering is off, as it is here.
warnings.filterwarnings("ignore", message="SSR mode is not supported", category=UserWarning)

CONCURRENT = 32
COMMON: dict[str, Any] = {
    "run_history": False,
    "show_error": True,
    "footer_links": [],
    "ssr_mode": False,
    "max_file_size": "20mb",
    "auth_dependency": access.signed_in,
}


def build(copilot: Copilot) -> FastAPI:
    """Make the application of a workspace; nothing is served yet."""
    app = FastAPI(title="Porte-voix", docs_url=None, redoc_url=None, openapi_url=None)
    _own_routes(app)
    signin.add_routes(app, copilot, Attempts())
    oidc.add_routes(app, copilot)
    downloads.add_routes(app, copilot)
    for language in LANGUAGES:
        app = gr.mount_gradio_app(
            app,
            screens(copilot, language),
            path=f"/{language}",
            **COMMON,
            blocked_paths=[str(copilot.workspace.folder)],
            theme=theme.theme(),
            css=theme.css(),
            head=theme.head(language),
        )
    app = gr.mount_gradio_app(app, api.build(copilot), path="/api", mcp_server=True, **COMMON)
    app.add_middleware(access.Access, copilot=copilot)
    app.add_middleware(Headers)
    return app


def screens(copilot: Copilot, language: str) -> gr.Blocks:
    """Return all pages in one language, each at its own address."""
    first, *others = shown = pages()
    title = f"{copilot.brand.name} · {Words(language)('title')}"
    with _no_application_yet():
        with gr.Blocks(title=title, analytics_enabled=False, fill_width=True) as blocks:
            gr.Navbar(visible=False)
            shell.build(copilot, first, shown, language)
            first.build(copilot, language)
        for page in others:
            with blocks.route(Words(language, page.name)("page"), f"/{page.slug}"):
                gr.Navbar(visible=False)
                shell.build(copilot, page, shown, language)
                page.build(copilot, language)
    # Handlers wait for a model or the disk more than they compute; one by one, fifty agents would queue.
    blocks.queue(default_concurrency_limit=CONCURRENT)
    for (
        event
    ) in blocks.fns.values():  # programs use the named set of ui/api.py, whatever a page forgets to say
        event.api_visibility = "private"
    return blocks


@contextmanager
def _no_application_yet() -> Iterator[None]:
    """Keep Gradio from building the whole application anew at the end of every page.

    Mounting builds the one that serves; the others cost half of the start-up.
    """
    made = App.create_app
    App.create_app = staticmethod(lambda *_, **__: None)  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        App.create_app = staticmethod(made)  # type: ignore[method-assign]


def launch(
    copilot: Copilot,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    browser: bool = True,
    language: str = "en",
) -> None:
    """Serve the screens until the process is stopped.

    Args:
        copilot: the workspace.
        host: the address to listen on; one that other machines reach needs accounts.
        port: 0 takes any free one; a busy one is told and the next free one taken.
        browser: open the screens once they answer.
        language: of the sentences in the terminal.

    Raises:
        SettingsError: another machine could reach the screens, but nobody would have to sign in; or no port
            is free.
    """
    if host not in access.LOCAL and not copilot.accounts.in_use:
        raise SettingsError("server.open_to_all", host=host)
    socket = listen(host, port, Words(language))
    app = build(copilot)
    # The first reply should not pay for opening the index and reading the rules.
    threading.Thread(target=_warm, args=(copilot,), daemon=True, name="warm-up").start()
    serve(app, socket, browser=browser)


def _warm(copilot: Copilot) -> None:
    import logging

    try:
        copilot.warm_up()
    except Exception as error:  # told on screen, in the user's language, when a verb meets it again
        logging.getLogger("ui").info("warm-up failed: %s", type(error).__name__)


def _own_routes(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    def home(request: Request) -> Response:
        return RedirectResponse(f"{request.scope.get('root_path', '')}/{access.language_of(request)}/")

    @app.get("/favicon.ico", include_in_schema=False)
    @app.get("/{_language}/favicon.ico", include_in_schema=False)
    def icon() -> Response:
        return FileResponse(theme.STATIC / "icon.svg", media_type="image/svg+xml")
