"""The knowledge owner's verbs: health, entries, imports, the brand file, the reach of a rule."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot import ConflictError, Copilot, DamagedIndexError, FileFormatError, InputError, PermissionDenied
from copilot.cli import main
from copilot.index import pace
from copilot.ingest import Change
from copilot.knowledge import brandfile
from tests.conftest import NOW, ROOT

PASSWORD = "un vélo vert au matin"
ENTRY = "livraison-prix"


def path_of(copilot: Copilot, entry_id: str) -> Path:
    return copilot.workspace.folder / copilot.knowledge.entry(entry_id).path


# -- health ---------------------------------------------------------------------------------------


def test_the_sample_knowledge_has_no_contradiction_and_is_looked_at_quickly(sample: Copilot) -> None:
    sample.knowledge.chunks()
    begun = time.process_time()
    report = sample.knowledge.health()
    assert time.process_time() - begun < 6
    assert report.of("contradiction") == ()
    assert {s.chunk_id for item in report.of("expired") for s in item.sources} == {
        "offre-casque-ete-2026",
        "offre-rentree-2026",
    }


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("Quel est le prix de la livraison d’un vélo ?", "La livraison d’un vélo coûte 59 €.", ENTRY),
        ("How long is the warranty?", "All our refurbished bikes have a warranty of 36 months.", ""),
        ("Horaires du service client", "Le service client répond du lundi au vendredi de 8 h à 17 h.", ""),
    ],
)
def test_two_entries_that_disagree_stand_side_by_side(
    sample: Copilot, question: str, answer: str, other: str
) -> None:
    made = sample.knowledge.create(question, answer)
    pairs = [{s.chunk_id for s in i.sources} for i in sample.knowledge.health().of("contradiction")]
    assert any(made.id in pair for pair in pairs)
    assert not other or {made.id, other} in pairs


def test_uses_are_counted_from_what_was_sent(sample: Copilot) -> None:
    assert sample.knowledge.health().of("unused") == ()
    reply = sample.reply("Combien coûte la livraison d’un vélo ?")
    assert sample.knowledge.uses() == {}
    sample.accept(reply.id, reply.draft.text)
    assert sample.knowledge.uses()[ENTRY] == 1
    unused = {i.sources[0].chunk_id for i in sample.knowledge.health().of("unused")}
    assert unused
    assert ENTRY not in unused


def test_an_unanswered_question_becomes_an_entry_and_leaves_the_list(sample: Copilot) -> None:
    for _ in range(2):
        sample.reply("Vendez-vous des trottinettes volantes à hydrogène ?")
    (item,) = sample.knowledge.health().of("unanswered")
    assert item.score == 2
    gap = sample.knowledge.gaps()[0]
    made = sample.knowledge.create(gap.question, "Non, nous ne vendons que des vélos.")
    sample.knowledge.close_gap(gap.id)
    assert sample.knowledge.gaps() == []
    assert made.status == "pending"


# -- entries --------------------------------------------------------------------------------------


def test_entries_are_found_by_words_and_state(sample: Copilot) -> None:
    found = {c.id for c in sample.knowledge.entries("LIVRAISON prix velo")}
    assert ENTRY in found
    assert {c.id for c in sample.knowledge.entries(status="pending")} >= {
        "livraison-suisse",
        "offre-location",
    }
    assert {c.id for c in sample.knowledge.entries(validity="past")} >= {
        "offre-casque-ete-2026",
        "offre-rentree-2026",
    }
    inside = sample.knowledge.entries(visibility="internal")
    assert inside
    assert {c.visibility for c in inside} == {"internal"}


def test_an_edit_lands_in_the_file_and_in_the_next_reply(sample: Copilot) -> None:
    seen = sample.knowledge.entry(ENTRY)
    file = path_of(sample, ENTRY)
    before = file.read_text(encoding="utf-8")
    sample.knowledge.edit(seen, Change(answer=seen.answer.replace("49\u00a0€", "55\u00a0€")))
    after = file.read_text(encoding="utf-8")
    assert [a for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b] == [
        seen.answer
    ]
    assert "55" in sample.reply("Combien coûte la livraison d’un vélo ?").draft.text


def test_a_change_elsewhere_in_the_file_is_no_conflict(sample: Copilot) -> None:
    seen = sample.knowledge.entry(ENTRY)
    file = path_of(sample, ENTRY)
    file.write_text(file.read_text(encoding="utf-8") + "\n## Une autre ?\n\nOui.\n", encoding="utf-8")
    assert sample.knowledge.retire(seen).status == "retired"
    assert "Une autre ?" in file.read_text(encoding="utf-8")


def test_a_change_of_the_same_entry_is_a_conflict_and_nothing_is_lost(sample: Copilot) -> None:
    seen = sample.knowledge.entry(ENTRY)
    file = path_of(sample, ENTRY)
    theirs = file.read_text(encoding="utf-8").replace("coûte 49\u00a0€", "coûte 52\u00a0€")
    file.write_text(theirs, encoding="utf-8")
    with pytest.raises(ConflictError):
        sample.knowledge.edit(seen, Change(answer="Mon texte."))
    assert file.read_text(encoding="utf-8") == theirs
    fresh = sample.knowledge.entry(ENTRY)
    assert sample.knowledge.edit(fresh, Change(answer="Mon texte.")).answer == "Mon texte."


def test_dates_visibility_and_approval(sample: Copilot) -> None:
    made = sample.knowledge.create("Que vaut Noël ?", "Une fête.", Change(valid_until=date(2026, 12, 31)))
    assert sample.search("Que vaut Noël ?", k=1)[0].id != made.id
    approved = sample.knowledge.approve(made)
    assert approved.valid_until == date(2026, 12, 31)
    assert sample.search("Que vaut Noël ?", k=1)[0].id == made.id
    sample.knowledge.edit(approved, Change(visibility="internal"))
    assert all(p.id != made.id for p in sample.search("Que vaut Noël ?", k=5))


def test_only_a_manager_changes_the_knowledge(sample: Copilot) -> None:
    sample.accounts.save("ada", "admin", PASSWORD, actor="", at=NOW)
    sample.accounts.save("ana", "agent", PASSWORD, actor="ada", at=NOW)
    seen, brand = sample.knowledge.entry(ENTRY), sample.knowledge.brand_file()
    for attempt in (
        lambda: sample.knowledge.retire(seen, actor="ana"),
        lambda: sample.knowledge.create("A ?", "B", actor="ana"),
        lambda: sample.knowledge.bring_in(ROOT / "README.md", actor="ana"),
        lambda: sample.knowledge.save_brand(brand.text, version=brand.version, actor="ana"),
        lambda: sample.knowledge.close_gap(1, actor="ana"),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert sample.knowledge.retire(seen, actor="ada").status == "retired"


# -- sources and imports --------------------------------------------------------------------------


def test_sources_tell_what_waits_and_what_cannot_be_read(sample: Copilot) -> None:
    assert {s.waiting for s in sample.knowledge.sources()} == {False}
    faq = sample.workspace.knowledge / "faq"
    (faq / "neuf.md").write_text("# FAQ\n\n## Neuf ?\n\nOui.\n", encoding="utf-8")
    (faq / "casse.docx").write_bytes(b"PK\x03\x04 nothing")
    by_path = {s.path: s for s in sample.knowledge.sources()}
    assert by_path["knowledge/faq/neuf.md"].waiting
    assert by_path["knowledge/faq/casse.docx"].failed is not None
    assert by_path["knowledge/imported/reponses-passees-2025.csv"].pending == 2


def test_an_import_is_pending_and_a_dropped_passage_can_be_kept(sample: Copilot, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<nav><a href='/'>Accueil</a></nav><h1>Aide</h1><p>Les sacoches sont étanches.</p>"
        "<p>Abonnez-vous à notre newsletter pour recevoir nos offres.</p>",
        encoding="utf-8",
    )
    report = sample.knowledge.bring_in(page)
    sample.ingest()
    assert {c.status for c in sample.knowledge.chunks() if c.path == report.files[0]} == {"pending"}
    dropped = next(d for d in sample.knowledge.review(report.files[0]).dropped if "newsletter" in d.text)
    sample.knowledge.keep(dropped)
    sample.ingest()
    assert any("newsletter" in c.text for c in sample.knowledge.chunks() if c.path == report.files[0])
    sample.knowledge.drop_again(dropped)
    assert dropped.id in {d.id for d in sample.knowledge.review(report.files[0]).dropped}


# -- the brand file -------------------------------------------------------------------------------


def test_a_key_changes_and_every_other_line_stays() -> None:
    text = (ROOT / "brand.yml").read_text(encoding="utf-8")
    changed = brandfile.changed(
        text,
        {("phrases", "fr", "signoff"): "Toute l’équipe", ("register",): "tu", ("voice",): ["clair", "vif"]},
    )
    brand = brandfile.parse(changed)
    assert (brand.words("fr").signoff, brand.register_, brand.voice) == (
        "Toute l’équipe",
        "tu",
        ("clair", "vif"),
    )
    kept = [line for line in text.splitlines() if line not in changed.splitlines()]
    assert len(kept) == 7
    assert "# Les références de la marque" in changed
    assert brandfile.changed(text, {("register",): "vous", ("name",): "Cyclamène"}) == text


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    signoff=words,
    voice=st.lists(words, max_size=4),
    terms=st.lists(
        st.fixed_dictionaries(
            {"use": words, "instead_of": st.lists(words, max_size=3)},
            optional={"why": words | st.fixed_dictionaries({"fr": words, "en": words})},
        ),
        max_size=3,
    ),
)
@pytest.mark.parametrize(
    "text",
    [
        "name: A\n",
        "name: A # note\nvoice:\n- x\n# fin\nterms:\n- use: b\n  instead_of: [c]\n\n"
        "phrases:\n  fr: {signoff: 'é'}\n",
        "# tête\nname: A\nphrases:\n  en:\n    signoff: B\nregister: vous",
    ],
)
def test_any_value_is_written_so_that_it_reads_back(
    text: str, signoff: str, voice: list[str], terms: list[dict[str, object]]
) -> None:
    changed = brandfile.changed(
        text, {("phrases", "fr", "signoff"): signoff, ("voice",): voice, ("terms",): terms}
    )
    data, before = yaml.safe_load(changed), yaml.safe_load(text)
    assert data["phrases"]["fr"]["signoff"] == signoff
    assert data.get("voice", []) == voice
    assert data.get("terms", []) == terms
    assert data["name"] == before["name"]
    assert [c for c in ("# tête", "# fin", "# note") if c in text and c not in changed] == []


def test_words_for_the_team_are_in_one_language_or_in_both() -> None:
    one = brandfile.parse("name: A\ncontacts: [{route: pr, name: Presse}]").contacts[0].name
    assert (one.get("fr"), one.get("en")) == ("Presse", "Presse")
    both = brandfile.parse("name: A\nterms: [{use: b, why: {fr: Parce que., en: Because.}}]")
    assert both.terms[0].why.get("en") == "Because."
    assert both.model_dump(mode="json")["terms"][0]["why"] == {"fr": "Parce que.", "en": "Because."}
    with pytest.raises(FileFormatError) as mistake:
        brandfile.parse("name: A\nterms:\n- use: b\n  why: {fr: Parce que., de: Weil.}")
    assert mistake.value.where == "brand.yml:4"
    assert "fr" in mistake.value.in_language("en").rpartition(":")[2]


def test_a_brand_file_that_changed_meanwhile_or_has_a_mistake_is_not_written(sample: Copilot) -> None:
    seen = sample.knowledge.brand_file()
    with pytest.raises(FileFormatError) as mistake:
        sample.knowledge.save_brand(seen.text + "\nvoyce: [a]\n", version=seen.version)
    assert mistake.value.where.startswith("brand.yml:")
    theirs = seen.text.replace("Cyclamène team", "Cyclamène crew")
    sample.workspace.brand_file.write_text(theirs, encoding="utf-8")
    with pytest.raises(ConflictError):
        sample.knowledge.save_brand(seen.text, version=seen.version)
    assert sample.workspace.brand_file.read_text(encoding="utf-8") == theirs


def test_a_preview_shows_the_change_and_saves_nothing(sample: Copilot) -> None:
    text = sample.knowledge.brand_file().text
    changed = brandfile.changed(text, {("phrases", "fr", "signoff"): "La bande à vélo"})
    samples = sample.knowledge.preview(changed)
    assert len(samples) == 3
    assert all("La bande à vélo" in s.after.draft.text for s in samples)
    assert all("L’équipe Cyclamène" in s.before.draft.text for s in samples)
    assert sample.history() == []
    assert sample.knowledge.brand_file().text == text
    assert sample.brand.words("fr").signoff == "L’équipe Cyclamène"


# -- rules ----------------------------------------------------------------------------------------


def test_a_rule_shows_its_reach_over_past_texts(sample: Copilot) -> None:
    for question in ("Combien coûte la livraison d’un vélo ?", "Comment rendre mon vélo ?"):
        sample.reply(question)
    rule = "extends: existence\nmessage: “%s”\nlevel: warning\nignorecase: true\ntokens:\n  - livraison\n"
    radius, past = sample.knowledge.try_rule(rule)
    assert radius.total == 2
    assert radius.texts >= 1
    assert all("livraison" in past[i][0].lower() for i, _ in radius.examples)
    with pytest.raises(InputError):
        sample.knowledge.try_rule("extends: existance\nmessage: x\n")
    known = sample.knowledge.rules()[0].id
    assert sample.knowledge.reach(known)[0].total == 2


# -- openness -------------------------------------------------------------------------------------


def test_the_search_is_a_langchain_retriever(sample: Copilot) -> None:
    from langchain_core.runnables import RunnableLambda

    chain = sample.as_retriever(k=3) | RunnableLambda(lambda found: [d.metadata["source"] for d in found])
    assert "knowledge/faq/livraison.md" in chain.invoke("Combien coûte la livraison d’un vélo ?")


class SlowEmbedder:
    """Takes a hundredth of a second a text."""

    name = "openai:slow"
    dimension = 8

    def embed(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:  # noqa: ARG002
        end = time.perf_counter() + 0.01 * len(texts)
        while time.perf_counter() < end:
            pass
        return np.ones((len(texts), 8), dtype=np.float32)


def test_another_embedder_asks_to_rebuild_and_says_how_long_it_takes(sample: Copilot) -> None:
    count, seconds = pace.rebuild_seconds(sample.workspace.index, SlowEmbedder())
    assert count == len(sample.knowledge.chunks())
    assert 0.01 * count <= seconds < 0.1 * count
    refusal = DamagedIndexError("index.other_embedder", where="x", built="embedded", configured="openai:slow")
    told = pace.with_time(refusal, sample.workspace.index, SlowEmbedder())
    assert "moins d’une minute" in told.in_language("fr")
    assert f"({count} passages, less than a minute)" in told.in_language("en")
    assert pace.duration(600).en == "about 10 minutes"
    assert pace.duration(3 * 3600).fr == "environ 3 heures"


def test_where_the_time_cannot_be_judged_the_embedder_is_still_named(sample: Copilot) -> None:
    changed = sample.settings.model_copy(
        update={"embeddings": "openai:absent", "embeddings_base_url": "http://127.0.0.1:9/v1"}
    )
    other = Copilot(sample.workspace.folder, settings=changed, clock=lambda: NOW)
    for verb in (lambda: other.search("vélo"), other.ingest):
        with pytest.raises(DamagedIndexError) as refused:
            verb()
        assert "openai:absent" in refused.value.in_language("fr")


# -- commands -------------------------------------------------------------------------------------


def run(copilot: Copilot, *arguments: str) -> str:
    done = CliRunner().invoke(main, ["-w", str(copilot.workspace.folder), "--lang", "fr", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_commands(sample: Copilot, tmp_path: Path) -> None:
    report = json.loads(run(sample, "health", "--json"))
    assert report["counts"]["contradiction"] == 0
    assert "à regarder" in run(sample, "health")
    made = json.loads(run(sample, "entry", "new", "Un test ?", "Oui.", "--json"))
    assert made["status"] == "pending"
    assert json.loads(run(sample, "entry", "approve", made["id"], "--json"))["status"] == "approved"
    run(sample, "entry", "edit", made["id"], "--answer", "Non.", "--until", "2027-01-31")
    shown = json.loads(run(sample, "entry", "show", made["id"], "--json"))
    assert (shown["answer"], shown["valid_until"]) == ("Non.", "2027-01-31")
    assert made["id"] in run(sample, "entry", "list", "un test")
    run(sample, "entry", "retire", made["id"])
    (tmp_path / "faq.csv").write_text("question,answer\nLa Lune ?,Non.\n", encoding="utf-8")
    assert "knowledge/imported/faq.csv" in run(
        sample, "import", str(tmp_path / "faq.csv"), "--kind", "export"
    )
    assert sample.knowledge.entries("la lune")[0].question == "La Lune ?"
    missing = CliRunner().invoke(main, ["-w", str(sample.workspace.folder), "import", "absent.csv"])
    assert missing.exit_code == 2
