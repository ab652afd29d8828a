"""Other wordings made without a model: fuller, without greeting and signature, without hashtags, shorter."""

from __future__ import annotations

from copilot import Brief, Comment, Copilot, ReplyRequest, rewording
from copilot.brand import Phrases

PHRASES = Phrases(greeting="Bonjour {name},", greeting_unknown="Bonjour,", signoff="L’équipe Cyclamène")


def test_greeting_and_signature_go_and_nothing_else() -> None:
    whole = "Bonjour Zoé,\n\nLa livraison coûte 49\u00a0€. Le retrait est gratuit.\n\nL’équipe Cyclamène"
    assert rewording.bare(whole, PHRASES) == "La livraison coûte 49\u00a0€. Le retrait est gratuit."
    for kept in ("Bonjour Zoé,", "La livraison coûte 49\u00a0€.", ""):
        assert rewording.bare(kept, PHRASES) == kept


def test_hashtags_go_where_they_end_a_line() -> None:
    text = "Le #vélo est prêt. #Cyclamène\n\n#Lyon #BatterieDHiver"
    assert rewording.untagged(text) == "Le #vélo est prêt."
    assert rewording.untagged("https://a.example/#prix est là") == "https://a.example/#prix est là"


def test_each_offer_without_a_model_changes_something_and_breaks_nothing(sample: Copilot) -> None:
    question = "Bonjour, combien coûte la livraison d’un vélo ?"
    reply = sample.reply(ReplyRequest(Comment(question, "Zoé")))
    desk, text = sample.desk, reply.draft.text
    found = dict(desk.variants(reply, text))
    assert set(found) == {"shorter", "bare"}
    assert "Zoé" not in found["bare"].text
    for wording in found.values():
        report = sample.check(wording.text, reply=reply)
        assert [f for f in report.findings if f.level == "error"] == []


def test_what_a_source_says_beside_comes_back(sample: Copilot) -> None:
    reply = sample.reply("Combien coûte la livraison d’un vélo ?")
    shorter = sample.desk.rewrite(reply, reply.draft.text, "shorter").text
    fuller = sample.desk.rewrite(reply, shorter, "fuller").text
    assert "119\u00a0€" not in shorter
    assert "119\u00a0€" in fuller
    assert fuller.endswith(reply.draft.text[-18:])
    assert sample.desk.rewrite(reply, fuller, "fuller").text == fuller
    tu = sample.desk.rewrite(reply, reply.draft.text, "tu").text
    assert sample.desk.rewrite(reply, tu, "fuller").text == tu


def test_a_shorter_post_keeps_its_offer_its_link_and_what_the_law_asks_for(sample: Copilot) -> None:
    brief = Brief(
        "Faire gagner un casque",
        key_facts=("Un casque à gagner du 20 au 30 novembre 2026", "Trois gagnants tirés au sort"),
        call_to_action="Racontez votre plus belle sortie",
        campaign="Jeu d’automne",
        link="https://cyclamene.example/jeu",
        format="contest",
        channels=("linkedin_post",),
        language="fr",
    )
    (post,) = sample.posts.write(brief, keep=False)
    found = {variant.wish: variant.text for variant in sample.posts.variants(post, post.draft.text)}
    assert {"shorter", "untagged"} <= set(found)
    for text in found.values():
        states = {item.duty.name: item.state for item in sample.posts.duties(post, text)}
        assert "https://cyclamene.example/jeu" in text
        assert "30 novembre 2026" in text
        assert states["rules"] == states["purchase"] == states["platform"] == states["dates"] == "said"
