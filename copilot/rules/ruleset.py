"""A set of loaded rules, and the check of a text against it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from copilot.messages import localized
from copilot.records import Edit, Finding, Fix, Level, Localized, Notice, Span
from copilot.rules import actions, scopes
from copilot.rules.blocks import ALL_OFF, Block, text_blocks
from copilot.rules.brandpack import brand_pack
from copilot.rules.definition import Definition
from copilot.rules.factory import build
from copilot.rules.kinds import Hit, PatternRule, State
from copilot.rules.pack import Examples, Pack, RuleNotes, load_pack
from copilot.rules.pattern import compiled
from copilot.rules.spelling import Spelling
from copilot.rules.vocabulary import Vocabulary, brand_words, read_vocabulary

if TYPE_CHECKING:
    from copilot.brand import Brand

Format = Literal["text", "markdown"]
_ADDRESS = r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """What the screens and the documentation show of a rule."""

    id: str
    pack: str
    level: Level
    kind: str
    message: Localized
    why: Localized
    examples: Examples
    link: str
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(slots=True)
class Loaded:
    """A rule ready to run."""

    rule: PatternRule
    notes: RuleNotes
    pack: str

    @property
    def definition(self) -> Definition:
        return self.rule.definition

    @property
    def link(self) -> str:
        """The rule's own link, else the anchor of its page in the documentation."""
        name = self.definition.name.partition(".")[2]
        return self.definition.link or f"docs/rules/{self.pack}.md#{name.lower()}"


class RuleSet:
    """Rules that are checked together. Build one with ``RuleSet.load``; it is not changed by a check,
    except that a rule which runs out of time is switched off and named in ``notices``."""

    def __init__(self, loaded: Iterable[Loaded], country: str = "FR", notices: Iterable[Notice] = ()) -> None:
        self._loaded = tuple(loaded)
        self._country = country
        self._notices = list(notices)
        self._disabled: set[str] = set()

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
        loaded: list[Loaded] = []
        notices: list[Notice] = []
        vocabulary = read_vocabulary(folders, vocabularies)
        names = brand_words(brand)
        for name in dict.fromkeys(packs):
            pack = load_pack(name, folders)
            if name == "marque" and brand is not None:
                pack = brand_pack(brand, pack)
            if name == "Vale":
                pack = replace(pack, definitions=(*pack.definitions, *vocabulary.rules()))
            loaded.extend(_load_rules(pack, vocabulary, names, folders, notices))
        return cls(loaded, brand.country if brand else "FR", notices)

    @property
    def rules(self) -> tuple[RuleRecord, ...]:
        """All rules of the set, in the order of their packs."""
        return tuple(_record(item) for item in self._loaded)

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
        active = [
            item
            for item in self._loaded
            if item.definition.name not in self._disabled
            and item.notes.applies(code, country.upper() or self._country, channel, audience)
        ]
        facts: dict[str, float] = {}
        blocks = _blocks(text, format, active, facts)
        findings: list[Finding] = []
        links = [Span(*match.span()) for match in compiled(_ADDRESS).finditer(text)]
        for item in active:
            findings.extend(self._run(item, blocks, State(facts=facts), links))
        return tuple(sorted(findings, key=lambda f: (f.span.start, f.span.end, f.rule)))

    def _run(
        self, item: Loaded, blocks: Sequence[Block], state: State, links: Sequence[Span]
    ) -> list[Finding]:
        definition = item.definition
        found: list[tuple[Hit, Span]] = []
        places: set[int] = set()
        try:
            for block in blocks:
                if not scopes.matches(item.rule.scopes, block.scope, block.parent) or _off(item, block):
                    continue
                for hit in item.rule.check(block, state):
                    span = Span(0, 0) if hit.whole else block.span(hit.start, hit.end)
                    if span.start not in places and not _inside_link(item, span, links):
                        places.add(span.start)
                        found.append((hit, span))
        except TimeoutError:
            self._switch_off(definition.name)
        found.sort(key=lambda pair: pair[1])
        if definition.limit:
            found = found[: definition.limit]
        return _findings(item, found, blocks[-1].text if blocks else "")

    def _switch_off(self, name: str) -> None:
        self._disabled.add(name)
        self._notices.append(Notice("rule_too_slow", localized("rules.too_slow", rule=name), "warning"))


def _load_rules(
    pack: Pack,
    vocabulary: Vocabulary,
    names: tuple[str, ...],
    folders: Sequence[Path],
    notices: list[Notice],
) -> list[Loaded]:
    loaded = []
    for definition in pack.definitions:
        notes = pack.notes.get(definition.name.partition(".")[2], RuleNotes())
        words = vocabulary.accepted
        if definition.kind == "spelling":
            words = (*words, *names)
        rule = build(definition, words, folders, notes.spare_names)
        if rule is None:
            key = "rules.script_skipped" if definition.kind == "script" else "rules.sequence_skipped"
            message = localized(key, rule=definition.name)
            notices.append(Notice("rule_skipped", message, "warning"))
            continue
        rule.compile()
        if isinstance(rule, Spelling) and rule.dictionary is None:
            notices.append(_no_dictionary(rule.language))
        loaded.append(Loaded(rule, notes, pack.name))
    return loaded


def _no_dictionary(language: str) -> Notice:
    how = localized("rules.get_dictionary_fr" if language == "fr" else "rules.get_dictionary")
    return Notice("no_dictionary", localized("rules.no_dictionary", language=language, how=how))


def _blocks(text: str, format: Format, active: Sequence[Loaded], facts: dict[str, float]) -> list[Block]:
    wanted = {
        s.split(".")[0].strip("~ ") for i in active for scope in i.rule.scopes for s in scope.split("&")
    }
    paragraphs, sentences = "paragraph" in wanted, "sentence" in wanted
    if format == "markdown":
        from copilot.rules.markdown import markdown_blocks

        counts: dict[str, int] = {}
        blocks = list(markdown_blocks(text, paragraphs=paragraphs, sentences=sentences, counts=counts))
        facts.update({name.replace(".", "_"): float(count) for name, count in counts.items()})
        return blocks
    return list(text_blocks(text, paragraphs=paragraphs, sentences=sentences))


def _off(item: Loaded, block: Block) -> bool:
    return bool(block.off) and (block.off >= ALL_OFF or item.definition.name in block.off)


def _inside_link(item: Loaded, span: Span, links: Sequence[Span]) -> bool:
    return not item.notes.links and any(a <= span.start and span.end <= b for a, b in links)


def _record(item: Loaded) -> RuleRecord:
    d, notes = item.definition, item.notes
    return RuleRecord(
        id=d.name,
        pack=item.pack,
        level=d.level,
        kind=d.kind,
        message=notes.message or Localized(d.message, d.message),
        why=notes.why,
        examples=notes.examples,
        link=item.link,
        languages=notes.languages,
        channels=notes.channels,
    )


def _findings(item: Loaded, found: Sequence[tuple[Hit, Span]], text: str) -> list[Finding]:
    if not found:
        return []
    if item.notes.group and len(found) > 1:
        edits = tuple(_edit(span, hit.fixes[0], text) for hit, span in found if hit.fixes)
        label = localized("rules.fix_all", count=len(edits))
        fix = Fix(label, edits, item.notes.safe) if edits else None
        return [_finding(item, *found[0], text, fix)]
    return [_finding(item, hit, span, text, _fix(item, hit, span, text)) for hit, span in found]


def _finding(item: Loaded, hit: Hit, span: Span, text: str, fix: Fix | None) -> Finding:
    definition = item.definition
    return Finding(
        rule=definition.name,
        level=definition.level,
        span=span,
        message=_message(item, hit),
        match=text[span.start : span.end],
        why=item.notes.why,
        link=item.link,
        fix=fix,
    )


def _message(item: Loaded, hit: Hit) -> Localized:
    notes, message = item.notes, item.definition.message
    if notes.message is not None:
        return Localized(
            actions.fill(notes.message.fr, _joined(item, hit, " » ou « ")),
            actions.fill(notes.message.en, _joined(item, hit, "” or “")),
        )
    first = hit.values[0] if hit.values else ""
    # Vale quotes the options itself, and undoes the quotes of a message that has them too.
    if first.startswith("'") and first.endswith("'"):
        for verb in ("'%s'", '"%s"'):
            if message.count(verb) == 2:
                message = message.replace(verb, "%s", 1)
    filled = compiled(" +").sub(" ", actions.fill(message, hit.values).replace("\n", " "))
    return Localized(filled, filled)


def _joined(item: Loaded, hit: Hit, separator: str) -> tuple[str, ...]:
    if item.definition.kind != "substitution" or len(hit.values) < 2:
        return hit.values
    return separator.join(hit.fixes) if hit.fixes else hit.values[0], *hit.values[1:]


def _fix(item: Loaded, hit: Hit, span: Span, text: str) -> Fix | None:
    old = text[span.start : span.end]
    if not hit.fixes or hit.whole or hit.fixes[0] == old:
        return None
    new = hit.fixes[0]
    safe = item.notes.safe and len(hit.fixes) == 1
    if new.strip():
        return Fix(localized("rules.fix_replace", text=new), (_edit(span, new, text),), safe)
    key = "rules.fix_remove" if old.strip() and not new else "rules.fix_edit"
    edit = _removal(span, text) if not new else _edit(span, new, text)
    return Fix(localized(key, text=old.strip()), (edit,), safe)


def _edit(span: Span, new: str, text: str) -> Edit:
    """Return the edit that puts ``new`` in the place of a span, cut down to the signs that change."""
    start, end = span
    whole = Edit(span, new)
    while start < end and new and text[start] == new[0]:
        start, new = start + 1, new[1:]
    while start < end and new and text[end - 1] == new[-1]:
        end, new = end - 1, new[:-1]
    letters = any(c.isalnum() for c in (*text[start:end], *new))
    return whole if letters else Edit(Span(start, end), new)


def _removal(span: Span, text: str) -> Edit:
    """Take a word out together with one of the spaces around it."""
    start, end = span
    before, after = text[start - 1 : start], text[end : end + 1]
    if before in (" ", "") and after == " ":
        return Edit(Span(start, end + 1), "")
    if before == " " and (after == "" or not after.isalnum()):
        return Edit(Span(start - 1, end), "")
    return Edit(Span(start, end), "")
