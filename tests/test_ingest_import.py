"""Importing from elsewhere: what comes in, what is refused, and what is left on the disk."""

from __future__ import annotations

import csv
import json
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from copilot.errors import InputError, UnreadableFileError
from copilot.index import Index
from copilot.ingest import ingest
from copilot.ingest.addresses import resolve
from copilot.ingest.importing import (
    import_archive,
    import_export,
    import_file,
    import_replies,
    import_url,
)
from copilot.ingest.web import WebLimits

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MENU = "<nav>Menu</nav><p>Une question ? Notre équipe répond tous les jours de 9 h à 18 h.</p>"


def page(title: str, body: str) -> str:
    return f"<html lang='fr'><title>{title}</title><body>{MENU}<h1>{title}</h1><p>{body}</p></body></html>"


class Site(BaseHTTPRequestHandler):
    """A small help centre with good pages and bad ones."""

    def do_GET(self) -> None:
        here = f"http://127.0.0.1:{self.server.server_address[1]}"
        places = [
            *(f"{here}/aide/{n}.html" for n in range(4)),
            f"{here}/prive/x",
            "http://other.example/z",
            f"{here}/rien",
        ]
        sitemap = "".join(f"<url><loc>{place}</loc></url>" for place in places)
        answers: dict[str, tuple[int, str, str | bytes]] = {
            "/robots.txt": (200, "text/plain", "User-agent: *\nDisallow: /prive"),
            "/sitemap.xml": (200, "application/xml", f"<urlset>{sitemap}</urlset>"),
            "/index.xml": (
                200,
                "application/xml",
                f"<sitemapindex><sitemap><loc>{here}/sitemap.xml</loc></sitemap></sitemapindex>",
            ),
            "/latin": (
                200,
                "text/html; charset=iso-8859-1",
                "<p>Livré à l’été, c’est promis à tous nos abonnés.</p>".encode("cp1252"),
            ),
            "/notice.pdf": (200, "application/pdf", b"%PDF-1.4 broken"),
            "/image": (200, "image/png", b"\x89PNG"),
            "/big": (200, "text/html", b"x" * 3_000_000),
            "/bomb": (
                200,
                "application/xml",
                '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset>&a;',
            ),
        }
        for number in range(4):
            answers[f"/aide/{number}.html"] = (
                200,
                "text/html",
                page(f"Sujet {number}", f"Réponse {number}, en détail."),
            )
        redirects = {
            "/ancien": "/aide/1.html",
            "/boucle": "/boucle",
            "/dehors": "http://127.0.0.2/aide",
            "/metadata": "http://169.254.169.254/latest/meta-data/",
            "/fichier": "file:///etc/passwd",
        }
        if self.path in redirects:
            self.send_response(302)
            self.send_header("Location", redirects[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        status, kind, body = answers.get(self.path, (404, "text/plain", "no"))
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


LIMITS = WebLimits(networks=("127.0.0.1/32",), pause=0, page_bytes=2_000_000)


def test_a_page_is_kept_with_its_provenance(site: str, tmp_path: Path) -> None:
    report = import_url(f"{site}/ancien", tmp_path, limits=LIMITS, now=NOW)
    assert report.files == ["knowledge/imported/127.0.0.1/aide-1.html"]
    kept = (tmp_path / report.files[0]).read_text(encoding="utf-8-sig")
    assert kept.startswith(f"<!-- source: {site}/aide/1.html; fetched: 2026-03-01 -->\n")
    with Index.open(tmp_path / ".copilot" / "index", write=True) as index:
        ingest(tmp_path, index)
        chunk = next(c for c in index.chunks().values() if "Réponse 1" in c.text)
    assert (chunk.status, chunk.language, chunk.headings) == ("pending", "fr", ("Sujet 1",))


def test_the_encoding_that_the_server_declares_counts(site: str, tmp_path: Path) -> None:
    report = import_url(f"{site}/latin", tmp_path, limits=LIMITS)
    assert "Livré à l’été, c’est promis" in (tmp_path / report.files[0]).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("start", ["sitemap.xml", "index.xml"])
def test_a_sitemap_brings_its_own_pages_and_tells_the_others(site: str, tmp_path: Path, start: str) -> None:
    report = import_url(f"{site}/{start}", tmp_path, limits=LIMITS)
    assert len(report.files) == 4
    reasons = {url.removeprefix(site): reason.en for url, reason in report.skipped}
    assert "robots" in reasons["/prive/x"]
    assert "404" in reasons["/rien"]
    assert not any("other.example" in url for url in reasons)


def test_what_most_pages_of_a_site_share_is_dropped_once_seen(site: str, tmp_path: Path) -> None:
    import_url(f"{site}/sitemap.xml", tmp_path, limits=LIMITS)
    place = tmp_path / ".copilot" / "index"
    with Index.open(place, write=True) as index:
        first = ingest(tmp_path, index)
        texts = [c.text for c in index.chunks().values()]
        again = ingest(tmp_path, index)
    assert (first.added, first.updated, first.unchanged) == (4, 0, 0)
    assert sorted(texts) == [f"Réponse {n}, en détail." for n in range(4)]
    assert (again.added, again.updated, again.unchanged) == (0, 0, 4)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/prive/x", "ingest.url_robots"),
        ("/rien", "ingest.url_status"),
        ("/boucle", "ingest.url_redirects"),
        ("/dehors", "ingest.url_other_host"),
        ("/metadata", "ingest.url_other_host"),
        ("/fichier", "ingest.url_form"),
        ("/image", "ingest.url_type"),
        ("/big", "ingest.url_too_large"),
        ("/bomb", "ingest.sitemap_broken"),
        ("/notice.pdf", "ingest.broken_file"),
    ],
)
def test_bad_pages_are_refused_and_leave_nothing(site: str, tmp_path: Path, path: str, key: str) -> None:
    with pytest.raises(InputError) as caught:
        import_url(f"{site}{path}", tmp_path, limits=LIMITS)
    assert caught.value.key == key
    assert caught.value.in_language("fr")
    assert not (tmp_path / "knowledge").exists()


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "0.0.0.0", "10.0.0.8", "192.168.1.1", "172.16.3.4", "169.254.169.254"),
        *("2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::a00:1]", "[2002:7f00:1::]"),
        *("[fd00::1]", "100.64.0.1", "224.0.0.1", "[fe80::1]"),
    ],
)
def test_private_addresses_are_refused_however_they_are_written(host: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        import_url(f"http://{host}/", tmp_path)
    assert caught.value.key in ("ingest.url_private", "ingest.url_unknown_host", "ingest.url_form")


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888"])
def test_public_addresses_are_not(address: str) -> None:
    assert resolve(address, 443) == address


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "file:///etc/passwd", "http://u:p@a.example/", "pas une adresse", "http://a:99999/"],
)
def test_only_web_addresses(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        import_url(url, tmp_path)
    assert caught.value.key == "ingest.url_form"


def test_an_archive_is_unpacked_with_what_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "aide.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("fr/faq.csv", "question,answer\nOuvert ?,Oui\n")
        archive.writestr("fr/casse.md", b"\x00\x01\x02")
        archive.writestr("logo.png", b"\x89PNG")
        archive.writestr("__MACOSX/._faq.csv", b"x")
    report = import_archive(path, tmp_path / "w")
    assert report.files == ["knowledge/imported/aide/fr/faq.csv"]
    assert [name for name, _ in report.skipped] == ["fr/casse.md", "logo.png"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../../evil.md", "x")
    with pytest.raises(UnreadableFileError):
        import_archive(path, tmp_path / "w")
    assert not list(tmp_path.rglob("evil.md"))


def test_an_export_must_hold_entries(tmp_path: Path) -> None:
    good = tmp_path / "zendesk.json"
    good.write_text(json.dumps({"articles": [{"title": "Suivi", "body": "<p>Ici.</p>", "locale": "fr"}]}))
    assert import_export(good, tmp_path / "w").files == ["knowledge/imported/zendesk.json"]
    bad = tmp_path / "page.md"
    bad.write_text("# Une page sans question\n\nDu texte.\n")
    with pytest.raises(InputError):
        import_export(bad, tmp_path / "w")
    assert import_file(bad, tmp_path / "w").files == ["knowledge/imported/page.md"]


def test_past_replies_come_in_pending_and_without_personal_data(tmp_path: Path) -> None:
    path = tmp_path / "reponses.csv"
    path.write_text(
        "Message client;Réponse envoyée\n"
        "Bonjour, mon mail est lea.martin@example.com, où est mon colis ?;Il part demain.\n"
        "=HYPERLINK(1);Bonjour.\n",
        encoding="cp1252",
    )
    report = import_replies(path, tmp_path / "w")
    assert report.files == ["knowledge/imported/replies/reponses.csv"]
    text = (tmp_path / "w" / report.files[0]).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert "lea.martin" not in text
    assert rows[0]["answer"] == "Il part demain."
    assert rows[1]["question"].startswith("'=")
    assert {row["status"] for row in rows} == {"pending"}
