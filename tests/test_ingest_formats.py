"""Each format gives the same entries, whatever its encoding, delimiter or furniture."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.errors import FileFormatError, UnreadableFileError
from copilot.ingest.choices import Choices
from copilot.ingest.limits import Limits, check_archive
from copilot.ingest.parse import parse
from copilot.ingest.reading import Result, as_source, read_chunks
from copilot.ingest.split import sentences
from copilot.records import Chunk

DATA = """question;réponse;statut
Où êtes-vous ?;À Étampes — « chez nous »;validée
C’est cher ?;12,90 € l’unité;brouillon
"""


def read(path: str, data: bytes | str) -> Result:
    raw = data.encode() if isinstance(data, str) else data
    return read_chunks(as_source(f"knowledge/{path}", raw), "v", Choices())


def entries(path: str, data: bytes | str) -> dict[str, Chunk]:
    return {c.question: c for c in read(path, data).chunks if c.question}


def kept(path: str, data: bytes | str) -> str:
    return "\n".join(c.text for c in read(path, data).chunks)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_csv_of_any_making(encoding: str, delimiter: str, newline: str) -> None:
    text = DATA.replace(";", "\0").replace("12,90 €", '"12,90 €"' if delimiter == "," else "12,90 €")
    text = text.replace('"12,90 €" l’unité', '"12,90 € l’unité"').replace("\0", delimiter)
    data = text.replace("\n", newline).encode(encoding)
    found = entries("faq/f.csv", data)
    assert found["Où êtes-vous ?"].text == "À Étampes — « chez nous »"
    assert found["C’est cher ?"].text == "12,90 € l’unité"
    assert (found["C’est cher ?"].status, found["C’est cher ?"].row) == ("pending", 3)


@pytest.mark.parametrize(
    "header",
    [
        "Question,Answer",
        "QUESTION,RÉPONSE",
        "Intitulé,Contenu",
        "title,body",
        "Demande client,Réponse type",
        "short_code,content",
        "id,Sujet,Catégorie,Texte",
    ],
)
def test_columns_are_known_by_their_names(header: str) -> None:
    width = header.count(",") + 1
    row = {2: "Ouvert ?,Oui", 4: "7,Ouvert ?,Horaires,Oui"}[width]
    found = entries("faq/f.csv", f"{header}\n{row}\n")
    assert found["Ouvert ?"].text == "Oui"
    if width == 4:
        assert (found["Ouvert ?"].id, found["Ouvert ?"].headings) == ("faq/f.csv#7", ("Horaires",))


def test_csv_without_header_whose_first_column_asks() -> None:
    found = entries("faq/f.csv", "Ouvert ?;Oui\nFermé ?;Non\n")
    assert {q: c.text for q, c in found.items()} == {"Ouvert ?": "Oui", "Fermé ?": "Non"}


def test_unquoted_commas_in_the_last_column_belong_to_the_answer() -> None:
    assert entries("faq/f.csv", "question,answer\nOuvert ?,Oui, tous les jours, sauf lundi\n")[
        "Ouvert ?"
    ].text == ("Oui, tous les jours, sauf lundi")


def test_excel_separator_line_and_cells_on_several_lines() -> None:
    found = entries("faq/f.csv", 'sep=;\nquestion;answer\nOuvert ?;"Oui\n\nmais pas lundi"\nFermé ?;Non\n')
    assert found["Ouvert ?"].text == "Oui\n\nmais pas lundi"
    assert found["Fermé ?"].row == 4


def test_headings_of_a_faq_folder_with_categories() -> None:
    page = (
        "# FAQ\n\n## Livraison\n\n### Quels délais ?\n\n48 h.\n\n"
        "### Suivi du colis\n\nPar e-mail.\n\n## Retours\n\nSous 30 jours.\n"
    )
    found = entries("faq/f.md", page)
    assert {q: c.headings for q, c in found.items()} == {
        "Quels délais ?": ("FAQ", "Livraison"),
        "Suivi du colis": ("FAQ", "Livraison"),
        "Retours": ("FAQ",),
    }


def test_one_entry_a_file() -> None:
    found = read("faq/retour.md", "---\nid: retour\n---\n# Comment renvoyer ?\n\nPar la poste.\n").chunks
    assert [(c.id, c.question, c.text) for c in found] == [("retour", "Comment renvoyer ?", "Par la poste.")]


def test_markdown_code_and_setext_headings() -> None:
    found = entries("faq/f.md", "Délais ?\n--------\n\nVoir :\n\n```\n# pas un titre <!-- ni ceci -->\n```\n")
    assert found["Délais ?"].text.endswith("```\n# pas un titre <!-- ni ceci -->\n```")


def test_a_question_without_an_answer_is_told_with_its_line() -> None:
    result = read("faq/f.md", "## Un ?\n\n## Deux ?\n\nOui.\n")
    assert [n.code for n in result.notices] == ["ingest.no_answer"]
    assert "knowledge/faq/f.md:1" in result.notices[0].message.en


HTML = """<!doctype html><html lang="fr"><head><title>Livraison | Vélo</title>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"FAQPage","mainEntity":[
{"@type":"Question","name":"Combien de temps ?",
"acceptedAnswer":{"@type":"Answer","text":"<p>Comptez <b>48&nbsp;h</b>.</p>"}}]}
</script><style>p{}</style></head><body>
<nav><a href="/">Accueil</a> <a href="/x">Boutique</a></nav>
<div class="cookie-banner"><p>Nous utilisons des cookies pour mesurer l’audience.</p></div>
<main><h1>Livraison</h1><p>Nous livrons <em>partout</em> en France métropolitaine, Corse comprise.</p>
<div class="ad ad-top"><p>Achetez ce casque extraordinaire.</p></div>
<h2>Retrait</h2><ul><li>En boutique</li><li>En point relais</li></ul>
<table><tr><th>Pays</th><th>Prix</th></tr><tr><td>Belgique</td><td>9 €</td></tr></table>
<details><summary>Et le dimanche ?</summary><p>Non, jamais.</p></details>
<p>Comptez 48 h.</p>
<p style="display: none">Texte caché.</p></main>
<footer><p>© 2026 Vélo</p></footer></body></html>"""


def test_html_as_a_reader_sees_it() -> None:
    result = read("imported/site/p.html", HTML)
    found = {c.question: c for c in result.chunks if c.question}
    assert found["Combien de temps ?"].text == "Comptez 48\u00a0h."
    assert found["Et le dimanche ?"].text == "Non, jamais."
    text = "\n".join(c.text for c in result.chunks)
    assert "Nous livrons partout en France métropolitaine" in text
    assert "Belgique | 9 €" in text
    for absent in ("Boutique", "cookies", "casque", "caché", "©", "{"):
        assert absent not in text
    assert {c.status for c in result.chunks} == {"pending"}
    assert {c.language for c in result.chunks} == {"fr"}
    retrait = next(c for c in result.chunks if "relais" in c.text)
    assert retrait.headings == ("Livraison", "Retrait")


def test_every_dropped_passage_says_why() -> None:
    result = read("imported/site/p.html", HTML)
    reasons = {d.reason: d.text for d in result.decisions if not d.kept}
    assert set(reasons) >= {"navigation", "banner", "advert", "repeated"}
    assert all(d.why.fr and d.why.en for d in result.decisions)
    for decision in result.decisions:
        assert result.text[decision.start : decision.end] == decision.text


def test_very_deep_html_is_no_matter() -> None:
    page = "<div>" * 5_000 + "<p>Au fond se trouve une réponse utile.</p>" + "</div>" * 5_000
    assert isinstance(kept("imported/deep.html", page), str)


def test_html_that_declares_latin1() -> None:
    page = '<meta charset="iso-8859-1"><body><p>Été à Orléans, c’est possible.</p></body>'
    assert "Été à Orléans, c’est" in kept("imported/l.html", page.encode("cp1252"))


def docx_bytes() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("Livraison", 1)
    document.add_heading("Quels délais ?", 2)
    document.add_paragraph("Comptez 48 h.")
    document.add_paragraph("Hors jours fériés.")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table.rows[0].cells, ("Question", "Réponse"), strict=True):
        cell.text = text
    for cell, text in zip(table.rows[1].cells, ("Prix ?", "9 €"), strict=True):
        cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_docx_headings_and_question_tables() -> None:
    found = entries("faq/f.docx", docx_bytes())
    assert found["Quels délais ?"].text == "Comptez 48 h.\n\nHors jours fériés."
    assert found["Prix ?"].text == "9 €"


def xlsx_bytes(sheets: dict[str, list[list[object]]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_xlsx_of_several_sheets_with_dates() -> None:
    from datetime import date

    data = xlsx_bytes(
        {
            "FR": [["Question", "Réponse", "Valable jusqu’au"], ["Ouvert ?", "Oui", date(2026, 5, 1)]],
            "Notes": [["Une note", "sans rien"], ["autre", 3]],
        }
    )
    result = read("faq/f.xlsx", data)
    assert [(c.question, str(c.valid_until), c.row, c.headings) for c in result.chunks] == [
        ("Ouvert ?", "2026-05-01", 2, ("FR",))
    ]
    assert [n.code for n in result.notices] == ["ingest.sheet_skipped"]


def pdf_bytes(pages: list[list[str]]) -> bytes:
    """A PDF with these lines on each page, written by hand."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in pages:
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 50 750 Td {shown} ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {len(objects) + 2} 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    start = len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    out += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    return out.encode("latin-1")


def test_pdf_pages_without_their_running_heads() -> None:
    pages = [
        ["Notice du velo", f"La page {n} explique la bat-", "terie en detail.", f"Page {n}"]
        for n in range(1, 5)
    ]
    result = read("faq/notice.pdf", pdf_bytes(pages))
    assert [(c.page, c.text) for c in result.chunks] == [
        (n, f"La page {n} explique la batterie en detail.") for n in range(1, 5)
    ]
    assert {d.reason for d in result.decisions if not d.kept} == {"page_edge"}


ASKED = (
    "REPRISE\n\nReprenez-vous les vélos ?\n\nOui, sauf débridés.\n\n"
    "À quel prix ?\nSelon l'âge.\n\nEn bon état.\n"
)


@pytest.mark.parametrize("text", [ASKED, ASKED.replace("Repre", "Q : Repre").replace("Oui", "R : Oui")])
def test_text_files_whose_lines_ask(text: str) -> None:
    result = read("faq/reprise.txt", text)
    assert {c.question: c.text for c in result.chunks} == {
        "Reprenez-vous les vélos ?": "Oui, sauf débridés.",
        "À quel prix ?": "Selon l'âge.\n\nEn bon état.",
    }
    assert {c.headings for c in result.chunks} == {("REPRISE",)}
    assert all(result.text[c.start : c.end] == c.text for c in result.chunks)
    assert not any(c.question for c in read("guidelines/reprise.txt", text).chunks)


def test_pdf_lines_that_ask() -> None:
    lines = [
        "Que contient le carton ?",
        "Le carton contient tout le velo et ses outils",
        "habituels, sans plus.",
        "Comment le monter ?",
        "Avec la cle fournie, en un quart d heure environ.",
    ]
    assert {q: c.text for q, c in entries("faq/notice.pdf", pdf_bytes([lines])).items()} == {
        "Que contient le carton ?": "Le carton contient tout le velo et ses outils habituels, sans plus.",
        "Comment le monter ?": "Avec la cle fournie, en un quart d heure environ.",
    }


def test_json_in_its_usual_forms() -> None:
    plain = [{"question": "Ouvert ?", "answer": "Oui"}]
    for data in (plain, {"faq": plain}, {"Ouvert ?": "Oui"}, plain[0]):
        assert entries("faq/f.json", json.dumps(data))["Ouvert ?"].text == "Oui"
    lines = (
        '{"id": "c0", "title": "Ouvert ?", "text": "Oui"}\n{"id": "c1", "title": "Fermé ?", "text": "Non"}\n'
    )
    assert entries("faq/f.jsonl", lines)["Fermé ?"].id == "c1"
    with pytest.raises(FileFormatError) as caught:
        read("faq/f.jsonl", lines + '{"id": \n')
    assert caught.value.where.startswith("knowledge/faq/f.jsonl:3")


EXPORTS = {
    "zendesk": {
        "articles": [
            {
                "id": 36,
                "title": "Suivre mon colis",
                "body": "<p>Depuis votre <b>compte</b>.</p>",
                "locale": "fr-fr",
                "draft": False,
                "label_names": ["colis"],
                "html_url": "https://aide.example/36",
            }
        ]
    },
    "macro": {
        "macros": [
            {
                "id": 5,
                "title": "Suivre mon colis",
                "active": True,
                "actions": [
                    {"field": "status", "value": "solved"},
                    {"field": "comment_value", "value": "Depuis votre compte."},
                ],
            }
        ]
    },
    "intercom": {
        "type": "list",
        "data": [
            {
                "id": "9",
                "title": "Track my parcel",
                "description": "",
                "body": "<p>From your account.</p>",
                "state": "published",
                "default_locale": "en",
                "translated_content": {
                    "type": "article_translated_content",
                    "fr": {
                        "title": "Suivre mon colis",
                        "body": "<p>Depuis votre compte.</p>",
                        "state": "draft",
                    },
                },
            }
        ],
    },
    "chatwoot": [{"id": 1, "short_code": "Suivre mon colis", "content": "Depuis votre compte."}],
}


@pytest.mark.parametrize("tool", EXPORTS)
def test_help_centre_exports(tool: str) -> None:
    found = entries(f"imported/{tool}.json", json.dumps(EXPORTS[tool]))
    entry = found["Suivre mon colis"]
    assert (entry.text, entry.language, entry.status) == ("Depuis votre compte.", "fr", "pending")
    if tool == "intercom":
        assert found["Track my parcel"].language == "en"


def zip_bytes(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_zip_in_place_skips_what_it_cannot_read() -> None:
    data = zip_bytes({"a/faq.csv": b"question,answer\nOuvert ?,Oui\n", "b.md": b"\x00\x01", "c.png": b"x"})
    result = read("faq/tout.zip", data)
    assert [(c.question, c.text) for c in result.chunks] == [("Ouvert ?", "Oui")]
    assert [n.code for n in result.notices] == ["ingest.member_skipped"]
    assert all(result.text[c.start : c.end] == c.text for c in result.chunks)


def test_archive_defences() -> None:
    with pytest.raises(UnreadableFileError, match="outside its folder"):
        read("faq/x.zip", zip_bytes({"../../evil.md": b"x"}))
    with pytest.raises(UnreadableFileError, match="enormous"):
        read("faq/x.zip", zip_bytes({"bomb.txt": b"0" * 30_000_000}))
    with pytest.raises(UnreadableFileError, match="enormous"):
        read("faq/x.docx", zip_bytes({"word/document.xml": b"0" * 30_000_000}))
    with (
        zipfile.ZipFile(io.BytesIO(zip_bytes({f"{n}.md": b"" for n in range(20)}))) as archive,
        pytest.raises(UnreadableFileError),
    ):
        check_archive(archive, "x.zip", Limits(members=10))


def test_entity_bombs_in_office_files_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    for name in ("f.xlsx", "f.docx"):
        for data in (bomb, bomb.decode().encode("utf-16")):
            with pytest.raises(UnreadableFileError, match="XML entities"):
                read(f"faq/{name}", zip_bytes({"xl/worksheets/sheet1.xml": data}))


def test_other_scripts_are_text_too() -> None:
    page = "## متى تفتحون؟\n\nكل يوم من التاسعة.\n\n## 何時ですか？\n\n毎日九時からです。\n"
    found = read("imported/f.md", page)
    assert {c.question for c in found.chunks} == {"متى تفتحون؟", "何時ですか？"}
    assert len({c.id for c in found.chunks}) == 2


_LINES = st.lists(
    st.one_of(
        st.text(alphabet="abcé’' 🚲#<!->?*`|\t\u00a0\u202f", max_size=60),
        st.sampled_from(
            ["", "# Titre", "## Quoi ?", "### Sous", "<!-- id: x -->", "<!-- note -->", "- liste", "```",
             "a" * 1200, "Phrase. " * 150, "| a | b |", "|---|---|", "---", "> cité", "fin -->", "<!--"]
        ),
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    lines=_LINES, suffix=st.sampled_from(["md", "txt", "html"]), folder=st.sampled_from(["faq", "imported"])
)
def test_offsets_are_exact_and_nothing_hidden_shows(lines: list[str], suffix: str, folder: str) -> None:
    text = "\n".join(lines)
    try:
        result = read(f"{folder}/f.{suffix}", text)
    except FileFormatError:
        return  # an entry comment with a mistake
    if suffix != "html":
        assert result.text == text.replace("\r\n", "\n").replace("\r", "\n")
    assert len({c.id for c in result.chunks}) == len(result.chunks)
    for chunk in result.chunks:
        assert result.text[chunk.start : chunk.end] == chunk.text
        assert chunk.text.strip()
        assert chunk.kind == "faq" or len(chunk.text) <= 1125


@given(st.text(alphabet="aB.!? \n«»M1", max_size=200))
def test_sentences_cover_the_text(text: str) -> None:
    spans = list(sentences(text))
    assert "".join(text[s.start : s.end] for s in spans) == text


def test_sentences_know_abbreviations() -> None:
    text = "M. Durand (gérant, associé, etc.) et art. 5, vous répond. Il arrive à 10 h ! Vraiment ? Oui."
    assert [text[s.start : s.end].strip() for s in sentences(text)] == [
        "M. Durand (gérant, associé, etc.) et art. 5, vous répond.",
        "Il arrive à 10 h !",
        "Vraiment ?",
        "Oui.",
    ]


def test_parse_names_formats_it_does_not_read() -> None:
    with pytest.raises(UnreadableFileError, match=r"\.odt"):
        parse(as_source("knowledge/faq/x.odt", b"x"))


def test_typography_is_made_alike_where_a_format_has_no_text_of_its_own() -> None:
    html = "<p>L'été, c’est\u2009 l'heure\u00ad :\u00a0 oui.</p>"
    result = read("imported/t.html", html)
    assert [c.text for c in result.chunks] == ["L’été, c’est l’heure :\u00a0oui."]
    assert [(d.kept, d.reason) for d in result.decisions] == [(True, "tidied")]
    written = read("faq/t.md", "## Quand ?\n\nL'été, c’est l'heure.\n")
    assert [c.text for c in written.chunks] == ["L'été, c’est l'heure."]
    assert [(d.kept, d.reason) for d in written.decisions] == [(True, "uneven")]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_files_are_explained_never_a_crash(data: st.DataObject) -> None:
    name, whole = data.draw(
        st.sampled_from(
            [
                ("f.docx", DOCX),
                ("f.xlsx", XLSX),
                ("f.pdf", PDF),
                ("f.zip", ZIP),
                ("f.html", HTML.encode()),
                ("f.json", b'[{"question": "a", "answer": "b"}]'),
                ("f.csv", DATA.encode()),
            ]
        )
    )
    at = data.draw(st.integers(0, len(whole) - 1))
    damage = data.draw(st.binary(min_size=1, max_size=8))
    cut = data.draw(st.booleans())
    damaged = whole[:at] if cut else whole[:at] + damage + whole[at + len(damage) :]
    with suppress(FileFormatError, UnreadableFileError):
        read(f"faq/{name}", damaged)


DOCX = docx_bytes()
XLSX = xlsx_bytes({"F": [["question", "answer"], ["Ouvert ?", "Oui"]]})
PDF = pdf_bytes([["Une page.", "Deux lignes."]])
ZIP = zip_bytes({"f.csv": b"question,answer\na,b\n"})
