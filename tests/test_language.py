"""The language of short social texts."""

from __future__ import annotations

import pytest

from copilot import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Toujours pas reçu ma commande", "fr"),
        ("Where is my order?", "en"),
        ("merci bcp", "fr"),
        ("thx guys", "en"),
        ("😡😡😡", "und"),
        ("¿Cuándo llega mi pedido? Gracias", "es"),
    ],
)
def test_the_language_of_a_short_text(text: str, expected: str) -> None:
    assert language.detect(text)[0] == expected
