"""Personal data: found, masked and put back."""

from __future__ import annotations

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
