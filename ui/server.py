"""The application: one set of pages in each language, behind one address."""

from __future__ import annotations

import os
from html import escape

# Before gradio is imported: nothing is sent anywhere, and no input is kept in the browser.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from copilot import Copilot, SettingsError
from ui import theme
from ui.pages import reply
from ui.words import LANGUAGES, Words

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def build(copilot: Copilot) -> FastAPI:
    """Make the application of a workspace; nothing is served yet."""
    app = FastAPI(title="Porte-voix", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/", include_in_schema=False)
    def home(request: Request) -> Response:
        return RedirectResponse(f"{request.scope.get('root_path', '')}/{_language(request)}/")

    for language in LANGUAGES:
        app = gr.mount_gradio_app(
            app,
            pages(copilot, language),
            path=f"/{language}",
            run_history=False,
            show_error=True,
            footer_links=[],
            ssr_mode=False,
            max_file_size="20mb",
            theme=theme.theme(),
            css=theme.css(),
            head=theme.head(),
        )
    return app


def pages(copilot: Copilot, language: str) -> gr.Blocks:
    """Return all pages in one language."""
    say = Words(language)
    title = f"{say('page_reply')} · {copilot.brand.name} · {say('title')}"
    with gr.Blocks(title=title, analytics_enabled=False, fill_width=True) as blocks:
        gr.HTML(_header(copilot, say), elem_id="pv-header")
        reply.build(copilot, language)
    return blocks


def launch(
    copilot: Copilot,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    browser: bool = True,
    language: str = "en",
) -> None:
    """Serve the screens until the process is stopped.

    Raises:
        SettingsError: another machine could reach the screens, but nobody would have to sign in.
    """
    if host not in LOCAL:
        raise SettingsError("server.open_to_all", host=host)
    app = build(copilot)
    address = f"http://{host}:{port}/"
    print(address, flush=True)
    if browser:
        import webbrowser

        webbrowser.open(address)
    uvicorn.run(app, host=host, port=port, log_level="warning")


def _language(request: Request) -> str:
    chosen = request.cookies.get("pv-language", "")
    if chosen in LANGUAGES:
        return chosen
    wanted = request.headers.get("accept-language", "")
    return "fr" if wanted.lower().startswith("fr") or ",fr" in wanted.lower().split("en")[0] else "en"


def _header(copilot: Copilot, say: Words) -> str:
    other = "en" if say.language == "fr" else "fr"
    shortcuts = "".join(
        f"<li>{escape(say(f'shortcut_{name}'))}</li>" for name in ("draft", "copy", "fix", "save", "help")
    )
    return f"""
<a class="pv-skip" href="#pv-comment">{say("skip")}</a>
<header class="pv-header">
  <span class="pv-word" aria-label="Porte-voix"><span aria-hidden="true">◗</span> {say("title")}</span>
  <nav aria-label="{say("title")}"><a aria-current="page" href="./">{say("page_reply")}</a></nav>
  <span class="pv-brand">{escape(copilot.brand.name)}</span>
  <button type="button" class="pv-help" data-help aria-label="{say("help")}">?</button>
  <a class="pv-lang" lang="{other}" href="../{other}/" data-language="{other}">{say("other_language")}</a>
</header>
<dialog class="pv-sheet" aria-label="{say("help")}"><h2>{say("help")}</h2><ul>{shortcuts}</ul>
<form method="dialog"><button>{say("close")}</button></form></dialog>"""
