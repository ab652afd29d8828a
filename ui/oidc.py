"""Signing in through an identity provider (OpenID Connect), by Authlib: code flow with PKCE."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any, Literal

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from copilot import Copilot
from ui.access import keep
from ui.signin import refusal

log = logging.getLogger("ui")
Role = Literal["agent", "manager", "admin"]
ROLES: tuple[Role, ...] = ("agent", "manager", "admin")


def add_routes(app: FastAPI, copilot: Copilot) -> None:
    """Add the way to the provider and back, where the settings name one."""
    settings = copilot.settings
    if not settings.oidc_issuer:
        return
    from authlib.integrations.base_client import OAuthError
    from authlib.integrations.starlette_client import OAuth
    from httpx import HTTPError
    from joserfc.errors import JoseError
    from starlette.middleware.sessions import SessionMiddleware

    oauth = OAuth()
    oauth.register(
        "provider",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": 10},
    )

    @app.get("/oidc/start", include_in_schema=False)
    async def start(request: Request) -> Response:
        back = str(request.url_for("oidc_back"))
        try:
            answer: Response = await oauth.provider.authorize_redirect(request, back)
        except (OAuthError, HTTPError) as error:
            log.warning("identity provider: %s", type(error).__name__)
            return await run_in_threadpool(refusal, copilot, request, "provider_silent")
        return answer

    @app.get("/oidc/back", include_in_schema=False, name="oidc_back")
    async def back(request: Request) -> Response:
        try:
            token = await oauth.provider.authorize_access_token(request)
        except (OAuthError, HTTPError, JoseError) as error:
            log.warning("identity provider: %s", type(error).__name__)
            return await run_in_threadpool(refusal, copilot, request, "provider_refused")
        return await run_in_threadpool(_enter, copilot, request, token.get("userinfo") or {})

    # Holds state, nonce and verifier on the way there and back; a restart in between asks to start again.
    app.add_middleware(
        SessionMiddleware,
        secret_key=secrets.token_hex(32),
        session_cookie="pv-oidc",
        max_age=600,
        same_site="lax",
    )


def role_of(claims: Mapping[str, Any], claim: str, roles: Mapping[str, Role]) -> Role | None:
    """Return the highest role that a claim's values give, None for nobody of ours."""
    given = claims.get(claim, ())
    values = [given] if isinstance(given, str) else list(given or ())
    found = [roles[value] for value in values if value in roles]
    return max(found, key=ROLES.index, default=None)


def _enter(copilot: Copilot, request: Request, claims: Mapping[str, Any]) -> Response:
    settings = copilot.settings
    name = str(claims.get(settings.oidc_name_claim) or "")
    role = role_of(claims, settings.oidc_role_claim, settings.oidc_roles)
    if settings.oidc_name_claim == "email" and claims.get("email_verified") is not True:
        name = ""
    user = copilot.accounts.admit(name, role, at=copilot.now()) if name and role else None
    if user is None:
        return refusal(copilot, request, "not_ours")
    home = f"{request.scope.get('root_path', '')}/"
    # A redirect from another site would not carry our strict cookie yet: the page itself goes on.
    entered = HTMLResponse(
        f'<!doctype html><meta http-equiv="refresh" content="0;url={home}"><a href="{home}">Porte-voix</a>',
        headers={"Cache-Control": "no-store"},
    )
    keep(copilot, request, entered, user.name)
    return entered
