"""What a reply says without telling anything of the brand is not objected to."""

from __future__ import annotations

from datetime import date

import pytest

from copilot.facts import prove
from copilot.records import Chunk, Passage

NOW = date(2026, 11, 20)
FRENCH = "Le retour est gratuit pendant 30 jours. Nos boutiques ouvrent du mardi au samedi, de 10 h à 19 h."
ENGLISH = "Returns are free for 30 days. Our shops open Tuesday to Saturday, 10 am to 7 pm."


def objections(reply: str, language: str = "fr", text: str = "") -> list[str]:
    text = text or (FRENCH if language == "fr" else ENGLISH)
    passages = [Passage(Chunk("p", "p", "", text, language=language), 1.0)]
    claims = prove(reply, passages, language=language, now=NOW)
    return [c.fact.text for c in claims if c.state != "supported"]


@pytest.mark.parametrize(
    "closing",
    [
        "Bonne journée,\nCamille",
        "Bien à vous,\nHugo – Roulavel",
        "À bientôt,\nL’équipe Roulavel",
        "Cordialement,\nLe service Vie locale",
        "Bien cordialement,\nLe réseau des médiathèques",
        "Je reste à votre écoute.\nInès",
        "– Noé",
        "Belle journée à vous,\n\nMaëlle\nService client Roulavel",
    ],
)
def test_a_signature_is_no_claim(closing: str) -> None:
    assert objections(f"Bonjour,\n\nLe retour est gratuit pendant 30 jours.\n\n{closing}") == []


def test_what_looks_like_a_signature_but_tells_something_is_read() -> None:
    assert objections("Bonjour,\n\nLe retour est gratuit pendant 45 jours.\nLe Portugal est livré") != []
    assert "45 jours" in objections("Bonjour,\nCordialement,\nRetour sous 45 jours")


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("Vous souhaitez renvoyer une lampe et cela vous inquiète.", "fr"),
        ("Vous avez 47 ans et votre commande date d’il y a deux ans.", "fr"),
        ("Tu hésites encore entre deux modèles.", "fr"),
        ("You asked whether you could bring a lamp back.", "en"),
        ("You’re thinking of moving to Portugal.", "en"),
    ],
)
def test_the_customers_own_story_is_no_claim(told: str, language: str) -> None:
    answer = (
        "Le retour est gratuit pendant 30 jours." if language == "fr" else "Returns are free for 30 days."
    )
    assert objections(f"{told} {answer}", language) == []


def test_a_price_in_the_customers_story_is_still_proved() -> None:
    assert "12 €" in objections("Vous souhaitez profiter de la livraison à 12 €.")


def test_a_heading_that_announces_is_no_claim() -> None:
    assert objections("Deux possibilités s’offrent à vous :\n- le retour est gratuit pendant 30 jours.") == []


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("Votre fille de 16 ans paie 42 €.", "Le passeport coûte 86 € pour un adulte, 42 € de 15 à 17 ans."),
        ("Votre chat de 4 kg voyage gratuitement.", "Les animaux de moins de 6 kg voyagent gratuitement."),
        ("Nos boutiques ferment le jour de Noël.", "Nos boutiques sont fermées le 25 décembre."),
        ("Pas de livraison les 24 et 25 décembre.", "Aucune livraison les 24, 25 et 31 décembre 2026."),
        ("Comptez une dizaine de jours.", "Comptez 10 jours."),
        ("La carte est valable un an, le bon six mois.", "La carte est valable 12 mois, le bon 6 mois."),
        (
            "La box coûte 39,90 € et la livraison 3,99 €, soit 43,89 €.",
            "La box coûte 39,90 €. La livraison coûte 3,99 €.",
        ),
        ("C’est zéro engagement.", "L’abonnement est sans engagement."),
        (
            "Vous avez un mois, trente jours exactement, pour changer d’avis.",
            "Vous avez 30 jours pour changer d’avis.",
        ),
    ],
)
def test_other_words_for_the_same_fact(reply: str, text: str) -> None:
    assert objections(reply, text=text) == []


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("We open at half past nine in the morning.", "We open at 9.30 am."),
        ("Come between half past three and six in the afternoon.", "Come between 3.30 pm and 6 pm."),
        (
            "Members book eight days ahead, everybody else six.",
            "Members book 8 days ahead, others 6 days ahead.",
        ),
        ("Our desk is open 11am to 4pm.", "Our desk is open from 11am to 4pm."),
        ("We cannot refund it under any circumstances.", "This fare is not refundable."),
    ],
)
def test_other_english_words_for_the_same_fact(reply: str, text: str) -> None:
    assert objections(reply, "en", text) == []


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (
            "La box coûte 39,90 € et la livraison 3,99 €, soit 45,89 €.",
            "La box coûte 39,90 €. La livraison coûte 3,99 €.",
        ),
        ("Pas de livraison les 23 et 25 décembre.", "Aucune livraison les 24, 25 et 31 décembre 2026."),
        ("Nos boutiques ferment le jour de l’An.", "Nos boutiques sont fermées le 25 décembre."),
        ("Vous avez deux mois pour changer d’avis.", "Vous avez 30 jours pour changer d’avis."),
        ("Tous nos luminaires vont dehors.", "Aucun de nos luminaires ne va dehors."),
    ],
)
def test_nearly_the_same_is_not_the_same(reply: str, text: str) -> None:
    assert objections(reply, text=text) != []


SHOP = (
    "Le retour est gratuit pendant 30 jours. Les articles soldés ne sont ni repris ni échangés. La livraison "
    "coûte 4,90 € et elle est offerte dès 60 € d’achat. Nos boutiques ouvrent du mardi au samedi. Le "
    "remboursement est effectué sous 14 jours. La garantie est de 2 ans, hors piles."
)


@pytest.mark.parametrize(
    "reply",
    [
        "Le retour est gratuit pendant 30 jours et le remboursement est effectué sous 30 jours.",
        "Bonjour, si votre commande atteint 30 € la livraison est offerte.",
        "Vous nous dites que la livraison coûte 3 €. Le retour est gratuit pendant 30 jours.",
        "Bonjour Léa,\nles articles soldés sont repris",
        "Le retour est gratuit pendant 30 jours.\nNon, la garantie couvre les piles",
        "Le retour est gratuit pendant 30 jours.\nLe magasin ouvre aussi le dimanche",
        "Nos règles :\n- retour gratuit pendant 30 jours,\n- soldes repris et échangés",
        "Vous échangez vos articles soldés en boutique. Le retour est gratuit pendant 30 jours.",
        "Remboursement sous 3 jours :\n- le retour est gratuit pendant 30 jours.",
        "Vous avez 5 ans de garantie.",
        "Si votre commande est inférieure à 60 €, la livraison est offerte.",
        "Nous serons ravis de vous accueillir dimanche en boutique.",
    ],
)
def test_courtesy_hides_no_false_statement(reply: str) -> None:
    assert objections(reply, text=SHOP) != []
