"""One text cut into blocks, and for each rule the blocks in which it could match."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Literal

from copilot.rules import scopes
from copilot.rules.blocks import Block, text_blocks
from copilot.rules.rule import PatternRule, Start
from copilot.rules.search import WordIndex

Format = Literal["text", "markdown"]
Visit = tuple[int, Block, Sequence[Start] | None]
"""Order of the block in the text, the block, the possible starts of matches in it."""
_Key = tuple[str, str]


def _order(visit: Visit) -> int:
    return visit[0]


class Reading:
    """The blocks of a text by their scope, their words looked up at most once."""

    def __init__(self, text: str, format: Format, rules: Sequence[PatternRule], index: WordIndex) -> None:
        selectors = (part for rule in rules for scope in rule.scopes for part in scope.split("&"))
        wanted = {part.strip("~ ").split(".")[0] for part in selectors}
        counts: dict[str, int] = {}
        blocks = list(_blocks(text, format, wanted, counts))
        self.facts = {name.replace(".", "_"): float(count) for name, count in counts.items()}
        self._index = index
        self._groups: dict[_Key, list[tuple[int, Block]]] = {}
        for order, block in enumerate(blocks):
            self._groups.setdefault((block.scope, block.parent), []).append((order, block))
        self._whole: dict[tuple[_Key, ...], list[Visit]] = {}
        self._joined: dict[tuple[_Key, bool], tuple[str, list[int]]] = {}
        self._starts: dict[_Key, dict[int, list[Visit]]] = {}

    def visits(self, number: int, rule: PatternRule) -> list[Visit]:
        """Return the blocks that a rule must look at, in text order.

        Args:
            number: the number under which the word index knows the rule.
            rule: the rule.
        """
        keys = tuple(key for key in self._groups if scopes.matches(rule.scopes, *key))
        if rule.known.indexed and not rule.raw:
            found = [visit for key in keys for visit in self._looked_up(key).get(number, ())]
        elif rule.known.needs:
            found = [visit for key in keys for visit in self._needed(key, rule)]
        else:
            return self._everything(keys)
        return sorted(found, key=_order) if len(keys) > 1 else found

    def _everything(self, keys: tuple[_Key, ...]) -> list[Visit]:
        if keys not in self._whole:
            visits: list[Visit] = [(order, block, None) for key in keys for order, block in self._groups[key]]
            self._whole[keys] = sorted(visits, key=_order)
        return self._whole[keys]

    def _needed(self, key: _Key, rule: PatternRule) -> Iterator[Visit]:
        """Yield the blocks of a scope that hold one of the strings a rule needs."""
        group = self._groups[key]
        joined, begins = self._joined_text(key, plain=not rule.raw)
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

    def _joined_text(self, key: _Key, *, plain: bool) -> tuple[str, list[int]]:
        """Return the texts of a scope as one, in lower case, and where each of them begins."""
        if (key, plain) not in self._joined:
            texts = [(b.plain() if plain else b.text).lower() for _, b in self._groups[key]]
            begins = [0, *accumulate(len(text) + 1 for text in texts[:-1])]
            self._joined[key, plain] = "\0".join(texts), begins
        return self._joined[key, plain]

    def _looked_up(self, key: _Key) -> dict[int, list[Visit]]:
        if key not in self._starts:
            by_rule: dict[int, list[Visit]] = {}
            for order, block in self._groups[key]:
                for number, starts in self._index.starts(block.plain()).items():
                    by_rule.setdefault(number, []).append((order, block, starts))
            self._starts[key] = by_rule
        return self._starts[key]


def _blocks(text: str, format: Format, wanted: set[str], counts: dict[str, int]) -> Iterator[Block]:
    paragraphs, sentences = "paragraph" in wanted, "sentence" in wanted
    if format == "markdown":
        from copilot.rules.markdown import markdown_blocks

        return markdown_blocks(text, paragraphs=paragraphs, sentences=sentences, counts=counts)
    return text_blocks(text, paragraphs=paragraphs, sentences=sentences)
