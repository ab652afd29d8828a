"""The person in front of the screen: abuse blurred as she chose, the brand's own rule quoted."""

from __future__ import annotations

import pytest

from copilot import views
from copilot.errors import InputError
from copilot.records import Comment
from copilot.triage import triage
from tests.conftest import ROOT

INSULT = "Bande de voleurs <b>minables</b>, rendez-moi ma commande."


@pytest.mark.parametrize("exposure", views.EXPOSURES)
def test_the_words_stay_escaped_at_every_level(exposure: str) -> None:
    html = views.shielded(INSULT, triage(Comment(INSULT)), exposure, "fr")  # type: ignore[arg-type]
    assert "<b>" not in html
    assert "rendez-moi ma commande" in html
    assert ("data-reveal" in html) == (exposure != "off")


def test_mild_blurs_the_insult_only_and_strong_the_whole() -> None:
    found = triage(Comment(INSULT))
    mild = views.shielded(INSULT, found, "mild", "fr")
    blurred = mild.split('aria-hidden="true">')[1].split("</span>")[0]
    assert "voleurs" in blurred
    assert "commande" not in blurred
    assert mild.count("pv-blurred") >= 1
    strong = views.shielded(INSULT, found, "strong", "fr")
    assert "commande" in strong.split('aria-hidden="true">')[1].split("</span>")[0]


@pytest.mark.parametrize(
    "text", ["Vous livrez en Corse ?", "Putain, encore en retard", "J’ai envie d’en finir"]
)
def test_what_hurts_nobody_and_who_suffers_is_never_blurred(text: str) -> None:
    assert "pv-blurred" not in views.shielded(text, triage(Comment(text)), "strong", "fr")


def test_an_unknown_exposure_is_refused() -> None:
    with pytest.raises(InputError):
        views.shielded("Bonjour", triage(Comment("Bonjour")), "medium", "fr")  # type: ignore[arg-type]


def test_the_brands_own_rule_is_quoted() -> None:
    guideline = (ROOT / "knowledge" / "guidelines" / "netiquette.md").read_text(encoding="utf-8")
    insult = views.house_rule(guideline, triage(Comment(INSULT)))
    assert insult.startswith("Les insultes, les menaces")
    advert = triage(Comment("Abonnez-vous à ma chaîne, lien dans ma bio"))
    assert "publicitaires" in views.house_rule(guideline, advert)
    assert views.house_rule(guideline, triage(Comment("Vous livrez en Corse ?"))) == ""
