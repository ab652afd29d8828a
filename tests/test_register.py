"""Reading, converting and checking tu and vous."""

from __future__ import annotations

import pytest

from copilot.register import check, convert, detect


@pytest.mark.parametrize(
    ("text", "register"),
    [
        ("Contacte-nous en MP", "tu"),
        ("Contactez-nous en MP", "vous"),
        ("Tu peux modifier votre commande", "mixed"),
        ("Vous êtes 10 000 à nous suivre, merci !", "plural"),
        ("Rendez-vous samedi à 10 h !", "none"),
        ("You can contact us at any time", "none"),
        ("« Vous êtes géniaux » : merci Léa pour ce retour", "none"),
        ("Vs pouvez nous ecrire en mp", "vous"),
        ("ta reçu ton colis ?", "tu"),
    ],
)
def test_detect_reads_the_register(text: str, register: str) -> None:
    assert detect(text).register == register


@pytest.mark.parametrize(
    ("vous", "tu"),
    [
        ("Ne vous inquiétez pas, vous n'allez rien perdre.", "Ne t'inquiète pas, tu ne vas rien perdre."),
        ("Pensez-y et donnez-le-moi.", "Penses-y et donne-le-moi."),
        ("Votre commande et votre adresse", "Ta commande et ton adresse"),
        ("Vous vous êtes trompé ?", "Tu t'es trompé ?"),
        ("Comment vous appelez-vous ?", "Comment t'appelles-tu ?"),
        ("Il faut que vous contactiez le service.", "Il faut que tu contactes le service."),
    ],
)
def test_conversion_goes_both_ways(vous: str, tu: str) -> None:
    assert convert(vous, to="tu") == tu
    assert convert(tu, to="vous") == vous


def test_a_mixed_text_is_found_and_repaired_as_a_whole() -> None:
    text = "Tu peux suivre votre colis : contactez-nous."
    (finding,) = check(text, "tu")
    assert finding.rule == "register.Mixed"
    assert text[finding.span.start : finding.span.end] == finding.match == "votre"
    assert finding.fix is not None
    repaired = text
    for edit in reversed(finding.fix.edits):
        repaired = repaired[: edit.span.start] + edit.text + repaired[edit.span.end :]
    assert repaired == "Tu peux suivre ton colis : contacte-nous."
    assert check(repaired, "tu") == ()


def test_the_other_register_is_wrong_and_a_plural_vous_is_fine() -> None:
    assert [finding.rule for finding in check("Merci pour votre message", "tu")] == ["register.Wrong"]
    assert check("Vous êtes 10 000 à nous suivre, merci !", "tu") == ()
