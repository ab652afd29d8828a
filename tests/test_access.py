"""Who may come in: signing in and out, sessions, other sites, wrong passwords, files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from copilot import Copilot, SettingsError
from tests.browser import PATIENCE, Screens, serious, start
from tests.conftest import NOW
from ui.attempts import MOST, WINDOW, Attempts
from ui.signin import local

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "un vélo vert au matin"


@pytest.fixture(scope="module")
def guarded(ingested_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """Screens of a workspace with accounts."""
    folder = tmp_path_factory.mktemp("guarded") / "cyclamene"
    shutil.copytree(ingested_sample, folder)
    copilot = Copilot(folder, clock=lambda: NOW)
    copilot.accounts.save("ada", "admin", PASSWORD, actor="", at=NOW)
    for name in ("ana", "lou"):
        copilot.accounts.save(name, "agent", PASSWORD, actor="ada", at=NOW)
    served = start(copilot)
    yield served
    served.stop()


@pytest.fixture
def stranger(guarded: Screens) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=guarded.address, headers={"Accept-Language": "en"}, timeout=30) as client:
        yield client


def sign_in(client: httpx.Client, name: str = "ana", password: str = PASSWORD, **form: str) -> httpx.Response:
    origin = str(client.base_url).rstrip("/")
    return client.post(
        "/signin", data={"name": name, "password": password, **form}, headers={"Origin": origin}
    )


def test_a_stranger_is_led_to_the_sign_in_page_and_back(stranger: httpx.Client) -> None:
    answer = stranger.get("/en/review", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/signin?next=%2Fen%2Freview"
    page = stranger.get(answer.headers["location"])
    assert 'value="/en/review"' in page.text
    entered = sign_in(stranger, next="/en/")
    assert (entered.status_code, entered.headers["location"]) == (303, "/en/")
    assert stranger.get("/en/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/en/config",
        "/en/gradio_api/info",
        "/en/gradio_api/queue/data?session_hash=x",
        "/api/gradio_api/info",
        "/api/gradio_api/mcp/",
        "/en/gradio_api/file=brand.yml",
        "/session",
    ],
)
def test_nothing_is_told_before_signing_in(stranger: httpx.Client, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 401
    assert "Sign in first" in answer.json()["error"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: httpx.Client) -> None:
    cookie = sign_in(stranger).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    again = stranger.post(
        "/signin", data={"name": "ana", "password": PASSWORD}, headers={"X-Forwarded-Proto": "https"}
    )
    assert "Secure" in again.headers["set-cookie"]


def test_signing_out_ends_the_session_on_the_server(stranger: httpx.Client, guarded: Screens) -> None:
    sign_in(stranger)
    cookies = dict(stranger.cookies)
    assert stranger.get("/session").json() == {"name": "ana", "role": "agent"}
    assert stranger.post("/signout").headers["location"] == "/signin"
    assert httpx.get(f"{guarded.address}/session", cookies=cookies).status_code == 401


def test_a_closed_account_is_out_at_once(stranger: httpx.Client, guarded: Screens) -> None:
    accounts = guarded.copilot.accounts
    accounts.save("leo", "agent", PASSWORD, actor="ada", at=NOW)
    sign_in(stranger, "leo")
    assert stranger.get("/session").json()["name"] == "leo"
    accounts.disable("leo", actor="ada", at=NOW)
    assert stranger.get("/session").status_code == 401
    assert sign_in(stranger, "leo").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://ailleurs.exemple"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:1"},
    ],
)
@pytest.mark.parametrize("path", ["/signin", "/signout", "/en/gradio_api/queue/join", "/api/gradio_api/mcp/"])
def test_a_page_of_another_site_changes_nothing(
    stranger: httpx.Client, path: str, headers: dict[str, str]
) -> None:
    assert stranger.post(path, headers=headers).status_code == 403


def test_without_accounts_only_this_machine_comes_in(screens: Screens) -> None:
    for host in ("attaquant.exemple", "192.168.1.20:7860", ""):
        answer = httpx.get(f"{screens.address}/en/", headers={"Host": host, "Accept-Language": "fr"})
        assert answer.status_code in (400, 403)
    assert httpx.get(f"{screens.address}/en/").status_code == 200


def test_wrong_passwords_are_slowed_down_and_say_so(stranger: httpx.Client) -> None:
    wrong = [sign_in(stranger, "ada", "pas le bon mot") for _ in range(MOST["pair"])]
    assert {answer.status_code for answer in wrong} == {401}
    assert "do not go together" in wrong[0].text
    answer = sign_in(stranger, "ada", PASSWORD)
    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.text
    assert int(answer.headers["retry-after"]) > 60
    assert sign_in(stranger, "ana").status_code == 303


def test_tries_are_counted_for_a_name_a_place_and_both() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(MOST["pair"]):
        attempts.failed("Ana", "1.1.1.1")
    assert attempts.wait("ana ", "1.1.1.1") == WINDOW
    assert attempts.wait("ana", "2.2.2.2") == 0
    for number in range(MOST["place"]):
        attempts.failed(f"name{number}", "3.3.3.3")
    assert attempts.wait("someone else", "3.3.3.3") > 0
    for number in range(MOST["name"]):
        attempts.failed("ada", f"10.0.0.{number}")
    assert attempts.wait("ada", "4.4.4.4") > 0
    now[0] = WINDOW + 1
    assert attempts.wait("ana", "1.1.1.1") == attempts.wait("ada", "4.4.4.4") == 0


@pytest.mark.parametrize(
    "wanted", ["//ailleurs.exemple", "https://ailleurs.exemple", "/\\ailleurs", "/\t/ailleurs", "", "/signin"]
)
def test_signing_in_never_leads_to_another_site(wanted: str) -> None:
    assert local(wanted) == "/"


def test_the_form_shows_what_was_typed_as_text_only(stranger: httpx.Client) -> None:
    page = sign_in(stranger, '"><script>alert(1)</script>', "x")
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


def test_the_sign_in_page_speaks_both_languages(stranger: httpx.Client) -> None:
    page = stranger.get("/signin", params={"lang": "fr"})
    assert 'lang="fr"' in page.text
    assert "Mot de passe" in page.text
    assert "pv-language=fr" in page.headers["set-cookie"]


def test_headers_keep_pages_out_of_frames_and_guessing(stranger: httpx.Client) -> None:
    headers = stranger.get("/signin").headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "brand.yml", "../brand.yml", "..%2f..%2fetc/passwd", ".copilot/store.db", "%2e%2e/x"],
)
def test_no_file_of_the_server_is_reachable(screens: Screens, path: str) -> None:
    folder = str(screens.copilot.workspace.folder)
    for place in (path, f"{folder}/{path.lstrip('/')}"):
        answer = httpx.get(f"{screens.address}/en/gradio_api/file={place}")
        assert answer.status_code in (403, 404)
        assert folder in place or folder not in answer.text


def test_an_upload_beyond_the_limit_is_refused(screens: Screens) -> None:
    files = {"files": ("gros.csv", b"x" * (21 * 1024 * 1024))}
    answer = httpx.post(f"{screens.address}/en/gradio_api/upload", files=files, timeout=60)
    assert answer.status_code == 413


def test_an_open_address_needs_accounts(sample: Copilot, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui import server

    with pytest.raises(SettingsError) as caught:
        server.launch(sample, host="0.0.0.0", port=0, browser=False)
    assert "0.0.0.0" in caught.value.in_language("fr")
    sample.accounts.save("ada", "admin", PASSWORD, actor="", at=NOW)
    served: list[object] = []
    monkeypatch.setattr(server, "serve", lambda app, taken, **_: (served.append(app), taken.close()))
    server.launch(sample, host="0.0.0.0", port=0, browser=False)
    assert len(served) == 1


@pytest.mark.browser
def test_a_person_signs_in_works_and_signs_out(browser: Browser, guarded: Screens) -> None:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(f"{guarded.address}/fr/")
    page.get_by_label("Nom").fill("ana")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("html.pv-ready", state="attached")
    page.locator("#pv-comment textarea").fill("Livrez-vous en Corse ?")
    page.locator("#pv-go").click()
    page.wait_for_function("document.querySelector('#pv-answer textarea')?.value.includes('119')")
    assert guarded.copilot.history()[0].reply.actor == "ana"
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(re.compile("/signin"))
    page.goto(f"{guarded.address}/fr/")
    assert "/signin" in page.url
    context.close()


def enter(page: Page, name: str) -> None:
    page.get_by_label("Nom").fill(name)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("html.pv-ready", state="attached")


@pytest.mark.browser
def test_a_session_that_ends_while_one_writes_loses_nothing(browser: Browser, guarded: Screens) -> None:
    context = browser.new_context(locale="fr-FR")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{guarded.address}/fr/")
    enter(page, "ana")
    answer, comment = page.locator("#pv-answer textarea"), page.locator("#pv-comment textarea")
    comment.fill("Livrez-vous en Corse ?")
    page.locator("#pv-go").click()
    page.wait_for_function("document.querySelector('#pv-answer textarea')?.value.includes('119')")
    page.wait_for_function("window.pvChecked === document.querySelector('#pv-answer textarea').value")
    text = answer.input_value()
    context.clear_cookies()
    answer.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Une phrase écrite")
    page.wait_for_selector(".pv-ended:has-text('session est terminée')")
    page.keyboard.type(" jusqu’au bout.")
    assert page.locator(".toast-body").count() == 0
    page.click(".pv-ended a")
    page.wait_for_selector("[role=alert]:has-text('vous attend')")
    assert serious(page) == []
    enter(page, "ana")
    expect = f"{text} Une phrase écrite jusqu’au bout."
    page.wait_for_function("(t) => document.querySelector('#pv-answer textarea').value === t", arg=expect)
    assert comment.input_value() == "Livrez-vous en Corse ?"
    context.close()


@pytest.mark.browser
def test_signing_in_elsewhere_brings_a_page_back_and_only_ones_own_words(
    browser: Browser, guarded: Screens
) -> None:
    context = browser.new_context(locale="fr-FR")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{guarded.address}/fr/")
    enter(page, "ana")
    page.locator("#pv-comment textarea").fill("Un message pour Ana.")
    context.clear_cookies()
    page.locator("#pv-go").click()
    page.wait_for_selector(".pv-ended a")
    other = context.new_page()
    other.goto(f"{guarded.address}/fr/")
    enter(other, "lou")
    page.wait_for_function("document.querySelector('.pv-person')?.textContent.includes('lou')")
    assert page.locator("#pv-comment textarea").input_value() == ""
    context.clear_cookies()
    page.goto(f"{guarded.address}/fr/")
    enter(page, "ana")
    page.wait_for_function("document.querySelector('#pv-comment textarea').value === 'Un message pour Ana.'")
    context.close()
