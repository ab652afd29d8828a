"""Text to terms: stems per language and character n-grams, blind to accents, case and elisions.

A field is a list of terms; a term is a 32-bit hash of its string, so that an index needs no
dictionary on disk. At a million distinct terms one pair in four thousand shares a hash.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from copilot.records import Chunk, Language

FIELDS = ("question_stems", "question_grams", "answer_stems", "answer_grams")

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ELISION = re.compile(r"^(?:[ldjmtsnc]|qu|lorsqu|puisqu|jusqu|quoiqu)'")
_FOLD = {ord("œ"): "oe", ord("æ"): "ae", ord("ß"): "ss", 0x2019: "'", 0x2018: "'", 0x02BC: "'", ord("`"): "'"}
_STEMMERS = {"fr": "french", "en": "english", "de": "german", "es": "spanish", "it": "italian"}
_FRENCH = """le la les un une des du de et est en que qui quoi pour pas je vous nous mon ma mes votre vos sur
avec dans ce cette ces il elle sont suis puis ai avez quel quelle comment combien pourquoi faut au aux par ne
plus ou mais si on se sa son ses leur bonjour merci"""
_ENGLISH = """the a an of and is are in that which what for not i you we my your our on with this these it do
does can could how much why when where from at by or but if be been have has will would to was were he she
they there hello thanks please"""
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
    """Return the character 3-, 4- and 5-grams of one word with its borders marked."""
    bordered = f"<{word}>"
    return tuple(bordered[i : i + size] for size in (3, 4, 5) for i in range(len(bordered) - size + 1)) or (
        bordered,
    )


@lru_cache(maxsize=262144)
def term_id(term: str) -> int:
    """Return the 32-bit hash that stands for a term."""
    return zlib.crc32(term.encode())


def gram_terms(tokens: Iterable[str]) -> list[int]:
    """Return the hashed character n-grams of folded words."""
    return [term_id(gram) for token in tokens for gram in grams(token)]


def stem_terms(tokens: Sequence[str], language: Language) -> list[int]:
    """Return the hashed stems of folded words."""
    return [term_id(stem) for stem in stems(tokens, language)]


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


def chunk_terms(chunk: Chunk) -> dict[str, list[int]]:
    """Return the terms of each field of a chunk."""
    question, answer = words(question_of(chunk)), words(answer_of(chunk))
    language = chunk.language
    if language not in _STEMMERS:
        language = guess_language(f"{chunk.question} {chunk.text}", "fr")
    return {
        "question_stems": stem_terms(question, language),
        "question_grams": gram_terms(question),
        "answer_stems": stem_terms(answer, language),
        "answer_grams": gram_terms(answer),
    }
