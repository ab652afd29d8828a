"""Who may come in: every request is looked at here, before a page, the API or MCP sees it.

Without accounts only this machine comes in, and everybody on it is the one local user. With accounts every
request needs a session, whose cookie or token names the person; what she may do is decided by the verbs.
"""

from __future__ import annotations

import zlib
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Request
from gradio.context import LocalContext
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from copilot import Copilot
from ui.words import LANGUAGES, Words

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
ACTOR = "pv.actor"
OPEN = ("/signin", "/signout", "/oidc/", "/favicon.ico", *(f"/{code}/favicon.ico" for code in LANGUAGES))
"""What may be asked for before signing in; an entry that ends in a slash holds for all below it."""
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def actor() -> str:
    """Return the name of the person whose handler is running; empty without accounts."""
    request = LocalContext.request.get(None)
    name = getattr(request, "username", None)
    if name is None:
        # MCP hands us the plain request; Gradio's wrapper would turn the scope, which holds bytes, into JSON.
        plain = getattr(request, "__dict__", {}).get("request", request)
        name = plain.scope.get(ACTOR) if plain is not None else None
    return str(name or "")


def signed_in(request: Request) -> str | None:
    """Return the person a request comes from, empty without accounts, None where somebody must sign in."""
    name: str | None = request.scope.get(ACTOR)
    return name


def cookie_name(copilot: Copilot) -> str:
    """Return the name of the cookie: a browser may be signed in to several workspaces on one machine."""
    return f"pv-session-{zlib.crc32(str(copilot.workspace.folder).encode()):08x}"


def language_of(request: Request) -> str:
    """Return the language a visitor chose, else the one her browser prefers."""
    chosen = request.cookies.get("pv-language", "")
    if chosen in LANGUAGES:
        return chosen
    for wanted in request.headers.get("accept-language", "").lower().split(","):
        code = wanted.strip()[:2]
        if code in LANGUAGES:
            return code
    return "en"


class Access:
    """Middleware that lets a request pass, sends it to the sign-in page, or refuses it."""

    def __init__(self, app: ASGIApp, copilot: Copilot) -> None:
        self._app = app
        self._copilot = copilot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request = Request({**scope, "type": "http", "method": scope.get("method", "GET")})
        in_use, name = await run_in_threadpool(self._person, request)
        scope[ACTOR] = name if name or in_use is False else None
        refused = self._refused(request, in_use, name)
        await (refused or self._app)(scope, receive, send)

    def _person(self, request: Request) -> tuple[bool, str]:
        if not self._copilot.accounts.in_use:
            return False, ""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        cookie = request.cookies.get(cookie_name(self._copilot), "")
        secret = token.strip() if kind.lower() == "bearer" else cookie
        return True, self._copilot.sessions.whose(secret)

    def _refused(self, request: Request, in_use: bool, name: str) -> Response | None:
        say = Words(language_of(request), "access")
        if not in_use and _host(request.headers.get("host", "")) not in LOCAL:
            return JSONResponse({"error": say("local_only")}, 403)
        if request.method not in _READS and _from_elsewhere(request):
            return JSONResponse({"error": say("from_elsewhere")}, 403)
        path = request.url.path.removeprefix(request.scope.get("root_path", ""))
        if not in_use or name or any(path == p or (p[-1] == "/" and path.startswith(p)) for p in OPEN):
            return None
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(_sign_in(request, path + query), 303)
        # The name of the header tells our own script that signing in again is all it takes.
        return JSONResponse(
            {"error": say("sign_in_first")}, 401, {"X-Sign-In": "1", "WWW-Authenticate": "Bearer"}
        )


def _sign_in(request: Request, wanted: str) -> str:
    return f"{request.scope.get('root_path', '')}/signin?next={quote(wanted, safe='')}"


def _from_elsewhere(request: Request) -> bool:
    """Say whether a page of another site makes a browser send this; programs name no origin."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin")
    if origin is None:
        return False
    own = {request.headers.get("host", ""), request.headers.get("x-forwarded-host", "")} - {""}
    return urlsplit(origin).netloc not in own


def _host(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def secure(request: Request) -> bool:
    """Say whether the visitor's connection is encrypted, here or at the proxy before us."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))


def keep(copilot: Copilot, request: Request, response: Any, name: str) -> None:
    """Sign a person in: a new secret into the cookie, never one that was there before."""
    response.set_cookie(
        cookie_name(copilot),
        copilot.sessions.open(name),
        httponly=True,
        samesite="strict",
        secure=secure(request),
        path=f"{request.scope.get('root_path', '')}/",
    )
