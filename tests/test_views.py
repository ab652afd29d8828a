"""Records as HTML: everything escaped, every state in words, spans where they belong."""

from __future__ import annotations

from copilot import ChannelCount, CheckReport, Comment, Copilot, Finding, Localized, Span, views
from copilot.knowledge import brandfile

NASTY = "<script>alert('x')</script> & \"quotes\""
SAME = Localized("à revoir", "to review")


def test_no_text_reaches_a_page_unescaped(sample: Copilot) -> None:
    reply = sample.reply(Comment(f"{NASTY} Combien coûte la livraison d’un vélo ?", author=NASTY))
    shown = (
        views.reply(reply, "fr") + views.escalation(reply, None, "fr") + views.canned([(NASTY, NASTY)], "fr")
    )
    shown += views.told_before([(reply, NASTY)], [], "en")
    assert "<script" not in shown
    assert "alert(" in shown


def test_marks_count_as_browsers_do() -> None:
    text = "🚲 12 €"
    finding = Finding("facts.not_found", "warning", Span(2, 6), SAME, match="12 €")
    assert views.marks(text, [finding])[0] | {"start": 3, "end": 7} == views.marks(text, [finding])[0]


def test_lengths_are_said_as_the_reader_writes_numbers() -> None:
    count = ChannelCount("instagram_comment", 2300, 2200, "chars")
    assert "2\u202f300 / 2\u202f200 caractères" in views.count(count, "fr")
    assert "100 too many" in views.count(count, "en")
    assert "1 caractère<" in views.count(ChannelCount("web", 1, None, "chars"), "fr")


def test_words_are_quoted_as_the_reader_quotes(sample: Copilot) -> None:
    question = "Combien coûte la livraison d’un vélo ?"
    found = sample.triage(question)
    assert "«\u202fCombien" in views.triage(found, question, "fr")
    assert "“Combien" in views.triage(found, question, "en")
    assert "«" not in views.triage(found, question, "en")


def test_a_hand_over_speaks_the_readers_language(sample: Copilot) -> None:
    reply = sample.reply("La batterie de mon vélo fume et j’ai été brûlé à la main !")
    contact = next(c for c in sample.brand.contacts if c.route == "safety")
    english = views.escalation(reply, contact, "en", zone=sample.now().tzinfo)
    assert "Product safety team" in english
    assert "Reachable: every day" in english
    assert "Received: 20 Nov 2026, " in english
    assert "Cellule" in views.escalation(reply, contact, "fr")
    alone = brandfile.parse("name: A\ncontacts: [{route: pr, name: {fr: Presse}}]").contacts[0]
    assert '<span lang="fr">Presse</span>' in views.escalation(reply, alone, "en")


def test_a_source_is_shown_whole_with_its_place(sample: Copilot) -> None:
    reply = sample.reply("Combien coûte la livraison d’un vélo ?")
    used = next(e for s in reply.report.sentences for e in s.evidence)
    chunks = sample.desk.source(used.passage_id)
    shown = views.source(chunks, used.passage_id, [used.span], "fr")
    assert len(chunks) > 3
    assert shown.count('id="pv-here"') == 1
    assert shown.count("<mark>") == 1


def test_what_was_told_before_is_found_again(sample: Copilot) -> None:
    first = sample.reply(Comment("Combien coûte la livraison d’un vélo ?", author="Nadia"))
    sample.accept(first.id, first.draft.text)
    second = sample.reply(Comment("La livraison d’un vélo, c’est combien ?", author="Nadia"))
    assert [e.reply.id for e in sample.desk.told_person(second)] == [first.id]
    assert [e.reply.id for e in sample.desk.told_topic(second)] == [first.id]


def test_a_verdict_replaces_the_one_before(sample: Copilot) -> None:
    reply = sample.reply("Combien coûte la livraison d’un vélo ?")
    sample.desk.feedback(reply.id, good=True)
    sample.desk.feedback(reply.id, good=False, reason="trop long")
    assert [(j.good, j.reason) for j in sample.store.judgements()] == [(False, "trop long")]


def test_a_shorter_wording_keeps_its_facts_and_a_known_variable_is_filled(sample: Copilot) -> None:
    reply = sample.reply(Comment("Combien coûte la livraison d’un vélo ?", author="Nadia"))
    shorter = sample.desk.rewrite(reply, reply.draft.text, "shorter").text
    assert "49" in shorter
    assert len(shorter) < len(reply.draft.text)
    assert any("Nadia" in item.text for item in sample.desk.canned(reply, "fr"))


def test_an_empty_report_has_nothing_to_show() -> None:
    assert "pv-empty" in views.evidence(CheckReport("", "fr"), (), "fr")
