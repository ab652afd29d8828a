"""Ingestion as a knowledge owner sees it: what is found, where it stands, and what happens on change."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.errors import FileFormatError
from copilot.index import Index
from copilot.ingest import Progress, forget_keep, ingest, keep_anyway, review, source_text
from copilot.records import Chunk, IngestReport

FAQ = """---
lang: fr
tags: [livraison]
---
# Livraison

Tout savoir sur l'expédition.

## Quels sont les délais ?
<!-- id: delais; status: approved; valid_until: 2026-12-31 -->

Comptez **48 h** ouvrées 🚚.

### Outre-mer

Dix jours, sauf grève.

## Qui paie le retour ?

<!-- id: retour; visibilité: interne -->
Le client, hors défaut.

## Où êtes-vous ?

À Nantes. <!-- ne pas donner l'adresse de l'atelier -->

Et à Lyon.
"""


class Desk:
    """A workspace with its index, driven as a person would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "knowledge" / "faq").mkdir(parents=True)

    def put(self, path: str, content: str | bytes) -> Path:
        full = self.folder / "knowledge" / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(content.encode() if isinstance(content, str) else content)
        return full

    def run(
        self,
        *,
        progress: Callable[[Progress], None] | None = None,
        cancel: Callable[[], bool] | None = None,
        rebuild: bool = False,
    ) -> IngestReport:
        with Index.open(self.folder / ".copilot" / "index", write=True) as index:
            return ingest(self.folder, index, progress=progress, cancel=cancel, rebuild=rebuild)

    def chunks(self) -> dict[str, Chunk]:
        with Index.open(self.folder / ".copilot" / "index") as index:
            return dict(index.chunks())

    def questions(self) -> dict[str, Chunk]:
        return {chunk.question: chunk for chunk in self.chunks().values() if chunk.question}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def assert_exact(desk: Desk) -> None:
    """Every chunk is the slice of its file that its offsets name."""
    for chunk in desk.chunks().values():
        assert source_text(desk.folder, chunk.path)[chunk.start : chunk.end] == chunk.text


def test_faq_in_markdown(desk: Desk) -> None:
    desk.put("faq/livraison.md", FAQ)
    report = desk.run()
    chunks = desk.questions()
    assert (report.added, report.failed) == (1, ())
    delays = chunks["Quels sont les délais ?"]
    assert delays.id == "delais"
    assert delays.text == "Comptez **48 h** ouvrées 🚚.\n\n### Outre-mer\n\nDix jours, sauf grève."
    assert FAQ[delays.start : delays.end] == delays.text
    assert (delays.language, str(delays.valid_until), delays.tags) == ("fr", "2026-12-31", ("livraison",))
    assert delays.headings == ("Livraison",)
    assert chunks["Qui paie le retour ?"].visibility == "internal"
    intro = next(c for c in desk.chunks().values() if not c.question)
    assert (intro.kind, intro.text) == ("prose", "Tout savoir sur l'expédition.")


def test_comments_in_a_file_are_never_indexed(desk: Desk) -> None:
    desk.put("faq/livraison.md", FAQ)
    desk.run()
    assert not any("atelier" in c.text or "<!--" in c.text for c in desk.chunks().values())
    answers = [c.text for c in desk.chunks().values() if c.question == "Où êtes-vous ?"]
    assert answers == ["À Nantes.", "Et à Lyon."]


def test_ids_survive_edits_elsewhere_in_the_file(desk: Desk) -> None:
    desk.put("faq/livraison.md", FAQ)
    desk.run()
    before = set(desk.chunks())
    first = "## Quels sont"
    desk.put("faq/livraison.md", FAQ.replace(first, f"## Nouveau ?\n\nOui, tout neuf.\n\n{first}"))
    report = desk.run()
    assert report.updated == 1
    assert before < set(desk.chunks())
    assert_exact(desk)


def test_a_second_run_touches_nothing_and_a_deleted_file_leaves_nothing(desk: Desk) -> None:
    file = desk.put("faq/a.md", "## Ouvert ?\n\nOui, du lundi au samedi.\n")
    desk.put("faq/b.md", "## Fermé ?\n\nLe dimanche.\n")
    desk.put("faq/vide.md", "")
    first = desk.run()
    again = desk.run()
    assert (first.added, again.added, again.updated, again.unchanged, again.chunks) == (3, 0, 0, 3, 0)
    file.unlink()
    gone = desk.run()
    assert gone.removed == 1
    assert set(desk.questions()) == {"Fermé ?"}


def test_a_touched_file_with_the_same_content_is_not_indexed_again(desk: Desk) -> None:
    file = desk.put("faq/a.md", "## Ouvert ?\n\nOui.\n")
    desk.run()
    os.utime(file, ns=(1, 1))
    assert desk.run().unchanged == 1


def test_losing_the_state_file_costs_time_and_nothing_else(desk: Desk) -> None:
    file = desk.put("faq/a.md", "## Ouvert ?\n\nOui.\n\n## Fermé ?\n\nNon.\n")
    desk.run()
    (desk.folder / ".copilot" / "ingest.json").write_text("{ broken")
    assert desk.run().unchanged == 1
    (desk.folder / ".copilot" / "ingest.json").unlink()
    file.write_text("## Ouvert ?\n\nOui.\n")
    assert desk.run().updated == 1
    assert set(desk.questions()) == {"Ouvert ?"}


def test_a_renamed_file_keeps_its_given_ids(desk: Desk) -> None:
    file = desk.put("faq/a.md", "## Ouvert ?\n<!-- id: horaires -->\n\nOui.\n")
    desk.run()
    file.rename(file.with_name("b.md"))
    report = desk.run()
    assert (report.added, report.removed) == (1, 1)
    assert desk.chunks()["horaires"].path == "knowledge/faq/b.md"


def test_one_id_in_two_files_is_told_and_loses_neither(desk: Desk) -> None:
    desk.put("faq/a.md", "## Ouvert ?\n<!-- id: h -->\n\nOui.\n")
    desk.put("faq/b.md", "## Fermé ?\n<!-- id: h -->\n\nNon.\n")
    report = desk.run()
    assert [n.code for n in report.notices] == ["ingest.duplicate_id"]
    assert set(desk.questions()) == {"Ouvert ?", "Fermé ?"}
    assert desk.run().unchanged == 2


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("faq/photo.md", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01", "texte"),
        ("faq/casse.docx", b"PK\x03\x04 nothing", "endommag"),
        ("faq/casse.xlsx", b"not a workbook", "endommag"),
        ("faq/casse.pdf", b"%PDF-1.7 nothing", "endommag"),
        ("faq/casse.json", b'{"question": ', "mal form"),
        ("faq/vieux.doc", b"\xd0\xcf\x11\xe0", "format"),
        ("faq/colonnes.csv", b"nom;taille;poids\nx;1;2\n", "colonne"),
        ("faq/statut.md", b"---\nstatus: approuved\n---\n## A ?\n\nB\n", "approved"),
        ("faq/faute.md", b"---\nvisiblity: internal\n---\n## A ?\n\nB\n", "visibility"),
        ("faq/yaml.md", b"---\nstatus: [\n---\n## A ?\n\nB\n", "YAML"),
    ],
)
def test_a_bad_file_is_named_with_its_reason_and_stops_nothing(
    desk: Desk, name: str, content: bytes, key: str
) -> None:
    desk.put(name, content)
    desk.put("faq/bon.md", "## Ouvert ?\n\nOui.\n")
    report = desk.run()
    assert [path for path, _ in report.failed] == [f"knowledge/{name}"]
    reason = report.failed[0][1]
    assert key in reason.fr
    assert reason.en
    assert "Traceback" not in reason.fr
    assert set(desk.questions()) == {"Ouvert ?"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_forbidden_file_keeps_what_was_indexed(desk: Desk) -> None:
    file = desk.put("faq/a.md", "## Ouvert ?\n\nOui.\n")
    desk.run()
    file.write_text("## Ouvert ?\n\nNon.\n")
    file.chmod(0)
    report = desk.run()
    assert len(report.failed) == 1
    assert desk.questions()["Ouvert ?"].text == "Oui."


def test_a_file_that_breaks_keeps_its_last_good_version(desk: Desk) -> None:
    file = desk.put("faq/a.md", "## Ouvert ?\n\nOui.\n")
    desk.run()
    file.write_bytes(b"\x00\x01\x02\x03" * 50)
    assert len(desk.run().failed) == 1
    assert desk.questions()["Ouvert ?"].text == "Oui."
    file.write_text("## Ouvert ?\n\nNon.\n")
    assert desk.run().updated == 1
    assert desk.questions()["Ouvert ?"].text == "Non."


def test_a_link_out_of_the_workspace_is_refused(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.md"
    secret.write_text("## Secret ?\n\nOui.\n")
    (desk.folder / "knowledge" / "faq" / "lien.md").symlink_to(secret)
    report = desk.run()
    assert [path for path, _ in report.failed] == ["knowledge/faq/lien.md"]
    assert not desk.chunks()


def test_folders_decide_who_may_see_what(desk: Desk) -> None:
    page = "# Guide\n\nUn paragraphe assez long pour être gardé tel quel dans la base.\n"
    desk.put("guidelines/charte.md", page)
    desk.put("faq/faq.md", "## Ouvert ?\n\nOui.\n")
    desk.put("imported/page.md", page)
    desk.run()
    by_path = {c.path: (c.status, c.visibility, c.kind) for c in desk.chunks().values()}
    assert by_path == {
        "knowledge/guidelines/charte.md": ("approved", "internal", "prose"),
        "knowledge/faq/faq.md": ("approved", "public", "faq"),
        "knowledge/imported/page.md": ("pending", "public", "prose"),
    }


def test_a_wrong_cell_holds_back_its_entry_only(desk: Desk) -> None:
    desk.put("faq/f.csv", "question,answer,visibility\nA ?,Un,publique\nB ?,Deux,secrète\n")
    report = desk.run()
    entries = desk.questions()
    assert entries["A ?"].visibility == "public"
    assert (entries["B ?"].visibility, entries["B ?"].status) == ("internal", "pending")
    assert "knowledge/faq/f.csv:3" in report.notices[0].message.fr


def test_prose_is_split_by_heading_and_size_at_sentence_ends(desk: Desk) -> None:
    sentence = "Le service client répond sous deux jours ouvrés à toute demande écrite. "
    desk.put("guidelines/long.md", "# Guide\n\n## Ton\n\n" + sentence * 40 + "\n\n## Fin\n\nMerci.\n")
    desk.run()
    chunks = sorted(desk.chunks().values(), key=lambda c: c.start)
    assert all(len(c.text) <= 1125 for c in chunks)
    assert all(c.text.endswith(".") for c in chunks)
    assert chunks[-1].headings == ("Guide", "Fin")
    assert {c.headings for c in chunks[:-1]} == {("Guide", "Ton")}
    assert_exact(desk)


def test_cancel_leaves_a_usable_index_and_the_next_run_takes_up(desk: Desk) -> None:
    for number in range(10):
        desk.put(f"faq/{number}.md", f"## Question {number} ?\n\nRéponse {number}.\n")
    seen: list[Progress] = []
    report = desk.run(progress=seen.append, cancel=lambda: len(seen) >= 4)
    assert "ingest.cancelled" in [n.code for n in report.notices]
    assert len(desk.chunks()) == report.added == 4
    rest = desk.run()
    assert (rest.added, rest.unchanged, len(desk.chunks())) == (6, 4, 10)


def test_a_large_file_cancelled_half_way_is_completed_later(desk: Desk) -> None:
    rows = "".join(f"Question {n} ?,Réponse {n}\n" for n in range(3_000))
    desk.put("faq/big.csv", "question,answer\n" + rows)
    written: list[Progress] = []
    desk.run(progress=written.append, cancel=lambda: any(p.phase == "written" for p in written))
    assert 0 < len(desk.chunks()) < 3_000
    desk.run()
    assert len(desk.chunks()) == 3_000
    assert desk.run().unchanged == 1


def test_progress_counts_and_judges_the_time_left(desk: Desk) -> None:
    for number in range(5):
        desk.put(f"faq/{number}.md", f"## Question {number} ?\n\nRéponse {number}.\n")
    seen: list[Progress] = []
    desk.run(progress=seen.append)
    reading = [p for p in seen if p.phase == "reading"]
    assert [p.done for p in reading] == [0, 1, 2, 3, 4]
    assert {p.total for p in reading} == {5}
    assert reading[0].seconds_left is None
    assert reading[-1].seconds_left is not None
    assert seen[-1].done == seen[-1].total


def test_what_people_say_from_outside_holds_for_files_that_cannot(desk: Desk) -> None:
    desk.put("imported/notice.txt", "La batterie se recharge en quatre heures sur une prise ordinaire.\n")
    desk.run()
    assert {c.status for c in desk.chunks().values()} == {"pending"}
    desk.put(
        "entries.yml", "files:\n  knowledge/imported/notice.txt: {status: approved, visibility: interne}\n"
    )
    assert desk.run().updated == 1
    assert {(c.status, c.visibility) for c in desk.chunks().values()} == {("approved", "internal")}
    desk.put("entries.yml", "files:\n  knowledge/imported/notice.txt: {statut: nimporte}\n")
    with pytest.raises(FileFormatError) as caught:
        desk.run()
    assert caught.value.where == "knowledge/entries.yml:2"


PAGE = """# Livraison

Nous utilisons des cookies pour mesurer l'audience de ce site.

Publicité

La livraison en France métropolitaine prend deux jours ouvrés, hors week-end.

La livraison en France métropolitaine prend deux jours ouvrés, hors week-end.
"""


def test_the_review_table_says_what_would_be_dropped_and_changes_nothing(desk: Desk) -> None:
    desk.put("imported/p.md", PAGE)
    table = review(desk.folder)
    assert [d.reason for d in table.decisions] == ["cookies", "advert", "kept", "repeated"]
    assert [d.kept for d in table.decisions] == [False, False, True, False]
    assert all(PAGE[d.start : d.end] == d.text for d in table.decisions)
    assert len(table.chunks) == 1
    assert not (desk.folder / ".copilot").exists()


def test_keep_anyway_is_written_in_a_readable_file_and_followed(desk: Desk) -> None:
    desk.put("imported/p.md", PAGE)
    desk.run()
    cookies = review(desk.folder).dropped[0]
    keep_anyway(desk.folder, cookies)
    said = (desk.folder / "knowledge" / "cleaning.yml").read_text(encoding="utf-8")
    assert "file: knowledge/imported/p.md" in said
    assert "Nous utilisons des cookies" in said
    assert desk.run().updated == 1
    assert any("cookies" in c.text for c in desk.chunks().values())
    assert_exact(desk)
    forget_keep(desk.folder, cookies.id)
    assert desk.run().updated == 1
    assert not any("cookies" in c.text for c in desk.chunks().values())


def test_what_a_person_wrote_is_only_cleaned_of_repeats(desk: Desk) -> None:
    desk.put("guidelines/p.md", PAGE)
    assert [d.reason for d in review(desk.folder).dropped] == ["repeated"]


def test_the_same_entry_twice_counts_once_and_like_answers_stay(desk: Desk) -> None:
    row = "Où est mon colis ?,Dans votre espace client ou auprès du transporteur indiqué par e-mail.\n"
    other = row.replace("Où est mon colis ?", "Mon colis est perdu ?")
    desk.put("faq/f.csv", f"question,answer\n{row}{row}{other}")
    desk.run()
    assert set(desk.questions()) == {"Où est mon colis ?", "Mon colis est perdu ?"}
    assert len(desk.chunks()) == 2


def test_cost_follows_what_changed(desk: Desk) -> None:
    for number in range(300):
        desk.put(f"faq/{number}.md", f"## Question {number} ?\n\nRéponse {number}.\n")
    desk.run()
    for file in (desk.folder / "knowledge" / "faq").iterdir():
        os.utime(file, ns=(10**18, 10**18))
    desk.run()
    desk.put("faq/7.md", "## Question 7 ?\n\nAutre réponse.\n")
    seen: list[Progress] = []
    report = desk.run(progress=seen.append)
    assert (report.updated, report.unchanged, report.chunks) == (1, 299, 1)
    assert {p.path for p in seen if p.phase == "reading"} == {"knowledge/faq/7.md"}
