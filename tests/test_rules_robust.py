"""Rules hold on any text: spans stay inside it, fixes keep the rest, no pattern freezes a page."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.brand import Brand
from copilot.records import Finding
from copilot.rules import RuleSet, blast_radius, github, sarif, vale_json
from copilot.rules.alternatives import Alternatives
from copilot.rules.folding import fold, has_doubles
from copilot.rules.literals import literals
from copilot.rules.pattern import translate
from copilot.rules.search import OpeningIndex

PACKS = ["francais", "typographie", "marque", "reseaux", "relation-client", "english", "inclusif"]
BRAND = Brand.model_validate(
    {
        "name": "Exemple",
        "terms": [{"use": "boutique", "instead_of": ["magasin"]}],
        "competitors": ["Rivale"],
        "forbidden_promises": [{"id": "vie", "patterns": ["garanti à vie"]}],
        "avoid": ["les formules creuses : « nous mettons tout en œuvre »"],
        "emoji": {"policy": "some", "max": 1, "allowed": ["🙂"]},
        "hashtags": {"max": 2, "never": ["#followme"]},
    }
)
RULES = RuleSet.load(PACKS, brand=BRAND)
WORDS = (
    "Bonjour|merci|C'est|l’été|désolés|notre faute|magasin|garanti à vie|Rivale|12€|1 500 €|14h30|#Ville"
    '|@lea|le le|https://exemple.fr/a?b=c|🙂🙂🙂|👩‍👩‍👧|e\u0301te\u0301|«mot»|"mot"|...|!!|?|;|:|,|\n|\n\n|\u00a0'
    "|\u202f|\u200b|- | -|(c)|coeur|asap|Etes-vous|pas|**gras**|`code`|[lien](u)|# |> |* |%s|$1|\\"
)
PIECES = st.sampled_from(WORDS.split("|"))
TEXTS = st.one_of(
    st.text(max_size=120),
    st.lists(PIECES, max_size=30).map(" ".join),
    st.lists(PIECES, max_size=40).map("".join),
)
ALTERNATIVES = (
    r"abc|a b|a+|ab?c|(?:a;bc)d|\w+x|\bab|[ab]c|a\s+b|c{2,3}|\.|b*c|(?:^;\s)a(?=\s)|-\d|ss|k'i|[\s,]b|\w d"
    r"|[,-]\sc"
)
LONG = "z z " * 6000


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["text", "markdown"]), st.sampled_from(["fr", "fr_CA", "en"]))
def test_spans_and_edits_lie_in_the_text(text: str, form: str, language: str) -> None:
    for finding in RULES.check(text, language=language, channel="x_post", format=form):  # type: ignore[arg-type]
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
        assert finding.match == text[finding.span.start : finding.span.end]
        for edit in finding.fix.edits if finding.fix else ():
            assert 0 <= edit.span.start <= edit.span.end <= len(text)
            assert text[edit.span.start : edit.span.end] != edit.text


@settings(max_examples=80, deadline=None)
@given(TEXTS)
def test_fixes_of_typography_change_signs_only(text: str) -> None:
    def words(shown: str) -> list[str]:
        return [w for w in regex.findall(r"\w+", shown) if w.lower() not in ("c", "x", "h", "tm", "r")]

    for finding in RULES.check(text):
        if finding.fix and finding.rule in ("francais.EspacePonctuation", "francais.Apostrophe"):
            assert words(_applied(text, finding)) == words(text)


def _applied(text: str, finding: Finding) -> str:
    assert finding.fix is not None
    for edit in sorted(finding.fix.edits, key=lambda e: e.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


PATTERNS = st.lists(
    st.sampled_from([one.replace(";", "|") for one in ALTERNATIVES.split("|")]), min_size=1, max_size=4
)


@settings(max_examples=300, deadline=None)
@given(PATTERNS, st.booleans(), st.text(alphabet="abcdxA B.é-1,ks'i\nſıßK²\u0301", max_size=40))
def test_what_is_known_of_a_pattern_never_hides_a_match(parts: list[str], words: bool, text: str) -> None:
    joined = "|".join(parts)
    pattern = rf"(?i)(?m)\b(?:{joined})\b" if words else f"(?i)(?m)(?:{joined})"
    known = literals(pattern)
    index = OpeningIndex([known])
    starts = {at for at, _ in index.starts(fold(text)).get(0, ())}
    starts_in_long = {at for at, _ in index.starts(fold(f"{text}\n{LONG}")).get(0, ())}
    for match in regex.finditer(translate(pattern), text, regex.V1):
        if match.group() and not (known.doubled and has_doubles(text)):
            assert not known.needs or any(need in fold(text) for need in known.needs)
            assert not known.indexed or match.start() in starts & starts_in_long


def test_folded_texts_keep_their_length_and_hide_no_letter() -> None:
    letters = [chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000]
    assert all(len(fold(letter)) == 1 for letter in letters)
    assert [c for c in letters if len(c.casefold()) > 1 and c != "İ"] == [
        c for c in letters if has_doubles(c)
    ]
    cased = "".join(c for c in letters if c.upper() != c or c.casefold() != c)
    for letter in cased:
        alike = regex.findall(f"(?i){letter}", cased, regex.V1)
        assert {fold(a) for a in alike if len(a) == 1 and not has_doubles(a)} <= {fold(letter)}
    assert not [c for c in letters if fold(c).isalnum() and not regex.match(r"\w", c)]


def test_a_pattern_that_never_ends_is_named_and_switched_off() -> None:
    rules = RuleSet.of_text(
        r"{extends: existence, message: x, nonword: true, tokens: ['(?:a|aa)+$']}", "moi.Lente"
    )
    text = "a" * 60 + "b"
    begin = time.perf_counter()
    for _ in range(20):
        rules.check(text)
    assert time.perf_counter() - begin < 5
    assert [n.code for n in rules.notices] == ["rule_too_slow"]
    assert "moi.Lente" in rules.notices[0].message.fr


def test_scripts_are_not_run(tmp_path: Path) -> None:
    (tmp_path / "essai").mkdir()
    (tmp_path / "essai" / "Script.yml").write_text(
        "extends: script\nmessage: x\nscript: boom\n", encoding="utf-8"
    )
    rules = RuleSet.load(["essai"], folders=[tmp_path])
    assert rules.check("boom") == ()
    assert [n.code for n in rules.notices] == ["rule_skipped"]


def test_a_denied_promise_is_none() -> None:
    flagged = {f.rule for f in RULES.check("Ce vélo est garanti à vie.")}
    assert "marque.Promesse-vie" in flagged
    assert "marque.Promesse-vie" not in {f.rule for f in RULES.check("Aucun vélo n’est garanti à vie.")}


def test_each_word_of_the_brand_is_explained_by_its_own_reason_in_the_readers_language() -> None:
    terms = [
        {"use": "boutique", "instead_of": ["magasin"], "why": {"fr": "Partout.", "en": "Everywhere."}},
        {"use": "service client", "instead_of": ["SAV"], "why": "Une seule équipe."},
        {"use": "vélo", "instead_of": ["bicyclette"]},
    ]
    promise = {"id": "vie", "patterns": ["à vie"], "message": "Jamais.", "instead": {"fr": "X.", "en": "Y."}}
    brand = Brand.model_validate({"name": "A", "terms": terms, "forbidden_promises": [promise]})
    found = RuleSet.load(["marque"], brand=brand).check("Un magasin, un SAV, une bicyclette à vie.")
    why = {finding.match: (finding.why.fr, finding.why.en) for finding in found}
    assert why["magasin"] == ("Partout.", "Everywhere.")
    assert why["SAV"] == ("Une seule équipe.", "Une seule équipe.")
    assert "terms" in why["bicyclette"][0]
    assert why["à vie"] == ("X.", "Y.")


def test_a_file_of_the_workspace_replaces_ours(tmp_path: Path) -> None:
    folder = tmp_path / "francais"
    folder.mkdir()
    (folder / "Virgule.yml").write_text(
        "extends: existence\nmessage: non\ntokens: [virgule]\n", encoding="utf-8"
    )
    rules = RuleSet.load(["francais"], folders=[tmp_path])
    found = [f for f in rules.check("Oui ,virgule") if f.rule == "francais.Virgule"]
    assert [f.match for f in found] == ["virgule"]


def test_blast_radius_counts_past_texts() -> None:
    rules = RuleSet.of_text("{extends: existence, message: '%s', tokens: [gratuit]}")
    (radius,) = blast_radius(rules, ["C’est gratuit, gratuit.", "Rien.", "gratuit"])
    assert (radius.texts, radius.findings, radius.total) == (2, 3, 3)
    assert radius.examples[0][0] == 0


def test_other_tools_read_the_findings() -> None:
    text = "Ligne\r\nUn magasin."
    found = [f for f in RULES.check(text) if f.rule == "marque.Terme"]
    (alert,) = vale_json("a.md", text, found, language="fr")["a.md"]
    assert (alert["Line"], alert["Span"], alert["Match"]) == (2, [4, 10], "magasin")
    region = sarif({"a.md": (text, found)})["runs"][0]["results"][0]["locations"][0]["physicalLocation"][
        "region"
    ]
    assert region == {"startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 11}
    assert github("a.md", text, found).startswith("::warning file=a.md,line=2,endLine=2,col=4,endColumn=11,")


@settings(max_examples=200, deadline=None)
@given(PATTERNS, st.lists(st.text(alphabet="abcdx \n.", max_size=30), max_size=12))
def test_a_long_text_is_searched_where_matches_lie(parts: list[str], paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs) + "\n\n" + LONG
    choices = Alternatives(parts, lambda items: f"(?i)(?m)(?:{'|'.join(items)})")
    spans = [m.span() for m in choices.whole.finditer(text) if m.group()]
    found = [
        m.span() for a, b in choices.windows(text, fold(text)) for m in choices.whole.finditer(text, a, b)
    ]
    assert list(dict.fromkeys(span for span in found if span[1] > span[0])) == spans
