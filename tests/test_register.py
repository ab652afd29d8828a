"""Reading, converting and checking tu and vous."""

from __future__ import annotations

from typing import Literal

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
        ("Contacter nous en privé", "vous"),
        ("Likez, swipez", "vous"),
        ("T'inquiète", "tu"),
        ("Profite de -20 % ce week-end", "tu"),
        ("Bonjour à tous, la boutique vous attend", "plural"),
        ("Étudiants, vous avez jusqu'au 3 mai", "plural"),
        ("Vous êtes 300 à nous lire, et toi, tu lis quoi ?", "tu"),
        ("Vous êtes à 200 m du magasin", "vous"),
        ("Merci à tous nos conseillers qui vous ont aidé", "vous"),
        ("Offre valable jusqu'au 31 août", "none"),
        ("Commande expédiée sous 48 h", "none"),
        ("Cours de yoga le jeudi", "none"),
        ("Le robot aspire, lave et sèche", "none"),
        ("Notre équipe, à l'écoute, prépare les colis", "none"),
        ("Le ton de la campagne est donné", "none"),
        ("Ils se sont tus, il a tu la vérité", "none"),
        ("PSG vs OM", "none"),
        ("#VousÊtesFormidables merci @tu_es_la", "none"),
        ("Un client nous écrit : vous êtes au top", "none"),
        ("Le club Toi & Moi fête ses 10 ans", "none"),
        ("Mi casa es tu casa", "none"),
        ("Suis déçue, attends toujours mon colis", "none"),
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
        ("Souvenez-vous-en, allez-vous-en.", "Souviens-t'en, va-t'en."),
        ("Vous choisissez et payez en ligne.", "Tu choisis et paies en ligne."),
        ("Vous souvenez-vous du vôtre ?", "Te souviens-tu du tien ?"),
        ("C'est à vous, pas à vos amis.", "C'est à toi, pas à tes amis."),
        ("Vous n'y allez pas, n'y pensez plus.", "Tu n'y vas pas, n'y pense plus."),
        ("Vous repartez avec votre hamac et votre héroïne.", "Tu repars avec ton hamac et ton héroïne."),
        ("VOUS POUVEZ VENIR", "TU PEUX VENIR"),
    ],
)
def test_conversion_goes_both_ways(vous: str, tu: str) -> None:
    assert convert(vous, to="tu") == tu
    assert convert(tu, to="vous") == vous


@pytest.mark.parametrize(
    ("text", "to", "expected"),
    [
        ("Veuillez nous contacter.", "tu", "Contacte-nous."),
        ("Veuillez ne pas répondre.", "tu", "Ne réponds pas."),
        ("vous etes sur ? verifiez", "tu", "tu es sur ? verifie"),
        ("Vous êtes satisfaits ?", "tu", "Tu es satisfait ?"),
        ("« Vous êtes top » : merci pour votre mot", "tu", "« Vous êtes top » : merci pour ton mot"),
        ("Bonjour à tous, vous êtes 300.", "tu", "Bonjour à tous, vous êtes 300."),
        (
            "T'as vu ? T'inquiète, écris-nous stp",
            "vous",
            "Vous avez vu ? Ne vous inquiétez pas, écrivez-nous svp",
        ),
        ("tu veut quoi ?", "vous", "vous voulez quoi ?"),
        ("T’en fais pas", "vous", "Ne vous en faites pas"),
        ("We love you", "vous", "We love you"),
    ],
)
def test_conversion_one_way(text: str, to: Literal["tu", "vous"], expected: str) -> None:
    assert convert(text, to=to) == expected


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


def test_a_list_of_what_a_thing_does_is_no_command() -> None:
    assert detect("N’utilisez plus une batterie qui chauffe, gonfle ou fume.").register == "vous"
    assert detect("Choisis le modèle qui te plaît et essaie-le.").register == "tu"
