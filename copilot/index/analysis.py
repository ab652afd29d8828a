"""Text to terms: word beginnings, character n-grams and pairs of stems, blind to accents, case and elisions.

A field is a list of terms; a term is a 32-bit hash of its string, so that an index needs no
dictionary on disk. At a million distinct terms one pair in four thousand shares a hash.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from copilot.records import Chunk, Language

FIELDS = ("question_prefixes", "question_grams", "answer_prefixes", "answer_grams", "pairs")
LAYOUT = 1
"""Raised when other terms are taken from the same text."""
_PREFIX, _GRAM = 4, 4

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ELISION = re.compile(r"^(?:[ldjmtsnc]|qu|lorsqu|puisqu|jusqu|quoiqu)'")
_FOLD = {ord("œ"): "oe", ord("æ"): "ae", ord("ß"): "ss", 0x2019: "'", 0x2018: "'", 0x02BC: "'", ord("`"): "'"}
_STEMMERS = {"fr": "french", "en": "english", "de": "german", "es": "spanish", "it": "italian"}
_FRENCH = """
a afin ai alors apres as au aucun aussi autre autres aux avant avec avez avoir avons bien bonjour ca car
ce ceci cela ces cet cette chez combien comme comment dans de des deux dois doit donc dont du elle elles
en entre est et etait etant etc etre eu eux faire fait faut ici il ils je la le les leur leurs lors lui
ma mais me meme merci mes moi moins mon ne non nos notre nous on ont ou par pas peut peux plus pour
pourquoi pouvez pouvoir puis quand que quel quelle quelles quels qui quoi sa sans se ses si son sont
sous suis sur svp ta te tes toi ton tous tout toute toutes tres tu un une vers vos votre vous y
"""
_ENGLISH = """
a about after all also am an and any are as at be been before being but by can cant could did do does
dont for from get getting got had has have he hello her here hey hi him his how i if im in into is it
its ive just many may me might more much must my need no not of on or our out please shall she should so
some than thank thanks that the their them then there these they this those to too up us very want was
we were what when where which who why will with would you your
"""
FUNCTION_WORDS = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}


def fold(text: str) -> str:
    """Lower-case, write ligatures out, straighten apostrophes and drop diacritics."""
    text = text.lower().translate(_FOLD)
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """Return the folded words of ``text``, elided articles and pronouns taken off (``l'accès``: acces)."""
    found = []
    for word in _WORD.findall(fold(text)):
        while (elided := _ELISION.match(word)) is not None and elided.end() < len(word):
            word = word[elided.end() :]
        found.append(word.replace("'", ""))
    return found


def guess_language(text: str, default: Language = "und") -> Language:
    """Tell French from English by their function words; ``default`` where neither leads."""
    tokens = words(text)
    votes = {
        language: sum(t in vocabulary for t in tokens) for language, vocabulary in FUNCTION_WORDS.items()
    }
    best = max(votes, key=lambda language: votes[language])
    return best if votes[best] > sum(votes.values()) - votes[best] else default


@lru_cache(maxsize=8)
def _stemmer(language: Language) -> Any:
    import Stemmer

    return Stemmer.Stemmer(_STEMMERS.get(language, "french"))


def stems(tokens: Sequence[str], language: Language) -> list[str]:
    """Return the Snowball stem of each folded word."""
    stemmed: list[str] = _stemmer(language).stemWords(list(tokens))
    return stemmed


@lru_cache(maxsize=65536)
def grams(word: str) -> tuple[str, ...]:
    """Return the character 4-grams of one word with its borders marked, or the word if it is shorter."""
    bordered = f"<{word}>"
    return tuple(bordered[i : i + _GRAM] for i in range(len(bordered) - _GRAM + 1)) or (bordered,)


@lru_cache(maxsize=262144)
def term_id(term: str) -> int:
    """Return the 32-bit hash that stands for a term."""
    return zlib.crc32(term.encode())


def prefix_terms(tokens: Iterable[str]) -> list[int]:
    """Return the hashed beginnings of folded words."""
    return [term_id(token[:_PREFIX]) for token in tokens]


def gram_terms(tokens: Iterable[str]) -> list[int]:
    """Return the hashed character n-grams of folded words."""
    return [term_id(gram) for token in tokens for gram in grams(token)]


def pair_terms(tokens: Sequence[str], language: Language) -> list[int]:
    """Return the hashed pairs of neighbouring stems."""
    return [term_id(f"{a} {b}") for a, b in pairwise(stems(tokens, language))]


def question_of(chunk: Chunk) -> str:
    """Return what a chunk says it is about: its question, else its nearest heading."""
    if chunk.question:
        return chunk.question
    return chunk.headings[-1] if chunk.headings else ""


def answer_of(chunk: Chunk) -> str:
    """Return the text of a chunk without its question when the text opens with it."""
    text = chunk.text
    if chunk.question and text.startswith(chunk.question):
        return text[len(chunk.question) :]
    return text


def language_of(chunk: Chunk) -> Language:
    """Return the language whose stemmer a chunk takes."""
    if chunk.language in _STEMMERS:
        return chunk.language
    return guess_language(f"{chunk.question} {chunk.text}", "fr")


def chunk_terms(chunk: Chunk) -> tuple[dict[str, list[int]], set[str]]:
    """Return the terms of each field of a chunk, and its words."""
    question, answer = words(question_of(chunk)), words(answer_of(chunk))
    language = language_of(chunk)
    terms = {
        "question_prefixes": prefix_terms(question),
        "question_grams": gram_terms(question),
        "answer_prefixes": prefix_terms(answer),
        "answer_grams": gram_terms(answer),
        "pairs": pair_terms(question, language) + pair_terms(answer, language),
    }
    return terms, {*question, *answer}
