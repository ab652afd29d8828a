"""The command line: the main job from an empty folder, bad input told in one sentence, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from copilot import Copilot
from copilot.cli import main

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str, folder: Path | None = None, language: str = "fr", stdin: str = "") -> Result:
    options = ["--lang", language, *(["-w", str(folder)] if folder else [])]
    return CliRunner().invoke(main, [*options, *arguments], input=stdin, catch_exceptions=False)


def refused(result: Result) -> str:
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return result.output.strip()


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "marque"
    assert run("init", str(folder)).exit_code == 0
    return folder


@pytest.fixture
def small(empty: Path) -> Path:
    (empty / "knowledge/faq/faq.csv").write_text(
        "question,answer\n"
        '"Quels sont vos délais de livraison ?","La livraison prend 3 jours ouvrés et coûte 4,90 €."\n'
        '"Puis-je retourner un article ?","Vous avez 30 jours pour retourner un article non porté."\n',
        encoding="utf-8",
    )
    assert run("ingest", folder=empty).exit_code == 0
    return empty


def test_from_an_empty_folder_to_a_reply(small: Path) -> None:
    result = run("reply", "Bonjour, quels sont vos délais de livraison ?", "--json", folder=small)
    reply = json.loads(result.stdout)
    assert "3 jours ouvrés" in reply["draft"]["text"]
    assert reply["passages"][0]["chunk"]["path"].endswith("faq.csv")
    assert [c["state"] for c in reply["report"]["claims"]] == ["supported"] * len(reply["report"]["claims"])


def test_a_second_ingestion_touches_nothing_and_a_deleted_file_leaves_nothing(small: Path) -> None:
    again = json.loads(run("ingest", "--json", folder=small).stdout)
    assert (again["added"], again["updated"], again["removed"], again["unchanged"]) == (0, 0, 0, 1)
    (small / "knowledge/faq/faq.csv").unlink()
    gone = json.loads(run("ingest", "--json", folder=small).stdout)
    assert gone["removed"] == 1
    assert json.loads(run("search", "livraison", "--json", folder=small).stdout) == []


def test_check_exits_1_on_an_error_and_0_without(small: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("La livraison prend 3 jours ouvrés et coûte 4,90 €.", encoding="utf-8")
    bad.write_text("La livraison prend 9 jours ouvrés et coûte 4,90 €.", encoding="utf-8")
    assert run("check", str(good), folder=small).exit_code == 0
    result = run("check", str(bad), folder=small)
    assert result.exit_code == 1
    assert "bad.txt:1:" in result.output
    assert "facts.contradicted" in result.output


@pytest.mark.parametrize("form", ["vale", "sarif", "github", "json"])
def test_check_speaks_the_formats_of_other_tools(small: Path, tmp_path: Path, form: str) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("La livraison prend 9 jours ouvrés.", encoding="utf-8")
    output = run("check", str(bad), "--format", form, folder=small).output
    if form == "github":
        assert output.startswith("::error file=")
    else:
        assert "facts.contradicted" in json.dumps(json.loads(output))


def test_fix_mends_a_file_in_place(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "texte.txt"
    path.write_text("L'article vous plaît ?", encoding="utf-8")
    assert run("fix", str(path), "--write", folder=small).exit_code == 0
    assert path.read_text(encoding="utf-8") == "L’article vous plaît\u202f?"


def test_accept_history_and_unaccept(small: Path) -> None:
    made = json.loads(run("reply", "Quels délais de livraison ?", "--json", folder=small).stdout)
    assert run("accept", made["id"], "La livraison prend 3 jours.", folder=small).exit_code == 0
    entry = json.loads(run("history", "--json", folder=small).stdout)[0]
    assert entry["final_text"] == "La livraison prend 3 jours."
    assert run("unaccept", made["id"], folder=small).exit_code == 0
    assert json.loads(run("history", "--json", folder=small).stdout)[0]["final_text"] == ""


def test_a_text_can_come_through_a_pipe(small: Path) -> None:
    result = run("reply", "-", "--json", folder=small, stdin="Quels délais de livraison ?")
    assert "3 jours" in json.loads(result.stdout)["draft"]["text"]


# -- bad input ------------------------------------------------------------------------------------


def test_a_folder_that_is_no_workspace(tmp_path: Path) -> None:
    said = refused(run("reply", "Bonjour", folder=tmp_path))
    assert "brand.yml" in said
    assert "copilot init" in said


@pytest.mark.parametrize(("text", "word"), [("", "vide"), ("a" * 100_000, "100000")])
def test_a_comment_that_cannot_be_answered(small: Path, text: str, word: str) -> None:
    assert word in refused(run("reply", text, folder=small)).replace("\u202f", "").replace(" ", " ")


def test_an_unknown_key_of_the_brand_file_names_the_nearest(small: Path) -> None:
    path = small / "brand.yml"
    path.write_text(path.read_text(encoding="utf-8") + "emojis: {max: 2}\n", encoding="utf-8")
    said = refused(run("reply", "Bonjour", folder=small))
    line = len(path.read_text(encoding="utf-8").splitlines())
    assert said.startswith(f"brand.yml:{line}")
    assert "emoji" in said


def test_a_rule_file_with_a_mistake_is_told_with_its_line(small: Path) -> None:
    pack = small / "knowledge/rules/maison"
    pack.mkdir(parents=True)
    (pack / "Mots.yml").write_text("extends: existance\nmessage: non\ntokens: [foo]\n", encoding="utf-8")
    said = refused(run("check", "-", folder=small, stdin="Bonjour"))
    assert "Mots.yml:1" in said
    assert "existence" in said


def test_a_secret_in_the_settings_file_is_refused(small: Path) -> None:
    (small / "copilot.toml").write_text('llm_api_key = "sk-123"\n', encoding="utf-8")
    said = refused(run("reply", "Bonjour", folder=small))
    assert "COPILOT_LLM_API_KEY" in said
    assert "sk-123" not in said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.md", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01" * 50),
        ("casse.pdf", b"%PDF-1.7 not really"),
        ("casse.xlsx", b"PK\x03\x04 not really"),
    ],
)
def test_one_unreadable_file_is_named_and_stops_nothing_else(small: Path, name: str, content: bytes) -> None:
    (small / "knowledge/faq" / name).write_bytes(content)
    report = json.loads(run("ingest", "--json", folder=small).stdout)
    assert [Path(path).name for path, _ in report["failed"]] == [name]
    assert "3 jours" in run("reply", "Quels délais de livraison ?", folder=small).output


def test_a_sheet_in_cp1252_with_semicolons_is_read(empty: Path) -> None:
    (empty / "knowledge/faq/export.csv").write_bytes(
        "Question;Réponse\nQuels délais ?;La livraison prend 3 jours et coûte 5 €.\n".encode("cp1252")
    )
    assert json.loads(run("ingest", "--json", folder=empty).stdout)["failed"] == []
    assert "coûte 5\u00a0€" in run("reply", "Quels délais ?", folder=empty).output.replace(" €", "\u00a0€")


@pytest.mark.skipif(
    os.geteuid() == 0, reason="root may write anywhere: run the tests as a user to see this one"
)
def test_a_read_only_folder_is_told(small: Path) -> None:
    for path in (small / ".copilot", small):
        path.chmod(0o500)
    try:
        assert "écrit" in refused(run("reply", "Bonjour", folder=small))
    finally:
        for path in (small, small / ".copilot"):
            path.chmod(0o700)


def test_a_missing_index_is_made_again(small: Path) -> None:
    import shutil

    shutil.rmtree(small / ".copilot" / "index")
    assert "3 jours" in run("reply", "Quels délais de livraison ?", folder=small).output


def test_an_embedder_changed_after_indexing_asks_for_a_rebuild(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPILOT_EMBEDDINGS", "openai:text-embedding-3-small")
    monkeypatch.setenv("OPENAI_API_KEY", "test")
    assert "--rebuild" in refused(run("search", "délais", folder=small))


def test_the_command_line_works_beside_a_process_that_holds_the_workspace(small: Path) -> None:
    running = Copilot(small)
    running.reply("Quels délais de livraison ?")
    (small / "knowledge/faq/autre.csv").write_text(
        "question,answer\nLouez-vous des vélos ?,Nous louons des vélos pour 20 € par jour.\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "copilot.cli", "-w", str(small), "ingest", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["added"] == 1
    assert "20\u00a0€" in running.reply("Louez-vous des vélos ?").draft.text


def test_the_main_job_reaches_no_network(small: Path) -> None:
    program = (
        "import socket, sys\n"
        "def refuse(self, address): raise SystemExit(f'connection to {address}')\n"
        "socket.socket.connect = refuse\n"
        "socket.socket.connect_ex = refuse\n"
        "socket.getaddrinfo = lambda *a, **k: (_ for _ in ()).throw(SystemExit(f'look-up of {a}'))\n"
        "from copilot.cli import main\n"
        "sys.argv = ['copilot', '-w', sys.argv[1], 'reply', 'Quels délais de livraison ?']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(small)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "3 jours" in done.stdout
