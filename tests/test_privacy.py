"""Personal data: found, masked and put back."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks._personal_data import messages
from copilot import privacy

TEXT = (
    "Bonjour, je m’appelle Claire Dupont, 06 12 34 56 78, claire.dupont@exemple.fr, "
    "12 rue des Lilas 75011 Paris, commande n° 4587963, plaque AB-123-CD."
)


def test_each_kind_is_found_with_its_span() -> None:
    found = privacy.find(TEXT)
    assert [item.kind for item in found] == ["name", "phone", "email", "address", "order", "plate"]
    assert all(TEXT[item.span.start : item.span.end] == item.text for item in found)


def test_masking_restores_to_the_same_text_and_shows_nothing() -> None:
    masked = privacy.mask(TEXT, "Réponse à Claire Dupont")
    assert "Dupont" not in "".join(masked.texts)
    assert masked.restore(masked.text) == TEXT
    assert "Dupont" not in repr(masked)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("tel 06.12.34.56.78", "phone", "06.12.34.56.78"),
        ("au +33 (0)6 12 34 56 78 svp", "phone", "+33 (0)6 12 34 56 78"),
        ("RIB FR76 3000 6000 0112 3456 7890 189", "iban", "FR76 3000 6000 0112 3456 7890 189"),
        ("CB 4970 1000 0000 0055", "card", "4970 1000 0000 0055"),
        ("sécu 1 84 12 76 451 089 46", "nir", "1 84 12 76 451 089 46"),
        ("SIRET 732 829 320 00074", "siret", "732 829 320 00074"),
        ("immatriculée AB-123-CD", "plate", "AB-123-CD"),
        ("passeport n° 06CK13587", "id_number", "06CK13587"),
        ("depuis 192.168.12.7 hier", "ip", "192.168.12.7"),
        ("Cordialement,\nAnne-Sophie Le Goff", "name", "Anne-Sophie Le Goff"),
        ("my name is Grace O’Connor", "name", "Grace O’Connor"),
        ("au 8 bis, rue de l’Église 35000 Rennes.", "address", "8 bis, rue de l’Église 35000 Rennes"),
    ],
)
def test_writings_of_each_kind(text: str, kind: str, value: str) -> None:
    assert [(item.kind, item.text) for item in privacy.find(text)] == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "La version 4.12.0 plante depuis 2019",
        "Le vélo à 1 299,00 € et 3500 km sans souci",
        "Rendez-vous le 12/05/2026 à 14h30",
        "Merci Lyon, merci Paris",
        "@lea_mrt @tom.bzh regardez",
        "Carte 4970 1000 0000 0056",
        "Cordialement",
    ],
)
def test_ordinary_figures_and_words_are_left_alone(text: str) -> None:
    assert privacy.find(text) == ()


def test_patterns_of_the_brand_are_order_numbers() -> None:
    found = privacy.find("voir RV77-AZ svp", patterns={"order": r"RV\d\d-[A-Z]{2}"})
    assert [(item.kind, item.text) for item in found] == [("order", "RV77-AZ")]


def test_the_same_value_has_the_same_placeholder_in_all_texts() -> None:
    masked = privacy.mask("écrivez à a@b.fr", "Réponse pour A@B.FR et c@d.fr")
    assert masked.texts == ("écrivez à [EMAIL_1]", "Réponse pour [EMAIL_1] et [EMAIL_2]")


def test_placeholders_that_the_customer_wrote_are_not_taken_for_ours() -> None:
    text = "Pourquoi [EMAIL_1] dans votre message ? Mon mail : a@b.fr"
    masked = privacy.mask(text)
    assert masked.text.endswith("[EMAIL_2]")
    assert masked.restore(masked.text) == text


def test_a_model_may_change_the_look_of_a_placeholder() -> None:
    assert privacy.mask("a@b.fr").restore("Écrivez à [email 1].") == "Écrivez à a@b.fr."


def test_the_mapping_cannot_leave_the_process() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(privacy.mask("a@b.fr"))


@given(st.text(max_size=200))
def test_masking_any_text_is_undone_exactly(text: str) -> None:
    masked = privacy.mask(text)
    assert masked.restore(masked.text) == text


def test_nothing_of_three_hundred_messages_is_left_after_masking() -> None:
    for item in messages(25, 0):
        text, (span,) = str(item["text"]), item["pii"]  # type: ignore[misc]
        value = text[span["start"] : span["end"]]
        assert value not in privacy.mask(text).text
