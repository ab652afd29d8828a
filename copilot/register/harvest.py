"""Harvest the lexicon from the French Hunspell dictionary of the Grammalecte project.

The dictionary (MPL 2.0; the *toutes variantes* build, packaged by Debian as
``hunspell-fr-comprehensive``) tells the class, the gender and the inflections of 80,000 words. The
harvest keeps common words and their inflection rules; ``lexicon.json`` stays under the MPL 2.0.

Run it again when a new dictionary comes out::

    python -m copilot.register.harvest /usr/share/hunspell/fr.aff /usr/share/hunspell/fr.dic
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from pathlib import Path

LICENCE = (
    "Derived from the French spelling dictionaries by Olivier R. and the Dicollecte contributors "
    "(https://grammalecte.net/). This Source Code Form is subject to the terms of the Mozilla Public "
    "License, v. 2.0: http://mozilla.org/MPL/2.0/"
)
_CLITIC_FLAGS = re.compile(r"(?:[LDQ]'|[ndqljmtsc]'|Q\*|Qj|Si|\|\||--|\(\))")
_TENSES = ("infi", "ppre", "ppas", "ipre", "iimp", "ifut", "cond", "spre", "impe", "ipsi")
_PERSONS = ("1sg", "2sg", "3sg", "1pl", "2pl", "3pl")
_KEPT = {*_TENSES, *_PERSONS, "mas", "fem", "epi", "sg", "pl", "inv"}
_SKIPPED = {"npr", "patr", "prn", "sign", "ponc", "symb", "unit", "nb", "pfx", "sfx", "divers"}
_WORD = re.compile(r"[a-zà-ÿœæ][a-zà-ÿœæ-]*")


def harvest(aff: Path, dic: Path) -> dict[str, object]:
    """Return the lexicon as plain data: ``rules`` by flag and ``words`` by class.

    A rule is ``[strip, add, condition, tags]``: the word that matches ``condition`` at its end loses
    ``strip`` and gains ``add``. A class of words is ``flags|tags``, its words separated by spaces.
    """
    rules = _read_rules(aff.read_text(encoding="utf-8"))
    words = _read_words(dic.read_text(encoding="utf-8"), rules)
    return {"licence": LICENCE, "rules": rules, "words": words}


def _read_rules(text: str) -> dict[str, list[list[str]]]:
    rules: dict[str, list[list[str]]] = defaultdict(list)
    for line in text.splitlines():
        cells = line.split()
        if len(cells) < 5 or cells[0] != "SFX":
            continue
        flag, strip, add, condition = cells[1:5]
        tags = _tags(cells[5:])
        if tags is None:
            continue
        ending = add.partition("/")[0]
        bare = ["" if part == "0" else _plain(part) for part in (strip, ending)]
        rules[flag].append([*bare, "" if condition == "." else _plain(condition), tags])
    return dict(rules)


def _tags(cells: list[str]) -> str | None:
    """Return the tags worth keeping, or None for the verb forms nobody writes on social networks."""
    found = [cell.partition(":")[2].rstrip("!") for cell in cells]
    if "1isg" in found or ("simp" in found and not set(_TENSES) & set(found)):
        return None
    return " ".join(tag for tag in found if tag in _KEPT)


def _read_words(text: str, rules: dict[str, list[list[str]]]) -> dict[str, str]:
    classes: dict[str, list[str]] = defaultdict(list)
    for line in text.splitlines()[1:]:
        entry, *cells = line.split()
        word, _, flags = entry.partition("/")
        tags = [cell.partition(":")[2] for cell in cells]
        if not _WORD.fullmatch(word) or _SKIPPED & set(tags) or "||" in flags:
            continue
        kept = _CLITIC_FLAGS.sub("", flags)
        named = [kept[i : i + 2] for i in range(0, len(kept), 2)]
        named = [flag for flag in named if flag in rules]
        short = ["v" if re.match(r"v\d", tag) else tag for tag in tags]
        classes[f"{' '.join(named)}|{' '.join(dict.fromkeys(short))}"].append(_plain(word))
    return {key: " ".join(dict.fromkeys(words)) for key, words in sorted(classes.items())}


def _plain(text: str) -> str:
    return text.replace("œ", "oe").replace("æ", "ae").replace("’", "'")


def _by_lines(data: dict[str, object]) -> str:
    """Write JSON with one rule set or one class of words a line, for readable differences."""
    parts = []
    for key, value in data.items():
        text = json.dumps(value, ensure_ascii=False)
        if isinstance(value, dict):
            rows = (f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in value.items())
            text = "{\n" + ",\n".join(rows) + "\n}"
        parts.append(f"{json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    data = harvest(Path(sys.argv[1]), Path(sys.argv[2]))
    out = Path(__file__).with_name("lexicon.json")
    out.write_text(_by_lines(data), encoding="utf-8")
