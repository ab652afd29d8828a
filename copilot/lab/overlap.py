"""How much two texts share: BLEU, GLEU, ROUGE-N and edit distance, as promptfoo counts them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from copilot.lab import javascript

ORDERS = (1, 2, 3, 4)
SMOOTHED = 1e-7
"""What stands for a precision of zero in BLEU, so that one missing order doesn't erase the others."""

Words = Sequence[str]


def bleu(candidate: str, references: Sequence[str]) -> float:
    """Return sentence BLEU (Papineni et al., 2002) over the orders that the candidate is long enough for."""
    if not javascript.trim(candidate):
        return 0.0
    words = _words(candidate)
    against = [_words(reference) for reference in references]
    closest = min((len(other) for other in against), key=lambda n: (abs(n - len(words)), n))
    logs = []
    for order in ORDERS:
        grams = _grams(words, order)
        if not grams:
            continue
        shared = max(_shared(grams, _grams(other, order)) for other in against)
        logs.append(math.log(shared / grams.total() or SMOOTHED))
    brevity = 1.0 if len(words) > closest else math.exp(1 - closest / len(words))
    return brevity * math.exp(sum(logs) / len(logs))


def gleu(candidate: str, references: Sequence[str]) -> float:
    """Return sentence GLEU (Wu et al., 2016): the smaller of precision and recall over orders 1 to 4.

    Raises:
        ValueError: the candidate is empty; promptfoo gives no score then.
    """
    if not candidate:
        raise ValueError("empty")
    words = [word.rstrip(".") for word in _words(candidate)]
    return max(_gleu(words, [word.rstrip(".") for word in _words(other)]) for other in references)


def rouge_1(candidate: str, reference: str) -> float:
    """Return the F-measure of shared words (Lin, 2004), cut as the Penn Treebank does, case set aside."""
    ours, theirs = Counter(treebank(candidate.lower())), Counter(treebank(reference.lower()))
    shared = _shared(ours, theirs)
    if not shared:
        return 0.0
    precision, recall = shared / ours.total(), shared / theirs.total()
    return 2 * precision * recall / (precision + recall)


def distance(a: str, b: str) -> int:
    """Return the Levenshtein distance in UTF-16 units."""
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(javascript.units(a), javascript.units(b)))


def _gleu(words: Words, reference: Words) -> float:
    if list(words) == list(reference):
        return 1.0
    shared = ours = theirs = 0
    for order in ORDERS:
        a, b = _grams(words, order), _grams(reference, order)
        shared += _shared(a, b)
        ours += a.total()
        theirs += b.total()
    return min(shared / ours, shared / theirs)


def _words(text: str) -> list[str]:
    return javascript.words(text.lower())


def _grams(words: Words, order: int) -> Counter[str]:
    return Counter(" ".join(words[i : i + order]) for i in range(len(words) - order + 1))


def _shared(a: Counter[str], b: Counter[str]) -> int:
    return sum((a & b).values())


_MARKS = re.compile(r"``|''|\"")
_STEPS: tuple[tuple[str, str], ...] = (
    (r"\.{3}", " ... "),
    (r"[:,](?!\d)", r" \g<0> "),
    (r"[;@#$%&]", r" \g<0> "),
    (r"([^.])(?<!\b[A-Za-z]\.[A-Za-z])(\.)([\])}>'\s]*)\Z", r"\1 \2\3 "),
    (r"[?!]", r" \g<0> "),
    (r"[\]\[(){}<>]", r" \g<0> "),
    (r"--", " -- "),
)
_ENDINGS: tuple[tuple[str, str], ...] = (
    (r"([^'])' ", r"\1 ' "),
    (r"'([sSmMdD]) ", r" '\1 "),
    (r"('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", r" \1 "),
)
_JOINED = ("can not", "d 'ye", "gim me", "gon na", "got ta", "lem me", "more 'n", "'t is", "'t was")


def treebank(text: str) -> list[str]:
    """Cut a text into words and signs by the rules of the Penn Treebank."""
    line = javascript.trim(javascript.spaced(text))
    if not line:
        return []
    line = _ticked(line)
    for pattern, by in _STEPS:
        line = re.sub(pattern, by, line)
    line = f" {line} "
    for pattern, by in _ENDINGS:
        line = re.sub(pattern, by, line)
    for joined in _JOINED:
        head, tail = joined.split(" ")
        line = re.sub(rf"(?<!\w)({head})({tail})(?!\w)", r" \1 \2 ", line, flags=re.IGNORECASE)
    line = re.sub(r"(?<!\w)(wan)(na)(?= )", r" \1 \2 ", line, flags=re.IGNORECASE)
    return [word for word in line.split(" ") if word]


def _ticked(line: str) -> str:
    """Write opening and closing double quotes each in their own way."""
    inside = False

    def mark(quote: re.Match[str]) -> str:
        nonlocal inside
        at, sign = quote.start(), quote.group()
        last = quote.end() >= len(line) and at != 0 and not re.match(r"[\s(\[{<]", line[at - 1])
        inside = sign == "``" or (not inside and sign == '"' and not last and _opens(line, at))
        return " `` " if inside else " '' "

    return _MARKS.sub(mark, line)


def _opens(line: str, at: int) -> bool:
    import unicodedata

    if at == 0:
        return True
    before = line[at - 1]
    return before not in ".!?" and (before in " <" or unicodedata.category(before).startswith("P"))
