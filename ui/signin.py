"""Signing in and out: one plain page that needs no script."""

from __future__ import annotations

from html import escape
from math import ceil

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from copilot import Copilot
from ui import theme
from ui.access import ACTOR, cookie_name, keep, language_of
from ui.attempts import Attempts
from ui.words import LANGUAGES, Words


def add_routes(app: FastAPI, copilot: Copilot, attempts: Attempts) -> None:
    """Add the sign-in page, its form, the way out and the question who one is."""

    @app.get("/signin", include_in_schema=False)
    def page(request: Request, next: str = "/", lang: str = "", ended: bool = False) -> Response:
        if request.scope.get(ACTOR) is not None:
            return RedirectResponse(_root(request) + local(next), 303)
        answer = _page(copilot, request, lang, next, error="ended" if ended else "")
        if lang in LANGUAGES:
            answer.set_cookie("pv-language", lang, max_age=31_536_000, samesite="lax")
        return answer

    @app.post("/signin", include_in_schema=False)
    async def sign_in(request: Request) -> Response:
        form = await request.form()
        name, password = str(form.get("name", "")).strip(), str(form.get("password", ""))
        return await run_in_threadpool(
            _try, copilot, attempts, request, name, password, str(form.get("next", "/"))
        )

    @app.post("/signout", include_in_schema=False)
    def sign_out(request: Request) -> Response:
        cookie = cookie_name(copilot)
        copilot.sessions.close(request.cookies.get(cookie, ""))
        answer = RedirectResponse(f"{_root(request)}/signin", 303)
        answer.delete_cookie(cookie, path=f"{_root(request)}/")
        return answer

    @app.get("/session", include_in_schema=False)
    def session(request: Request) -> Response:
        name = request.scope.get(ACTOR) or ""
        role = copilot.accounts.role(name) if name else ""
        return JSONResponse({"name": name, "role": role}, headers={"Cache-Control": "no-store"})


def local(wanted: str) -> str:
    """Return an address of this server, the first page for any that would lead elsewhere."""
    leads_away = not wanted.startswith("/") or wanted[1:2] in ("/", "\\") or any(c < " " for c in wanted)
    return "/" if leads_away or wanted.startswith("/signin") else wanted


def _try(
    copilot: Copilot, attempts: Attempts, request: Request, name: str, password: str, wanted: str
) -> Response:
    place = request.client.host if request.client else ""
    seconds = attempts.wait(name, place)
    if seconds:
        answer = _page(copilot, request, "", wanted, name, "too_often", 429, minutes=ceil(seconds / 60))
        answer.headers["Retry-After"] = str(ceil(seconds))
        return answer
    user = copilot.accounts.authenticate(name, password)
    if user is None:
        attempts.failed(name, place)
        return _page(copilot, request, "", wanted, name, "wrong", 401)
    attempts.succeeded(name, place)
    entered = RedirectResponse(_root(request) + local(wanted), 303)
    keep(copilot, request, entered, user.name)
    return entered


def refusal(copilot: Copilot, request: Request, error: str) -> Response:
    """Return the sign-in page with the reason why somebody could not come in."""
    return _page(copilot, request, "", "/", "", error, 403)


def _page(
    copilot: Copilot,
    request: Request,
    language: str,
    wanted: str,
    name: str = "",
    error: str = "",
    status: int = 200,
    **params: object,
) -> HTMLResponse:
    code = language if language in LANGUAGES else language_of(request)
    say = Words(code, "access")
    told = f'<p class="pv-signin-error" role="alert">{escape(say(error, **params))}</p>' if error else ""
    html = _HTML.format(
        code=code,
        brand=escape(copilot.brand.name),
        title=escape(say("title")),
        heading=escape(say("sign_in")),
        style=theme.css(),
        error=told,
        next=escape(local(wanted)),
        name=escape(name),
        name_label=escape(say("name")),
        password_label=escape(say("password")),
        button=escape(say("sign_in")),
        forgotten=escape(say("forgotten")),
        provider=_provider(copilot, request, say),
        others=_others(code, wanted, say),
        invalid=' aria-invalid="true"' if error == "wrong" else "",
    )
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def _provider(copilot: Copilot, request: Request, say: Words) -> str:
    if not copilot.settings.oidc_issuer:
        return ""
    return f'<p class="pv-signin-or"><a href="{_root(request)}/oidc/start">{escape(say("provider"))}</a></p>'


def _others(code: str, wanted: str, say: Words) -> str:
    names = {other: escape(say(f"language_{other}")) for other in LANGUAGES if other != code}
    links = (
        f'<button class="pv-lang" name="lang" value="{other}" lang="{other}">{name}</button>'
        for other, name in names.items()
    )
    hidden = f'<input type="hidden" name="next" value="{escape(local(wanted))}">'
    return f'<form method="get" action="signin">{hidden}{"".join(links)}</form>'


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))


_HTML = """<!doctype html>
<html lang="{code}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{heading} · {brand} · {title}</title><link rel="icon" href="favicon.ico"><style>{style}</style></head>
<body class="pv-signin"><main>
<p class="pv-word"><span aria-hidden="true">◗</span> {title}</p>
<h1>{heading}</h1><p class="pv-signin-brand">{brand}</p>{error}
<form method="post" action="signin"><input type="hidden" name="next" value="{next}">
<label for="name">{name_label}</label>
<input id="name" name="name" value="{name}" autocomplete="username" autocapitalize="none" required
autofocus{invalid}>
<label for="password">{password_label}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required{invalid}>
<button type="submit">{button}</button></form>{provider}
<p class="pv-signin-help">{forgotten}</p>{others}</main></body></html>"""
