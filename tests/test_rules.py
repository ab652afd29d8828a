"""Rules read from files: what they find, what they offer, how they complain."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.errors import FileFormatError, InputError
from copilot.records import Finding
from copilot.rules import RuleSet


def rule_set(folder: Path, **rules: str) -> RuleSet:
    """Load rules written for a test as one pack."""
    pack = folder / "essai"
    pack.mkdir(exist_ok=True)
    for name, text in rules.items():
        (pack / f"{name}.yml").write_text(text, encoding="utf-8")
    return RuleSet.load(["essai"], folders=[folder])


def shown(text: str, findings: tuple[Finding, ...]) -> list[str]:
    """The marked words, as a reader sees them."""
    return [text[f.span.start : f.span.end] for f in findings]


def test_existence_marks_whole_words_only(tmp_path: Path) -> None:
    rules = rule_set(tmp_path, Mots="extends: existence\nmessage: 'Évitez %s.'\ntokens: [gratuit]\n")
    text = "Gratuitement, c’est gratuit."
    assert shown(text, rules.check(text)) == ["gratuit"]


def test_spans_are_right_beside_emoji_and_decomposed_accents(tmp_path: Path) -> None:
    rules = rule_set(
        tmp_path, Mots='extends: existence\nmessage: x\nignorecase: true\ntokens: ["l\'été", n° 1]\n'
    )
    text = "👩‍👩‍👧 L’e\u0301te\u0301 chez nous, n°\u00a01\u202f!"
    assert shown(text, rules.check(text)) == ["L’e\u0301te\u0301", "n°\u00a01"]


def test_substitution_offers_the_preferred_word(tmp_path: Path) -> None:
    rules = rule_set(
        tmp_path, Mots="extends: substitution\nmessage: \"'%s', pas '%s'\"\nswap: {e-mail: courriel}\n"
    )
    (finding,) = rules.check("Un e-mail")
    assert finding.message.fr == "'courriel', pas 'e-mail'"
    assert finding.fix is not None
    assert finding.fix.edits[0].text == "courriel"


def test_occurrence_counts(tmp_path: Path) -> None:
    rules = rule_set(tmp_path, Diese="extends: occurrence\nmessage: '%s'\ntoken: '#\\w+'\nmax: 2\n")
    assert rules.check("#a #b") == ()
    (finding,) = rules.check("#a #b #c")
    assert finding.message.fr == "3"


def test_repetition_spares_different_words(tmp_path: Path) -> None:
    rules = rule_set(
        tmp_path, Deux="extends: repetition\nmessage: x\nalpha: true\nignorecase: true\ntokens: ['[^\\s]+']\n"
    )
    text = "Le le colis est là"
    assert shown(text, rules.check(text)) == ["Le le"]


def test_conditional_wants_the_second_for_the_first(tmp_path: Path) -> None:
    rules = rule_set(
        tmp_path,
        Sigle="extends: conditional\nmessage: '%s'\nfirst: '\\b([A-Z]{3})\\b'\nsecond: '\\(([A-Z]{3})\\)'\n",
    )
    assert rules.check("service après-vente (SAV). Le SAV répond.") == ()
    assert len(rules.check("Le SAV répond.")) == 1


def test_consistency_marks_the_second_writing(tmp_path: Path) -> None:
    rules = rule_set(tmp_path, Cle="extends: consistency\nmessage: '%s'\neither: {clé: clef}\n")
    text = "La clé est une clef."
    assert shown(text, rules.check(text)) == ["clef"]
    assert rules.check("La clé, la clé.") == ()


def test_markdown_code_and_links_are_no_prose(tmp_path: Path) -> None:
    rules = rule_set(tmp_path, Mots="extends: existence\nmessage: x\ntokens: [gratuit]\n")
    text = "# C’est gratuit\n\n`gratuit` [ici](https://gratuit.fr/gratuit) **gratuit**\n\n```\ngratuit\n```\n"
    found = rules.check(text, format="markdown")
    assert [f.span.start for f in found] == [text.index("gratuit"), text.index("**gratuit**") + 2]


@pytest.mark.parametrize(
    ("rule", "where", "words"),
    [
        ("extends: exitence\nmessage: x\n", ":1:1", "existence"),
        ("message: x\nextends: nothing\n", ":2:1", "substitution, "),
        ("extends: existence\nmessage: x\ntoken: [a]\n", ":3:1", "tokens"),
        ("extends: existence\nmessage: x\nlevel: fatal\n", ":3:1", "warning"),
        ("extends: existence\nmessage: x\ntokens: ['(a']\n", ".yml:", "(a"),
        ("extends: existence\n  message: x\n", ":2", "YAML"),
        ("extends: existence\ntokens: [a]\n", ".yml:1", "message"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, rule: str, where: str, words: str) -> None:
    with pytest.raises(FileFormatError) as error:
        rule_set(tmp_path, Faux=rule)
    assert where in error.value.where
    assert words in str(error.value)


def test_an_unknown_pack_names_the_nearest() -> None:
    with pytest.raises(InputError, match="francais"):
        RuleSet.load(["francai"])
