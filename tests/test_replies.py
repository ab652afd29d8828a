"""The main job on the sample brand, offline: what comes in, what is drafted, what is checked."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from copilot import Comment, Copilot, InputError, Reply, ReplyRequest
from copilot.text import normalize
from tests.conftest import NOW

COMMENTS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "comments.yml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def desk(ingested_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Copilot:
    folder = tmp_path_factory.mktemp("desk") / "cyclamene"
    shutil.copytree(ingested_sample, folder)
    return Copilot(folder, clock=lambda: NOW)


def plain(text: str) -> str:
    return normalize(text, fold_case=True).text


def cited(reply: Reply) -> set[str]:
    return {e.passage_id for s in reply.draft.sentences for e in s.evidence}


@pytest.mark.parametrize("case", COMMENTS, ids=[c["id"] for c in COMMENTS])
def test_each_sample_comment_gets_what_it_should(desk: Copilot, case: dict[str, Any]) -> None:
    reply = desk.reply(Comment(case["text"], channel=case.get("channel", "web")))
    text, expects = reply.draft.text, case["expects"]
    if "route" in expects:
        assert reply.triage.route in expects["route"]
    if "lang" in expects:
        assert reply.draft.language == expects["lang"]
    if expects.get("declines"):
        assert not cited(reply)
    entries = set(expects.get("entry", []))
    if entries:
        assert entries <= cited(reply) if expects.get("all_entries") else entries & cited(reply)
    assert set(expects.get("found", [])) <= {p.id for p in reply.passages}
    assert not cited(reply) & set(expects.get("not_entry", []))
    assert [w for w in expects.get("contains", []) if plain(w) not in plain(text)] == []
    assert [w for w in expects.get("must_not_contain", []) if plain(w) in plain(text)] == []


@pytest.mark.parametrize(
    "text", ["Merci à l’équipe de la boutique de Nantes", "Thanks to the team at the Nantes store"]
)
def test_who_only_says_thank_you_is_thanked_and_told_nothing_else(desk: Copilot, text: str) -> None:
    reply = desk.reply(Comment(text))
    phrases = desk.brand.words(reply.draft.language)
    assert phrases.praise in reply.draft.text
    assert not cited(reply)


@pytest.mark.parametrize("case", COMMENTS, ids=[c["id"] for c in COMMENTS])
def test_the_offline_drafter_never_breaks_a_rule_of_its_own(desk: Copilot, case: dict[str, Any]) -> None:
    report = desk.reply(Comment(case["text"], channel=case.get("channel", "web"))).report
    assert [(f.rule, f.match) for f in report.findings if f.level == "error"] == []
    assert [(c.state, c.fact.text) for c in report.claims if c.state != "supported"] == []


def test_every_sentence_of_an_answer_is_tied_to_its_passage(desk: Copilot) -> None:
    reply = desk.reply("Livrez-vous en Corse, et à quel prix ?")
    by_id = {p.id: p.chunk for p in reply.passages}
    quoted = [s for s in reply.draft.sentences if s.evidence]
    assert quoted
    for sentence in quoted:
        evidence = sentence.evidence[0]
        start, end = evidence.span
        assert by_id[evidence.passage_id].text[start:end] == evidence.quote
        assert reply.draft.text[sentence.span.start : sentence.span.end] == evidence.quote


def test_an_edit_that_changes_a_fact_is_caught_and_mended(desk: Copilot) -> None:
    reply = desk.reply("Livrez-vous en Corse, et à quel prix ?")
    edited = reply.draft.text.replace("119", "89")
    assert edited != reply.draft.text
    report = desk.check(edited, reply=reply)
    wrong = next(f for f in report.findings if f.rule == "facts.contradicted")
    assert "89" in edited[wrong.span.start : wrong.span.end]
    fixed = desk.fix(edited, [wrong]).text
    assert "119" in fixed
    assert not [f for f in desk.check(fixed, reply=reply).findings if f.rule.startswith("facts.")]


def test_a_fact_can_be_vouched_for_with_a_reason(desk: Copilot) -> None:
    reply = desk.reply("Livrez-vous en Corse, et à quel prix ?")
    edited = reply.draft.text.replace("119", "89")
    wrong = next(c for c in desk.check(edited, reply=reply).claims if c.state == "contradicted")
    report = desk.check(edited, reply=reply, vouched={wrong.fact.text: "Geste accordé par la responsable."})
    assert any(c.vouched for c in report.claims)
    assert not [f for f in report.findings if f.rule == "facts.contradicted"]


def test_greeting_and_signature_stand_on_no_passage(desk: Copilot) -> None:
    reply = desk.reply(ReplyRequest(Comment("Quels sont vos délais de livraison ?", "Léa Martin")))
    tied = [reply.draft.text[slice(*s.span)] for s in reply.report.sentences if s.evidence]
    assert reply.draft.text.startswith("Bonjour Léa,")
    assert tied
    assert not [s for s in tied if "Léa" in s or "équipe" in s]


def test_the_agents_own_note_is_used_and_counts_as_evidence(desk: Copilot) -> None:
    note = "Votre dossier a été remboursé de 42 € le 18 novembre 2026."
    reply = desk.reply(ReplyRequest(Comment("Où en est mon remboursement ?", "Léa"), note=note))
    assert "42\u00a0€" in reply.draft.text
    assert reply.draft.text.startswith("Bonjour Léa")
    assert not [c for c in reply.report.claims if c.state in ("contradicted", "not_found")]


def test_a_note_that_leaves_a_condition_out_is_told_what_the_source_adds(desk: Copilot) -> None:
    note = "La Corse est livrée pour 119 €."
    reply = desk.reply(ReplyRequest(Comment("Livrez-vous en Corse ?"), note=note))
    told = desk.check("Bonjour,\n\nLa Corse est livrée pour 119 €.", reply=reply).findings
    (found,) = [f for f in told if f.rule == "facts.condition_of_source"]
    assert found.level == "warning"
    assert "sauf le Portefaix" in found.message.fr
    whole = "Bonjour,\n\nLa Corse est livrée pour 119 €, sauf le Portefaix."
    assert "facts.condition_of_source" not in [f.rule for f in desk.check(whole, reply=reply).findings]


def test_an_unanswerable_question_is_noted_as_a_gap(sample: Copilot) -> None:
    question = "Proposez-vous des tandems à hydrogène pour les mariages sous-marins ?"
    reply = sample.reply(question)
    assert not cited(reply)
    assert "no_answer" in [n.code for n in reply.notices]
    assert [g.question for g in sample.store.gaps()] == [question]


def test_an_accepted_reply_is_kept_and_learnt_from_and_can_be_taken_back(sample: Copilot) -> None:
    reply = sample.reply("Livrez-vous en Corse, et à quel prix ?")
    sample.accept(reply.id, reply.draft.text, actor="ana")
    entry = sample.history()[0]
    assert (entry.final_text, entry.accepted_by) == (reply.draft.text, "ana")
    assert {e.chunk_id for e in sample.store.exemplars()} <= cited(reply)
    assert sample.store.exemplars()
    sample.unaccept(reply.id)
    assert not sample.store.exemplars()


def test_what_is_learnt_leads_the_same_words_to_the_same_entry(sample: Copilot) -> None:
    slang = "zavez dla place pour mon biclou dans votre ile ou bien"
    answered = sample.reply(ReplyRequest(Comment("Livrez-vous en Corse, et à quel prix ?")))
    target = next(iter(cited(answered)))
    sample.store.learn(slang, [(target, "")], reply_id="x", actor="ana", at=sample.now())
    sample.refresh()
    assert sample.search(slang, k=1)[0].id == target


@pytest.mark.parametrize("text", ["", "   \n", "a" * 100_000])
def test_an_unusable_comment_is_told_in_the_users_language(sample: Copilot, text: str) -> None:
    with pytest.raises(InputError) as caught:
        sample.reply(text)
    assert caught.value.in_language("fr").startswith("le message")


def test_the_brands_register_can_be_changed_for_one_reply(desk: Copilot) -> None:
    reply = desk.reply(ReplyRequest(Comment("Livrez-vous en Corse, et à quel prix ?"), register="tu"))
    assert "vous" not in reply.draft.text.lower().replace("rendez-vous", "").split()
    assert not [f for f in reply.report.findings if f.rule.startswith("register.")]


def test_internal_passages_inform_the_human_and_never_enter_the_draft(desk: Copilot) -> None:
    internal = [c for c in desk.retriever.index.chunks().values() if c.visibility == "internal"]
    assert internal
    for chunk in internal:
        reply = desk.reply(chunk.question or chunk.text[:200])
        assert not cited(reply) & {c.id for c in internal}
        sentences = [s.strip() for s in chunk.text.split(".") if len(s.strip()) > 40]
        assert not [s for s in sentences if s in reply.draft.text]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Bande d’abrutis", "Les insultes, les menaces et les propos haineux"),
        ("Gagnez 5000 € par jour chez vous, écrivez-moi sur Telegram", "Les messages publicitaires"),
        ("You bunch of morons", "Insults, threats and hateful"),
    ],
)
def test_a_hidden_comment_is_answered_with_the_rule_of_the_brand_itself(
    desk: Copilot, text: str, rule: str
) -> None:
    reply = desk.reply(Comment(text))
    assert reply.triage.route == "hide"
    assert desk.brand.words(reply.draft.language).moderation in reply.draft.text
    assert rule in reply.draft.text
    assert any("netiquette" in c or "house-rules" in c for c in cited(reply))
    assert [f.rule for f in reply.report.findings if f.level == "error"] == []


@pytest.mark.parametrize(
    "comment", ["Plus rien n’a de sens, je veux en finir.", "Ma batterie a gonflé, que faire ?"]
)
def test_a_danger_gets_no_draft_but_a_person(desk: Copilot, comment: str) -> None:
    reply = desk.reply(comment)
    assert reply.draft.text == ""
    assert "human_only" in [notice.code for notice in reply.notices]
    assert reply.triage.route.startswith("escalate")


def test_a_complaint_that_asks_nothing_is_not_told_that_an_answer_is_missing(desk: Copilot) -> None:
    reply = desk.reply("Vous ne répondez jamais au téléphone, c’est lamentable.")
    assert "pas encore la réponse" not in reply.draft.text
    assert "message privé" in reply.draft.text


def test_a_draft_without_an_answer_says_so_and_is_a_gap(sample: Copilot) -> None:
    reply = sample.reply("Est-ce que vous avez encore l’offre de printemps ?")
    assert not reply.draft.answered
    assert "no_answer" in [notice.code for notice in reply.notices]


def test_a_rule_that_never_ends_is_named_and_the_reply_still_comes(sample: Copilot) -> None:
    folder = sample.workspace.folder / "knowledge" / "rules" / "cyclamene"
    lines = ["extends: existence", "message: x", "nonword: true", r"tokens: ['(?:\w|\w\w|\W)+(?<=\d)$']"]
    (folder / "Lente.yml").write_text("\n".join(lines), encoding="utf-8")
    sample.refresh()
    reply = sample.reply("Quels sont vos délais de livraison ?")
    (told,) = [notice for notice in reply.notices if notice.code == "rule_too_slow"]
    assert "Lente" in told.message.fr
    assert reply.draft.answered


def test_a_passage_that_may_not_answer_is_said_to_be_one(sample: Copilot) -> None:
    likely = sample.reply("Puis-je payer en 3 fois sans frais ?")
    unsure = sample.reply(
        "J’ai reçu mon vélo la semaine dernière mais il est trop grand, puis-je le renvoyer ?"
    )
    assert "unsure_answer" not in [notice.code for notice in likely.notices]
    told = [notice.message.fr for notice in unsure.notices if notice.code == "unsure_answer"]
    assert told
    assert f"{round(100 * unsure.answerable)}\u202f%" in told[0]
