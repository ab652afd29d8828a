"""A set of loaded rules, and the check of a text against it."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.messages import localized
from copilot.records import Finding, Notice, Span
from copilot.rules.blocks import ALL_OFF
from copilot.rules.definition import rule_from_text
from copilot.rules.findings import Loaded, RuleRecord, findings, record
from copilot.rules.literals import Literals
from copilot.rules.loading import loader
from copilot.rules.pack import RuleNotes
from copilot.rules.pattern import compiled
from copilot.rules.reading import Format, Reading, Visit
from copilot.rules.rule import Hit, State
from copilot.rules.search import OpeningIndex

if TYPE_CHECKING:
    from copilot.brand import Brand

_ADDRESS = (
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{2,}/\S*|(?:com|example|fr|net|org)\b)"
)
_LONG = 50_000


class RuleSet:
    """Rules that are checked together. Build one with ``RuleSet.load``; it is not changed by a check,
    except that a rule which runs out of time is switched off and named in ``notices``."""

    def __init__(self, loaded: Iterable[Loaded], country: str = "FR", notices: Iterable[Notice] = ()) -> None:
        self._loaded = tuple(loaded)
        self._index = OpeningIndex([Literals() if i.rule.raw else i.rule.known for i in self._loaded])
        self._country = country
        self._notices = list(notices)
        self._disabled: set[str] = set()
        self._late: set[str] = set()

    @classmethod
    def load(
        cls,
        packs: Sequence[str],
        *,
        folders: Sequence[Path] = (),
        brand: Brand | None = None,
        vocabularies: Sequence[str] | None = None,
    ) -> RuleSet:
        """Load packs by name.

        Args:
            packs: names of packs, ours or those found in ``folders``.
            folders: folders that hold one folder a pack (Vale's ``StylesPath``). A file there replaces
                the file of the same name in a pack of ours.
            brand: fills the pack ``marque`` and sets the country of the typography.
            vocabularies: names of the vocabularies below ``folders`` to use; all of them by default.

        Raises:
            InputError: a pack does not exist.
            FileFormatError: a rule has a mistake, at ``file:line:column``, with what is allowed.
        """
        source = loader(folders, brand, vocabularies)
        loaded = [item for name in dict.fromkeys(packs) for item in source.load(name)]
        return cls(loaded, brand.country if brand else "FR", source.notices)

    @classmethod
    def of_text(cls, text: str, name: str = "essai.Regle", *, country: str = "FR") -> RuleSet:
        """Return a set of the one rule that a string holds, as the rule editor needs it.

        Raises:
            FileFormatError: the rule has a mistake.
        """
        source = loader((), None, None)
        loaded = source.prepare(rule_from_text(text, name), RuleNotes(), name.partition(".")[0])
        return cls([loaded] if loaded else [], country, source.notices)

    @property
    def rules(self) -> tuple[RuleRecord, ...]:
        """All rules of the set, in the order of their packs."""
        return tuple(record(item) for item in self._loaded)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the user must know of this set: rules not run, rules switched off, missing dictionaries."""
        return tuple(self._notices)

    def check(
        self,
        text: str,
        *,
        language: str = "fr",
        channel: str = "",
        audience: str = "public",
        format: Format = "text",
    ) -> tuple[Finding, ...]:
        """Return the findings in text order.

        Args:
            text: as the user sees it; spans of findings are offsets into it.
            language: ``fr``, ``en``, or with a country (``fr_CA``).
            channel: name of the channel table; empty for none in particular.
            audience: ``public`` or ``internal``.
            format: ``markdown`` leaves out code, link targets and markup.
        """
        code, _, country = language.replace("-", "_").partition("_")
        country = country.upper() or self._country
        active = [
            (number, item)
            for number, item in enumerate(self._loaded)
            if item.definition.name not in self._disabled
            and item.notes.applies(code, country, channel, audience)
        ]
        with _no_collection(len(text)):
            return self._found(text, format, active)

    def _found(self, text: str, format: Format, active: Sequence[tuple[int, Loaded]]) -> tuple[Finding, ...]:
        reading = Reading(text, format, {number: item.rule for number, item in active}, self._index)
        links: list[Span] | None = None
        found: list[Finding] = []
        for number, item in active:
            hits = self._run(item, reading.visits(number, item.rule), State(facts=reading.facts))
            if hits and not item.notes.links:
                links = _links(text) if links is None else links
                hits = [(hit, span) for hit, span in hits if not _inside(span, links)]
            found.extend(findings(item, hits, text))
        return tuple(sorted(found, key=lambda f: (f.span.start, f.span.end, f.rule)))

    def _run(self, item: Loaded, visits: Sequence[Visit], state: State) -> list[tuple[Hit, Span]]:
        found: dict[int, tuple[Hit, Span]] = {}
        name, rule = item.definition.name, item.rule
        try:
            for _, block, starts in visits:
                if block.off and (block.off >= ALL_OFF or name in block.off):
                    continue
                for hit in rule.check(block, state, starts):
                    span = Span(0, 0) if hit.whole else block.span(hit.start, hit.end)
                    found.setdefault(span.start, (hit, span))
        except TimeoutError:
            self._switch_off(name)
        ordered = sorted(found.values(), key=lambda pair: pair[1])
        return ordered[: item.definition.limit or None]

    def _switch_off(self, name: str) -> None:
        # Once may be the machine's fault; twice is the rule's.
        if name not in self._late:
            self._late.add(name)
            return
        self._disabled.add(name)
        self._notices.append(Notice("rule_too_slow", localized("rules.too_slow", rule=name), "warning"))


@contextmanager
def _no_collection(size: int) -> Iterator[None]:
    """Let Python's cyclic collector rest while a long text is read.

    The blocks, places and findings of a megabyte are hundreds of thousands of objects that live on; the
    collector would go through all of them, and all else in memory, several times.
    """
    if size < _LONG or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _links(text: str) -> list[Span]:
    return [Span(*match.span()) for match in compiled(_ADDRESS).finditer(text)]


def _inside(span: Span, links: Sequence[Span]) -> bool:
    return any(a <= span.start and span.end <= b for a, b in links)
