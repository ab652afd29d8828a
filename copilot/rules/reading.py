"""One text cut into blocks, and for each rule the blocks in which it could match."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Literal

from copilot.rules import scopes
from copilot.rules.blocks import Block, text_blocks
from copilot.rules.folding import has_doubles
from copilot.rules.rule import PatternRule, Start
from copilot.rules.search import OpeningIndex

Format = Literal["text", "markdown"]
Visit = tuple[int, Block, Sequence[Start] | None]
"""Order of the block in the text, the block, the possible starts of matches in it."""
_Key = tuple[str, str]


def _order(visit: Visit) -> int:
    return visit[0]


class Reading:
    """The blocks of a text by their scope, their words looked up at most once."""

    def __init__(
        self, text: str, format: Format, rules: Mapping[int, PatternRule], index: OpeningIndex
    ) -> None:
        selectors = (part for rule in rules.values() for scope in rule.scopes for part in scope.split("&"))
        wanted = {part.strip("~ ").split(".")[0] for part in selectors}
        counts: dict[str, int] = {}
        blocks = list(_blocks(text, format, wanted, counts))
        self.facts = {name.replace(".", "_"): float(count) for name, count in counts.items()}
        self._rules, self._index = rules, index
        self._doubles = has_doubles(text)
        self._groups: dict[_Key, list[tuple[int, Block]]] = {}
        for order, block in enumerate(blocks):
            self._groups.setdefault((block.scope, block.parent), []).append((order, block))
        self._whole: dict[tuple[_Key, ...], list[Visit]] = {}
        self._joined: dict[tuple[_Key, bool], tuple[str, list[int]]] = {}
        self._starts: dict[_Key, dict[int, list[Visit]]] = {}

    def visits(self, number: int, rule: PatternRule) -> list[Visit]:
        """Return the blocks that a rule must look at, in text order.

        Args:
            number: the number under which the index knows the rule.
            rule: the rule.
        """
        keys = tuple(key for key in self._groups if scopes.matches(rule.scopes, *key))
        if rule.known.doubled and self._doubles:
            return self._everything(keys)
        if rule.known.indexed and not rule.raw:
            found = [visit for key in keys for visit in self._looked_up(key).get(number, ())]
        elif rule.known.needs:
            found = [visit for key in keys for visit in self._needed(key, rule)]
        else:
            return _long_enough(self._everything(keys), rule.shortest)
        return sorted(found, key=_order) if len(keys) > 1 else found

    def _everything(self, keys: tuple[_Key, ...]) -> list[Visit]:
        if keys not in self._whole:
            visits: list[Visit] = [(order, block, None) for key in keys for order, block in self._groups[key]]
            self._whole[keys] = sorted(visits, key=_order)
        return self._whole[keys]

    def _needed(self, key: _Key, rule: PatternRule) -> Iterator[Visit]:
        """Yield the blocks of a scope that hold one of the strings a rule needs."""
        group = self._groups[key]
        joined, begins = self._joined_text(key, raw=rule.raw)
        chosen: set[int] = set()
        for need in rule.known.needs:
            at = joined.find(need)
            while at >= 0:
                number = bisect_right(begins, at) - 1
                chosen.add(number)
                at = joined.find(need, begins[number + 1]) if number + 1 < len(begins) else -1
        for number in sorted(chosen):
            order, block = group[number]
            yield order, block, None

    def _joined_text(self, key: _Key, *, raw: bool = False) -> tuple[str, list[int]]:
        """Return the folded texts of a scope as one, and where each of them begins."""
        if (key, raw) not in self._joined:
            texts = [block.folded(raw=raw) for _, block in self._groups[key]]
            begins = [0, *accumulate(len(text) + 1 for text in texts[:-1])]
            self._joined[key, raw] = "\0".join(texts), begins
        return self._joined[key, raw]

    def _looked_up(self, key: _Key) -> dict[int, list[Visit]]:
        if key not in self._starts:
            joined, begins = self._joined_text(key)
            group = self._groups[key]
            rules = (n for n, rule in self._rules.items() if scopes.matches(rule.scopes, *key))
            found = self._index.among(frozenset(rules)).starts(joined)
            self._starts[key] = {n: _by_block(starts, group, begins) for n, starts in found.items()}
        return self._starts[key]


def _long_enough(visits: list[Visit], shortest: int) -> list[Visit]:
    return [v for v in visits if len(v[1].plain()) >= shortest] if shortest > 1 else visits


def _by_block(starts: Sequence[Start], group: Sequence[tuple[int, Block]], begins: list[int]) -> list[Visit]:
    """Share out the places found in the joined text among its blocks."""
    if len(group) == 1:
        return [(*group[0], [start for start in starts if start[0] >= 0])]
    visits: list[Visit] = []
    number, begin, end = -1, 0, 0
    inside: list[Start] = []
    for at, word in starts:
        if at >= end or number < 0:
            number = max(0, bisect_right(begins, at) - 1)
            begin = begins[number]
            end = begins[number + 1] if number + 1 < len(begins) else sys.maxsize
            inside = []
            visits.append((*group[number], inside))
        if at >= begin:
            inside.append((at - begin, word))
    return visits


def _blocks(text: str, format: Format, wanted: set[str], counts: dict[str, int]) -> Iterator[Block]:
    paragraphs, sentences = "paragraph" in wanted, "sentence" in wanted
    if format == "markdown":
        from copilot.rules.markdown import markdown_blocks

        return markdown_blocks(text, paragraphs=paragraphs, sentences=sentences, counts=counts)
    return text_blocks(text, paragraphs=paragraphs, sentences=sentences)
