"""Whatever the text: spans are exact, fixes apply, conversion settles."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.register import check, convert, detect
from copilot.register.conversion import edits

_WORDS = """
vous tu te t' t’ toi ton ta tes votre vos pouvez peux contactez-nous contacte-nous ne n'
pas y en le « » , . ! ? commande nouvelle adresse êtes es etes allez-y vas-y rendez-vous
stp svp Bonjour Léa 😀 #TuPeux @vous veuillez patienter nous a que il faut et
souvenez-vous-en -vous - voilà vs https://x.fr
"""
_PIECES = st.sampled_from([*_WORDS.split(), "\n"])
_TEXTS = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=25).map(" ".join))


@given(_TEXTS)
@settings(max_examples=300, deadline=None)
def test_spans_and_edits_stay_inside_the_text_and_apart(text: str) -> None:
    reading = detect(text)
    for span in (*reading.tu, *reading.vous, *reading.plural):
        assert 0 <= span.start < span.end <= len(text)
    for to in ("tu", "vous"):
        last = 0
        for edit in edits(text, to):
            assert last <= edit.span.start <= edit.span.end <= len(text)
            last = edit.span.end


@given(_TEXTS)
@settings(max_examples=200, deadline=None)
def test_a_finding_matches_its_span_and_its_fix_is_the_conversion(text: str) -> None:
    for wanted in ("tu", "vous"):
        for finding in check(text, wanted):
            assert text[finding.span.start : finding.span.end] == finding.match
            if finding.fix:
                fixed = text
                for edit in reversed(finding.fix.edits):
                    fixed = fixed[: edit.span.start] + edit.text + fixed[edit.span.end :]
                assert fixed == convert(text, to=wanted)


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour Nadia, vous pouvez suivre votre colis. N'hésitez pas à nous écrire, nous vous répondrons.",
        "Inscrivez-vous, pensez-y et ne vous inquiétez pas : votre adresse reste privée.",
        "Vous vous êtes trompé ? Allez-y, demandez votre remboursement avant que nous ne fermions.",
    ],
)
def test_conversion_there_and_back_gives_the_text_again(text: str) -> None:
    tu = convert(text, to="tu")
    assert detect(tu).register == "tu"
    assert convert(tu, to="vous") == text
    assert convert(tu, to="tu") == tu


def test_accents_in_pieces_and_fancy_spaces_do_not_matter() -> None:
    text = "Êtes-vous prêt\u202f? Vérifiez votre adresse\u00a0!"
    apart = unicodedata.normalize("NFD", text)
    assert unicodedata.normalize("NFC", convert(apart, to="tu")) == convert(text, to="tu")
    assert convert(text, to="tu") == "Es-tu prêt\u202f? Vérifie ton adresse\u00a0!"


def test_a_long_text_takes_little_time() -> None:
    text = "Vous pouvez suivre votre colis et, si vous le souhaitez, changer d'adresse. " * 60
    detect(text[:500])
    began = time.perf_counter()
    detect(text)
    assert time.perf_counter() - began < 2


def test_awkward_lengths_do_not_explode() -> None:
    for text in ("«" * 3000, '"' * 3000, "vous " * 3000, "a" * 20000, "t'" * 3000, "-" * 5000, "et " * 4000):
        began = time.perf_counter()
        detect(text)
        assert time.perf_counter() - began < 3, text[:6]
