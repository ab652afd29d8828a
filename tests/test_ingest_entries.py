"""An entry edited on screen lands in its file as if a person had typed it there."""

from __future__ import annotations

import difflib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.errors import ConflictError, InputError
from copilot.index import Index
from copilot.ingest import ingest
from copilot.ingest.entries import (
    Change,
    approve_entry,
    create_entry,
    edit_entry,
    read_entry,
    retire_entry,
)
from copilot.ingest.rendering import tidy

MARKDOWN = """---
lang: fr
---
# Livraison

## Quels sont les délais ?
<!-- id: delais; statut: en attente; note: voir Léa -->

Comptez 48 h.

## Combien ça coûte ?

9 €.
"""
CSV = 'id;question;réponse;statut\r\na1;Ouvert ?;"Oui; sauf lundi";approuvé\r\na2;Fermé ?;Non;approuvé\r\n'
PATH = "knowledge/faq/f"


def write(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / "knowledge" / "faq" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return f"knowledge/faq/{name}"


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def edit(folder: Path, path: str, entry_id: str, change: Change) -> str:
    entry = read_entry(folder, path, entry_id)
    edit_entry(folder, path, entry_id, change, version=entry.version)
    return (folder / path).read_bytes().decode("utf-8-sig")


def test_approving_changes_one_line_and_keeps_the_words_used_there(tmp_path: Path) -> None:
    path = write(tmp_path, "f.md", MARKDOWN)
    entry = read_entry(tmp_path, path, "delais")
    assert (entry.status, entry.answer) == ("pending", "Comptez 48 h.")
    approved = approve_entry(tmp_path, path, "delais", version=entry.version)
    assert approved.status == "approved"
    assert changed_lines(MARKDOWN, (tmp_path / path).read_text()) == [
        "-<!-- id: delais; statut: en attente; note: voir Léa -->",
        "+<!-- id: delais; statut: approved; note: voir Léa -->",
    ]


def test_retiring_an_entry_without_comment_adds_one(tmp_path: Path) -> None:
    path = write(tmp_path, "f.md", MARKDOWN)
    entry = read_entry(tmp_path, path, "faq/f.md#combien-ca-coute")
    assert retire_entry(tmp_path, path, entry.id, version=entry.version).status == "retired"
    assert changed_lines(MARKDOWN, (tmp_path / path).read_text()) == ["+<!-- status: retired -->"]


def test_an_edited_question_keeps_its_id(tmp_path: Path) -> None:
    path = write(tmp_path, "f.md", MARKDOWN)
    after = edit(tmp_path, path, "faq/f.md#combien-ca-coute", Change(question="Quel prix ?", answer="10 €."))
    assert read_entry(tmp_path, path, "faq/f.md#combien-ca-coute").question == "Quel prix ?"
    assert changed_lines(MARKDOWN, after) == [
        "-## Combien ça coûte ?",
        "+## Quel prix ?",
        "+<!-- id: faq/f.md#combien-ca-coute -->",
        "-9 €.",
        "+10 €.",
    ]


def test_windows_line_ends_and_encoding_stay(tmp_path: Path) -> None:
    path = write(tmp_path, "f.md", MARKDOWN.replace("\n", "\r\n").encode("cp1252"))
    entry = read_entry(tmp_path, path, "delais")
    edit_entry(tmp_path, path, "delais", Change(answer="Comptez\n\n72 h."), version=entry.version)
    raw = (tmp_path / path).read_bytes()
    expected = MARKDOWN.replace("Comptez 48 h.", "Comptez\n\n72 h.").replace("\n", "\r\n").encode("cp1252")
    assert raw == expected
    edit_entry(
        tmp_path,
        path,
        "delais",
        Change(answer="Deux jours 🚚"),
        version=read_entry(tmp_path, path, "delais").version,
    )
    assert "Deux jours 🚚" in (tmp_path / path).read_bytes().decode("utf-8")


def test_a_file_changed_meanwhile_is_a_conflict_and_is_not_touched(tmp_path: Path) -> None:
    path = write(tmp_path, "f.md", MARKDOWN)
    version = read_entry(tmp_path, path, "delais").version
    theirs = MARKDOWN.replace("48 h", "24 h")
    write(tmp_path, "f.md", theirs)
    with pytest.raises(ConflictError):
        edit_entry(tmp_path, path, "delais", Change(answer="Jamais."), version=version)
    assert (tmp_path / path).read_text() == theirs


@pytest.mark.parametrize(
    "answer", ["## Autre ?\n\nOui", "Oui <!-- id: x -->", "Titre\n=====", "   ", "```\nsans fin"]
)
def test_an_answer_that_would_change_the_structure_is_refused(tmp_path: Path, answer: str) -> None:
    path = write(tmp_path, "f.md", MARKDOWN)
    version = read_entry(tmp_path, path, "delais").version
    with pytest.raises(InputError):
        edit_entry(tmp_path, path, "delais", Change(answer=answer), version=version)
    assert (tmp_path / path).read_text() == MARKDOWN


def test_csv_rows_change_alone(tmp_path: Path) -> None:
    path = write(tmp_path, "f.csv", CSV)
    after = edit(tmp_path, path, "a2", Change(answer="Non; jamais", valid_until=date(2026, 12, 31)))
    assert after == (
        "id;question;réponse;statut;valid_until\r\n"
        'a1;Ouvert ?;"Oui; sauf lundi";approuvé\r\n'
        'a2;Fermé ?;"Non; jamais";approuvé;2026-12-31\r\n'
    )
    entry = read_entry(tmp_path, path, "a2")
    assert (entry.answer, entry.valid_until) == ("Non; jamais", date(2026, 12, 31))


def test_a_date_can_be_taken_back(tmp_path: Path) -> None:
    for name, content, entry_id in (("f.md", MARKDOWN, "delais"), ("f.csv", CSV, "a1")):
        path = write(tmp_path, name, content)
        edit(tmp_path, path, entry_id, Change(valid_until=date(2026, 12, 31), tags=("a; b", "c -->")))
        entry = read_entry(tmp_path, path, entry_id)
        assert (entry.valid_until, entry.tags) == (date(2026, 12, 31), ("a", "b", "c ->"))
        edit(tmp_path, path, entry_id, Change(clear=("valid_until",)))
        assert read_entry(tmp_path, path, entry_id).valid_until is None


def test_a_new_entry_is_pending_and_readable(tmp_path: Path) -> None:
    first = create_entry(tmp_path, "Livrez-vous en Corse ?", "Oui, sous 5 jours.", Change(language="fr"))
    second = create_entry(tmp_path, "Et à l’étranger ?", "Non.")
    text = (tmp_path / first.path).read_text()
    assert text.startswith("## Livrez-vous en Corse ?\n<!-- id: livrez-vous-en-corse-")
    assert (first.status, second.status, first.path) == ("pending", "pending", second.path)
    with Index.open(tmp_path / ".copilot" / "index", write=True) as index:
        ingest(tmp_path, index)
        assert {first.id, second.id} == set(index.chunks())
    row = create_entry(tmp_path, "Ouvert ?", "Oui, tard", path="knowledge/faq/t.csv")
    create_entry(tmp_path, "Fermé ?", "Non", path="knowledge/faq/t.csv")
    assert read_entry(tmp_path, row.path, row.id).answer == "Oui, tard"
    assert (tmp_path / row.path).read_text().splitlines()[0] == "id,question,answer,status"


@pytest.mark.parametrize(
    "path", ["knowledge/rules/x.md", "knowledge/faq/../../x.md", "/etc/x.md", "knowledge/faq/x.pdf"]
)
def test_entries_are_only_made_in_the_faq(tmp_path: Path, path: str) -> None:
    with pytest.raises(InputError):
        create_entry(tmp_path, "Ouvert ?", "Oui", path=path)


def test_other_formats_keep_their_words_and_take_a_state(tmp_path: Path) -> None:
    path = write(
        tmp_path, "f.json", '[{"id": "j1", "question": "Ouvert ?", "answer": "Oui", "status": "draft"}]'
    )
    entry = read_entry(tmp_path, path, "j1")
    assert not entry.words_editable
    with pytest.raises(InputError):
        edit_entry(tmp_path, path, "j1", Change(answer="Non"), version=entry.version)
    assert approve_entry(tmp_path, path, "j1", version=entry.version).status == "approved"
    with Index.open(tmp_path / ".copilot" / "index", write=True) as index:
        ingest(tmp_path, index)
        assert index.chunks()["j1"].status == "approved"
    assert "j1:" in (tmp_path / "knowledge" / "entries.yml").read_text()


_WORDS = st.text(alphabet="aé’' \n#-<>!=;|`*_1.\t«»", min_size=1, max_size=40)


@settings(max_examples=120, deadline=None)
@given(answer=_WORDS, question=_WORDS, suffix=st.sampled_from(["md", "csv"]))
def test_an_edit_is_exactly_what_was_asked_or_nothing(
    tmp_path_factory: pytest.TempPathFactory, answer: str, question: str, suffix: str
) -> None:
    folder = tmp_path_factory.mktemp("w")
    before = {"md": MARKDOWN, "csv": CSV}[suffix]
    entry_id, other = {"md": ("delais", "faq/f.md#combien-ca-coute"), "csv": ("a1", "a2")}[suffix]
    path = write(folder, f"f.{suffix}", before)
    untouched = read_entry(folder, path, other)
    version = read_entry(folder, path, entry_id).version
    try:
        entry = edit_entry(folder, path, entry_id, Change(question=question, answer=answer), version=version)
    except InputError:
        assert (folder / path).read_bytes().decode() == before
        return
    # A cell that mixes both kinds of apostrophe is read with one, whoever wrote it.
    assert tidy(entry.answer).split() == tidy(answer).split()
    assert tidy(entry.question).split() == tidy(question).split()
    still = read_entry(folder, path, other)
    assert still == replace(untouched, version=still.version, language=still.language)
