"""Spelling with the dictionary a workspace brings, and without any."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.brand import Brand
from copilot.rules import RuleSet

pytest.importorskip("hunspell", reason="the extra “spelling” is not installed")

AFF = "SET UTF-8\nTRY esianrtolcdugmphbyfvkwzéèêà\n"
WORDS = "bonjour votre commande arrive demain la livraison été est une merci pour le colis vous répondez"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of rules with a small dictionary of its own."""
    place = tmp_path / "config" / "dictionaries"
    place.mkdir(parents=True)
    words = WORDS.split()
    (place / "fr_FR.aff").write_text(AFF, encoding="utf-8")
    (place / "fr_FR.dic").write_text("\n".join([str(len(words)), *words]) + "\n", encoding="utf-8")
    return tmp_path


def misspelled(rules: RuleSet, text: str) -> list[str]:
    """The words that the spelling rule marks."""
    return [f.match for f in rules.check(text) if f.rule == "francais.Orthographe"]


def test_a_slip_is_found_and_mended(folder: Path) -> None:
    rules = RuleSet.load(["francais"], folders=[folder])
    text = "Bonjour, la livraiosn arrive demain."
    (finding,) = [f for f in rules.check(text) if f.rule == "francais.Orthographe"]
    assert finding.match == "livraiosn"
    assert finding.fix is not None
    assert finding.fix.edits[0].text == "livraison"


def test_elisions_clitics_and_names_are_no_mistakes(folder: Path) -> None:
    rules = RuleSet.load(["francais"], folders=[folder])
    assert misspelled(rules, "L’été, répondez-vous. Merci pour Zorglub, la SNCF, #velos et @lea.") == []


def test_the_words_of_the_brand_and_of_the_workspace_are_known(folder: Path) -> None:
    place = folder / "config" / "vocabularies" / "maison"
    place.mkdir(parents=True)
    (place / "accept.txt").write_text("zazou\n", encoding="utf-8")
    brand = Brand.model_validate({"name": "Exemple", "products": ["flâneur"]})
    rules = RuleSet.load(["francais"], folders=[folder], brand=brand)
    assert misspelled(rules, "merci pour le flâneur zazou truc") == ["truc"]


def test_without_a_dictionary_a_notice_says_how_to_get_one() -> None:
    rules = RuleSet.of_text("{extends: spelling, message: '%s', custom: true, dictionaries: [xx_XX]}")
    assert rules.check("la livraiosn") == ()
    (notice,) = rules.notices
    assert notice.code == "no_dictionary"
    assert "porte-voix[spelling]" in notice.message.fr
