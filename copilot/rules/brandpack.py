"""Rules that follow from ``brand.yml``: its words, its competitors, its promises, its emoji and hashtags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from copilot.messages import localized
from copilot.rules.definition import Definition, rule_from_text
from copilot.rules.pack import Examples, Pack, RuleNotes
from copilot.rules.pattern import compiled

if TYPE_CHECKING:
    from copilot.brand import Brand, Promise, Term

EMOJI = "(?:[🌀-🏺🐀-🫿☀-➿⬀-⯿][🏻-🏿\ufe0f]*(?:\u200d[🌀-🏺🐀-🫿☀-➿][🏻-🏿\ufe0f]*)*|[🇦-🇿]{2})"
_HASHTAG = r"(?<![\p{L}\p{N}_&/])#[\p{L}\p{N}_]+"
# A promise that is denied is none: « aucun geste commercial », “we cannot guarantee…”.
_DENIED = r"(?<!\b(?:aucune?|pas|jamais|ni|sans|non|no|not|never|cannot|can't|don't|n't)\b[^.!?,;:\n]{0,25})"
_VARIANTS = {"é": "[ée]", "è": "[èe]", "ê": "[êe]", "à": "[àa]", "â": "[âa]", "î": "[îi]", "ï": "[ïi]"}
_VARIANTS |= {"ô": "[ôo]", "û": "[ûu]", "ù": "[ùu]", "ç": "[çc]", "œ": "(?:œ|oe)", "’": "'", " ": " +"}

Made = tuple[Definition, RuleNotes]


def brand_pack(brand: Brand, pack: Pack) -> Pack:
    """Return the pack ``marque`` with the rules of a brand added to those of its files."""
    made = list(_rules(brand))
    definitions = (*pack.definitions, *(definition for definition, _ in made))
    notes = dict(pack.notes)
    notes.update({definition.name.partition(".")[2]: note for definition, note in made})
    return replace(pack, definitions=definitions, notes=notes)


def plain_pattern(words: str) -> str:
    """Return the pattern of a plain phrase: any spacing, missing accents forgiven."""
    import regex

    text = words.strip().lower()
    return "".join(_VARIANTS.get(char) or regex.escape(char) for char in text)


def _rules(brand: Brand) -> Iterator[Made]:
    yield from _terms(brand.terms)
    if brand.competitors:
        tokens = [plain_pattern(name) for name in brand.competitors]
        yield _made(
            "Concurrent", "existence", "warning", "competitor", tokens=tokens, flags=brand.competitors[:1]
        )
    for promise in brand.forbidden_promises:
        yield _promise(promise)
    yield from _emoji(brand)
    yield from _hashtags(brand)
    avoided = [phrase for line in brand.avoid for phrase in _quoted(line)]
    if avoided:
        tokens = [plain_pattern(phrase) for phrase in avoided]
        yield _made("AEviter", "existence", "suggestion", "avoided", tokens=tokens, flags=avoided[:1])


def _terms(terms: Sequence[Term]) -> Iterator[Made]:
    names: dict[str, str] = {}
    words: dict[str, str] = {}
    for term in terms:
        for other in term.instead_of:
            like = SequenceMatcher(None, other.lower(), term.use.lower()).ratio() > 0.75
            (names if like and " " not in other else words)[plain_pattern(other)] = term.use
    reasons = tuple((term.use.lower(), term.why.localized) for term in terms if term.why.get("fr"))
    if names:
        # Another spelling of the same word: replacing it breaks no agreement.
        definition, notes = _made("Nom", "substitution", "warning", "term", swap=names, action="replace")
        yield definition, replace(notes, reasons=reasons)
    if words:
        definition, notes = _made("Terme", "substitution", "warning", "term", swap=words, action="replace")
        yield definition, replace(notes, safe=False, reasons=reasons)


def _promise(promise: Promise) -> Made:
    tokens = [plain_pattern(phrase) for phrase in promise.patterns]
    made = _made(f"Promesse-{promise.id}", "existence", "error", "promise", tokens=tokens, guard=_DENIED)
    said, notes = promise.message.localized, made[1]
    if said.fr:
        notes = replace(notes, message=localized("rules.brand_promise_said", said=said))
    why = promise.instead.localized if promise.instead.get("fr") else notes.why
    return made[0], replace(notes, why=why, examples=Examples(flags=promise.patterns[:1]))


def _emoji(brand: Brand) -> Iterator[Made]:
    policy = brand.emoji
    if policy.policy == "none" or policy.max == 0:
        yield _made("Emoji", "existence", "warning", "emoji_none", tokens=[EMOJI], flags=("Merci 🙂",))
        return
    if policy.policy == "some":
        yield _made("Emoji", "occurrence", "suggestion", "emoji_max", token=EMOJI, max=str(policy.max))
    if policy.allowed:
        allowed = "|".join(compiled(r"\ufe0f").sub("", emoji) for emoji in policy.allowed)
        token = f"(?!(?:{allowed})[🏻-🏿\ufe0f]*(?!\u200d)){EMOJI}"
        yield _made("EmojiListe", "existence", "suggestion", "emoji_list", tokens=[token])


def _hashtags(brand: Brand) -> Iterator[Made]:
    policy = brand.hashtags
    most = str(policy.max)
    if policy.max:
        yield _made("MotsDiese", "occurrence", "suggestion", "hashtags_max", token=_HASHTAG, max=most)
    else:
        yield _made("MotsDiese", "existence", "suggestion", "hashtags_none", tokens=[_HASHTAG])
    if policy.never:
        never = [plain_pattern(tag if tag.startswith("#") else f"#{tag}") for tag in policy.never]
        yield _made(
            "MotDieseInterdit", "existence", "warning", "hashtag_never", tokens=never, flags=policy.never[:1]
        )


def _quoted(line: str) -> list[str]:
    return [m.group(1).strip() for m in compiled(r"«\s*([^»]{4,60}?)\s*»").finditer(line)]


def _made(
    name: str,
    kind: str,
    level: str,
    key: str,
    *,
    action: str = "",
    guard: str = "",
    flags: Sequence[str] = (),
    **fields: Any,
) -> Made:
    message = localized(f"rules.brand_{key}")
    if "tokens" in fields:
        fields["tokens"] = [_bounded(token, guard) for token in fields["tokens"]]
    if "swap" in fields:
        fields["swap"] = {_bounded(old): new for old, new in fields["swap"].items()}
    text = f"extends: existence\nmessage: x\nlevel: {level}\n"
    definition = replace(
        rule_from_text(text, f"marque.{name}", shown="brand.yml"),
        kind=kind,
        message=message.fr,
        action=action,
        fields={"ignorecase": "true", "nonword": "true", **fields},
    )
    notes = RuleNotes(
        message=message,
        why=localized(f"rules.brand_{key}_why"),
        links="#" in str(fields.get("token", "")),
        examples=Examples(flags=tuple(flags)),
    )
    return definition, notes


def _bounded(pattern: str, guard: str = "") -> str:
    # With the edge first, a pattern is only tried where its first word stands.
    edge = r"\b" if pattern[:1].isalnum() or (pattern[:1] == "[" and pattern[1:2].isalpha()) else r"(?<!\w)"
    return rf"{edge}{guard}{pattern}(?!\w)"
