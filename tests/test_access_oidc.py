"""Signing in through an identity provider: a small one of our own, over real HTTP."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from copilot import Copilot
from copilot.settings import load_settings
from tests.browser import Screens, start
from tests.conftest import NOW
from ui.listening import listen
from ui.words import Words

ADA = {"email": "ada@exemple.fr", "email_verified": True, "roles": ["cm", "cm-chefs"]}


class Provider:
    """An OpenID provider that lets everybody in at once, as the person in ``claims``."""

    def __init__(self) -> None:
        from joserfc.jwk import RSAKey

        self.claims: dict[str, Any] = ADA
        self.address = ""
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
        self.signing_key = self.key
        self.asked: dict[str, dict[str, str]] = {}

    def app(self) -> FastAPI:
        """Return its endpoints."""
        app = FastAPI()
        app.get("/.well-known/openid-configuration")(self.metadata)
        app.get("/keys")(lambda: JSONResponse({"keys": [self.key.as_dict(private=False)]}))
        app.get("/authorize")(self.authorize)
        app.post("/token")(self.token)
        return app

    def metadata(self) -> Response:
        """Say where everything is."""
        at = self.address
        return JSONResponse(
            {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "jwks_uri": f"{at}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    def authorize(self, request: Request) -> Response:
        """Send the person back with a code."""
        asked = dict(request.query_params)
        self.asked["code1"] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?code=code1&state={asked['state']}")

    async def token(self, request: Request) -> Response:
        """Give the signed token for a code whose verifier fits."""
        from joserfc import jwt

        form = parse_qs((await request.body()).decode())
        asked = self.asked.pop(form["code"][0])
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
        now = int(time.time())
        standard = {"iss": self.address, "aud": "pv", "sub": "1", "iat": now, "exp": now + 60}
        payload = {**standard, "nonce": asked["nonce"], **self.claims}
        signed = jwt.encode({"alg": "RS256", "kid": "k1"}, payload, self.signing_key)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": signed})


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The provider, served on a port of this machine."""
    made = Provider()
    taken = listen("127.0.0.1", 0, Words("en"))
    made.address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(made.app(), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    yield made
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def organisation(
    provider: Provider, ingested_sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Screens]:
    """Screens whose people sign in through the provider."""
    folder = tmp_path_factory.mktemp("oidc") / "cyclamene"
    shutil.copytree(ingested_sample, folder)
    settings = load_settings(folder).model_copy(
        update={
            "oidc_issuer": provider.address,
            "oidc_client_id": "pv",
            "oidc_roles": {"cm": "agent", "cm-chefs": "manager"},
        }
    )
    served = start(Copilot(folder, settings=settings, clock=lambda: NOW))
    yield served
    served.stop()


@pytest.fixture
def enter(organisation: Screens, provider: Provider) -> Iterator[Callable[..., httpx.Response]]:
    """Go the whole way to the provider and back as somebody."""
    client = httpx.Client(base_url=organisation.address, headers={"Accept-Language": "en"}, timeout=30)

    def go(**claims: Any) -> httpx.Response:
        provider.claims = {**ADA, **claims}
        answer = client.get("/oidc/start", follow_redirects=True)
        return client.get("/session") if answer.status_code == 200 else answer

    yield go
    provider.signing_key = provider.key
    client.close()


def test_a_person_of_the_organisation_enters_with_her_highest_role(
    enter: Callable[..., httpx.Response],
) -> None:
    assert enter().json() == {"name": "ada@exemple.fr", "role": "manager"}
    assert enter(roles="cm").json()["role"] == "agent"


@pytest.mark.parametrize(
    "claims",
    [{"roles": []}, {"roles": ["finance"]}, {"email_verified": False}, {"email": "a b"}, {"aud": "other"}],
)
def test_others_stay_out_and_are_told_why(
    enter: Callable[..., httpx.Response], claims: dict[str, Any]
) -> None:
    answer = enter(**claims)
    assert answer.status_code == 403
    assert re.search("no role in this workspace|did not let you through", answer.text)


def test_a_token_signed_by_somebody_else_opens_nothing(
    enter: Callable[..., httpx.Response], provider: Provider
) -> None:
    from joserfc.jwk import RSAKey

    provider.signing_key = RSAKey.generate_key(2048, {"kid": "k1"})
    assert enter().status_code == 403


def test_an_answer_nobody_asked_for_is_refused(organisation: Screens) -> None:
    answer = httpx.get(f"{organisation.address}/oidc/back?code=code1&state=invented")
    assert answer.status_code == 403


def test_the_sign_in_page_offers_the_provider_and_asks_it_for_pkce(organisation: Screens) -> None:
    page = httpx.get(f"{organisation.address}/signin")
    assert "/oidc/start" in page.text
    asked = urlsplit(httpx.get(f"{organisation.address}/oidc/start").headers["location"])
    assert parse_qs(asked.query)["code_challenge_method"] == ["S256"]
