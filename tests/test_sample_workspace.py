"""The sample brand: complete, dated, consistent, and written as the brand itself demands."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from copilot.brand import Brand, load_brand
from copilot.records import Route
from copilot.text import normalize

ROOT = Path(__file__).resolve().parent.parent
KNOWLEDGE = ROOT / "knowledge"
ATTRIBUTES = {"id", "lang", "status", "visibility", "valid_from", "valid_until", "tags"}
TODAY = date(2026, 11, 20)
FRENCH_PLAIN_SPACE = re.compile(r"\w [;:!?»]|« |\d [€%]|(?<=\w)'(?=\w)")


@dataclass(frozen=True)
class Entry:
    """One question and its answer, with the attributes that hold for it."""

    where: str
    question: str
    answer: str
    attributes: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.attributes.get("id", ""))

    def is_public(self) -> bool:
        approved = self.attributes.get("status", "approved") == "approved"
        return approved and self.attributes.get("visibility", "public") == "public"

    def day(self, name: str) -> date | None:
        value = self.attributes.get(name)
        if not value:
            return None
        return value if isinstance(value, date) else date.fromisoformat(str(value))


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    _, head, body = text.split("---\n", 2)
    return yaml.safe_load(head), body


def _markdown_entries(path: Path) -> Iterator[Entry]:
    head, body = _front_matter(path.read_text(encoding="utf-8"))
    for section in re.split(r"(?m)^## ", body)[1:]:
        question, _, rest = section.partition("\n")
        comment = re.match(r"<!-- (.*?) -->\n", rest)
        own = dict(pair.split(": ", 1) for pair in comment[1].split("; ")) if comment else {}
        answer = rest[comment.end() :] if comment else rest
        yield Entry(f"{path.name}: {question}", question, answer.strip(), head | own)


def _rows(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
    import openpyxl

    header, *rows = openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def _table_entries(path: Path) -> Iterator[Entry]:
    for row in _rows(path):
        rest = {key: value for key, value in row.items() if key not in {"question", "answer"} and value}
        yield Entry(f"{path.name}: {row['question']}", row["question"], row["answer"], rest)


def _json_entries(path: Path) -> Iterator[Entry]:
    page = json.loads(path.read_text(encoding="utf-8"))
    for item in page["mainEntity"]:
        answer = item["acceptedAnswer"]["text"]
        attributes = {"id": item["@id"].lstrip("#"), "lang": page["inLanguage"]}
        yield Entry(f"{path.name}: {item['name']}", item["name"], answer, attributes)


READERS = {
    ".md": _markdown_entries,
    ".csv": _table_entries,
    ".xlsx": _table_entries,
    ".json": _json_entries,
}


def _entries(folder: str) -> list[Entry]:
    files = sorted(p for p in (KNOWLEDGE / folder).rglob("*") if p.suffix in READERS)
    return [entry for path in files for entry in READERS[path.suffix](path)]


@pytest.fixture(scope="module")
def brand() -> Brand:
    return load_brand(ROOT / "brand.yml")


@pytest.fixture(scope="module")
def faq() -> list[Entry]:
    return _entries("faq")


@pytest.fixture(scope="module")
def comments() -> list[dict[str, Any]]:
    path = ROOT / "tests" / "data" / "comments.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _fold(text: str) -> str:
    return normalize(text, fold_case=True).text


def test_brand_speaks_both_languages_in_full(brand: Brand) -> None:
    for language in brand.languages:
        phrases = brand.phrases[language].model_dump()
        assert all(phrases.values()), f"{language}: {[k for k, v in phrases.items() if not v]}"
        # No figure in a brand phrase: it is sent without a passage behind it.
        assert not any(re.search(r"\d", value) for value in phrases.values())


def test_what_the_brand_tells_its_team_is_said_in_both_languages(brand: Brand) -> None:
    told = [words for contact in brand.contacts for words in (contact.name, contact.hours)]
    told += [words for promise in brand.forbidden_promises for words in (promise.message, promise.instead)]
    told += [term.why for term in brand.terms]
    assert [words for words in told if not words.fr or not words.en or words.fr == words.en] == []


def test_brand_names_a_contact_for_each_route_and_patterns_compile(brand: Brand) -> None:
    assert {contact.route for contact in brand.contacts} == {"care", "pr", "legal", "safety"}
    assert len(brand.forbidden_promises) >= 8
    assert re.fullmatch(brand.patterns["order"], "CY-204518")
    assert re.fullmatch(brand.patterns["ticket"], "TK-40718")
    assert re.fullmatch(brand.patterns["frame"], "CYF21K04417")
    assert re.fullmatch(brand.patterns["battery"], "AM418-22K")
    assert (ROOT / brand.netiquette).is_file()


def test_every_entry_has_an_id_of_its_own_and_known_attributes(faq: list[Entry]) -> None:
    everything = faq + _entries("imported")
    assert [e.where for e in everything if not e.id] == []
    repeated = [name for name, count in Counter(e.id for e in everything).items() if count > 1]
    assert repeated == []
    for entry in everything:
        assert set(entry.attributes) - {"title"} <= ATTRIBUTES, entry.where
        assert entry.attributes.get("status", "approved") in {"approved", "pending", "retired"}
        assert entry.attributes.get("visibility", "public") in {"public", "internal"}
        assert 0 < len(entry.answer.split()) < 120, entry.where


def test_counts_by_language_and_visibility(faq: list[Entry]) -> None:
    assert len(faq) >= 70
    assert sum(e.attributes["lang"] == "en" for e in faq) >= 18
    assert sum(e.attributes.get("visibility") == "internal" for e in faq) >= 6
    assert sum(e.attributes.get("status") == "pending" for e in faq) == 2
    assert sum(e.attributes.get("status") == "retired" for e in faq) == 1
    assert {p.suffix for p in (KNOWLEDGE / "faq").rglob("*") if p.is_file()} == {
        *(".md", ".csv", ".xlsx", ".docx", ".pdf", ".html", ".json", ".txt"),
    }


def test_dates_parse_and_show_each_stage_of_an_offer(faq: list[Entry]) -> None:
    stages: Counter[str] = Counter()
    for entry in (e for e in faq if e.is_public()):
        first, last = entry.day("valid_from"), entry.day("valid_until")
        assert not (first and last) or first <= last, entry.where
        stages["expired"] += bool(last and last < TODAY)
        stages["soon"] += bool(last and 0 <= (last - TODAY).days <= 14)
        stages["later"] += bool(first and first > TODAY)
    assert stages["expired"] >= 2
    assert stages["soon"] >= 1
    assert stages["later"] >= 1


def test_imports_wait_for_approval() -> None:
    assert {e.attributes["status"] for e in _entries("imported")} == {"pending"}


def test_guidelines_say_who_may_read_them() -> None:
    seen = {}
    for path in (KNOWLEDGE / "guidelines").rglob("*.md"):
        head, _ = _front_matter(path.read_text(encoding="utf-8"))
        seen[path.name] = head["visibility"]
    assert seen == {
        "charte-editoriale.md": "internal",
        "plan-de-crise.md": "internal",
        "tone-of-voice.md": "internal",
        "house-rules.md": "public",
        "netiquette.md": "public",
        "elements-de-langage.md": "public",
    }


def test_no_public_entry_makes_a_forbidden_promise(brand: Brand, faq: list[Entry]) -> None:
    approved = (KNOWLEDGE / "guidelines" / "elements-de-langage.md").read_text(encoding="utf-8")
    texts = {e.where: _fold(e.answer) for e in faq if e.is_public()} | {"elements": _fold(approved)}
    broken = [
        (where, pattern)
        for promise in brand.forbidden_promises
        for pattern in promise.patterns
        for where, text in texts.items()
        if re.search(rf"\b{re.escape(_fold(pattern))}\b", text)
    ]
    assert broken == []


def test_public_entries_use_the_terms_of_the_brand(brand: Brand, faq: list[Entry]) -> None:
    broken = [
        (entry.where, word)
        for term in brand.terms
        for word in term.instead_of
        for entry in faq
        if entry.is_public() and re.search(rf"\b{re.escape(_fold(word))}\b", _fold(entry.answer))
    ]
    assert broken == []


def test_french_entries_keep_french_typography(faq: list[Entry]) -> None:
    broken = [
        (e.where, hit[0])
        for e in faq
        if e.attributes["lang"] == "fr"
        for hit in FRENCH_PLAIN_SPACE.finditer(e.question + "\n" + e.answer)
    ]
    assert broken == []


def test_office_files_open_and_keep_their_questions() -> None:
    import docx
    import pypdf

    document = docx.Document(str(KNOWLEDGE / "faq" / "aides-et-assurance.docx"))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert len(headings) >= 5
    assert all(text.endswith("\u202f?") for text in headings)
    pages = pypdf.PdfReader(KNOWLEDGE / "faq" / "guide-premiere-sortie.pdf").pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Comment monter mon vélo à la réception" in text
    assert "redressez le guidon" in text


def test_numbers_to_call_are_kept_for_fiction() -> None:
    fiction = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")
    files = [p for p in [ROOT / "brand.yml", *KNOWLEDGE.rglob("*")] if p.suffix in {".yml", ".md", ".csv"}]
    for path in files:
        for number in re.findall(r"\b0[1-9](?: \d\d){4}\b", normalize(path.read_text("utf-8")).text):
            assert number.startswith(fiction), f"{path.name}: {number}"


def test_comments_expect_entries_that_exist(comments: list[dict[str, Any]], faq: list[Entry]) -> None:
    known = {e.id for e in faq}
    assert len(comments) >= 20
    assert len({c["id"] for c in comments}) == len(comments)
    for comment in comments:
        assert set(comment) == {"id", "text", "channel", "lang", "kind", "expects"}, comment["id"]
        expects = comment["expects"]
        assert {*expects.get("entry", []), *expects.get("not_entry", [])} <= known, comment["id"]
        assert set(expects.get("route", [])) <= set(get_args(Route)), comment["id"]


def test_what_comments_expect_to_read_stands_in_the_entries(
    comments: list[dict[str, Any]], faq: list[Entry]
) -> None:
    by_id = {e.id: _fold(e.answer) for e in faq if e.is_public()}
    for comment in comments:
        expects = comment["expects"]
        answers = " ".join(by_id[name] for name in expects.get("entry", []))
        for words in expects.get("contains", []):
            assert _fold(words) in answers, f"{comment['id']}: {words}"


# An English entry and the French ones that state the same facts.
TWINS = {
    "en-delivery-price": ["livraison-prix"],
    "en-delivery-time": ["livraison-delai", "livraison-corse"],
    "en-delivery-late": ["livraison-retard"],
    "en-delivery-holiday": ["livraison-retrait"],
    "en-return-period": ["retour-delai"],
    "en-return-cost": ["retour-frais"],
    "en-return-refund": ["retour-remboursement"],
    "en-warranty": ["garantie-duree"],
    "en-warranty-battery": ["garantie-batterie"],
    "en-range": ["modeles-autonomie"],
    "en-charging": ["batterie-charge"],
    "en-sizes": ["modeles-tailles"],
    "en-recall-series": ["rappel-series"],
    "en-recall-exchange": ["rappel-echange"],
    "en-payment-3x": ["paiement-3x"],
    "en-hours-strasbourg": ["boutique-strasbourg"],
    "en-gift-card": ["cadeau-carte"],
}


def _figures(text: str) -> set[str]:
    """Figures without their group separators, decimals with a comma, hours on 24."""
    text = re.sub(r"(\d+) pm", lambda m: str(int(m[1]) + 12), normalize(text).text)
    text = re.sub(r"(?<=\d)[, ](?=\d{3}\b)", "", text)
    text = re.sub(r"(?<=\d)\.(?=\d)", ",", text)
    return set(re.findall(r"\d+(?:,\d+)?", text))


def test_english_entries_state_the_figures_of_the_french_ones(faq: list[Entry]) -> None:
    by_id = {e.id: e.answer for e in faq}
    for english, french in TWINS.items():
        known = _figures(" ".join(by_id[name] for name in french))
        assert _figures(by_id[english]) <= known, english
