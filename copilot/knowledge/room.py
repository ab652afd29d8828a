"""What a knowledge owner does, over the open parts of a workspace; every change asks for her role."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from copilot import facts, ingest
from copilot.errors import ConflictError, InputError
from copilot.health import Contradiction, HealthReport, health
from copilot.knowledge import brandfile, preview, reach
from copilot.knowledge.brandfile import BrandFile
from copilot.knowledge.preview import Sample
from copilot.knowledge.reach import Past
from copilot.messages import localized
from copilot.records import Chunk, Claim, Localized, Status, Visibility
from copilot.rules import RuleSet

if TYPE_CHECKING:
    from copilot.app import Copilot
    from copilot.brand import Brand
    from copilot.ingest import Change, Decision, Entry, ImportReport
    from copilot.ingest.review import Review
    from copilot.rules.blast import BlastRadius
    from copilot.rules.findings import RuleRecord
    from copilot.store import Gap

Kind = Literal["", "file", "export", "replies"]
Validity = Literal["", "now", "later", "past"]
HISTORY = 500
"""How many replies of the history are asked which entries they stand on."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of ``knowledge/``: its passages by state, or the reason why it cannot be read.

    ``waiting`` is True where the file changed since it was indexed, or was never indexed.
    """

    path: str
    approved: int = 0
    pending: int = 0
    retired: int = 0
    internal: int = 0
    waiting: bool = False
    failed: Localized | None = None


class Knowledge:
    """The knowledge of a workspace."""

    def __init__(self, copilot: Copilot) -> None:
        self._copilot = copilot

    # -- sources and cleaning -------------------------------------------------------------------

    def sources(self) -> list[SourceFile]:
        """Return every file of the knowledge, as the folder and the index hold it now."""
        seen = ingest.review(self._folder)
        indexed: dict[str, set[tuple[str, str, str]]] = {}
        for chunk in self.chunks():
            indexed.setdefault(chunk.path, set()).add(_content(chunk))
        found: dict[str, list[Chunk]] = {}
        for chunk in seen.chunks:
            found.setdefault(chunk.path, []).append(chunk)
        paths = dict.fromkeys([*found, *(d.path for d in seen.decisions), *indexed])
        failed = [SourceFile(path, failed=reason) for path, reason in seen.failed]
        broken = {source.path for source in failed}
        files = [_source(p, found.get(p, []), indexed.get(p, set())) for p in paths if p not in broken]
        return sorted([*failed, *files], key=lambda s: (s.failed is None, s.path))

    def review(self, path: str = "") -> Review:
        """Return what the cleaning keeps and drops, of one file or of all, and why."""
        return ingest.review(self._folder, [path] if path else ())

    def keep(self, decision: Decision, *, actor: str = "") -> None:
        """Keep a dropped passage anyway; the next ingestion follows."""
        self._allow(actor)
        ingest.keep_anyway(self._folder, decision)

    def drop_again(self, decision: Decision, *, actor: str = "") -> None:
        """Undo ``keep``."""
        self._allow(actor)
        ingest.forget_keep(self._folder, decision.id)

    # -- health ---------------------------------------------------------------------------------

    def health(self, *, soon: int = 30) -> HealthReport:
        """Report on the knowledge: contradictions, dates, duplicates, gaps, entries never used.

        Args:
            soon: days ahead within which an expiry is told.
        """
        chunks, today = self.chunks(), self._copilot.now().date()
        counted = Counter(" ".join(gap.question.lower().split()) for gap in self.gaps())
        shown = {" ".join(gap.question.lower().split()): gap.question for gap in self.gaps()}
        uses = self.uses()
        return health(
            chunks,
            today=today,
            soon=timedelta(days=soon),
            uses=uses or None,
            gaps=[(shown[key], count) for key, count in counted.items()],
            contradictions=[_contradiction(*pair) for pair in facts.contradictions(chunks, now=today)],
        )

    def uses(self) -> dict[str, int]:
        """Return how many texts that were sent each passage supported; empty while none was sent."""
        sent = [e.reply for e in self._copilot.store.history(limit=HISTORY) if e.final_text]
        every = ({e.passage_id for s in r.draft.sentences for e in s.evidence} for r in sent)
        learnt = ((x.reply_id, x.chunk_id) for x in self._copilot.store.exemplars())
        found = {(reply.id, passage) for reply, used in zip(sent, every, strict=True) for passage in used}
        return dict(Counter(passage for _, passage in found | set(learnt)))

    def gaps(self) -> list[Gap]:
        """Return the questions that found no answer, newest first."""
        return self._copilot.store.gaps()

    def close_gap(self, gap_id: int, *, actor: str = "") -> None:
        """Take a question off the list, and the same question asked by others with it."""
        self._allow(actor)
        asked = {gap.id: " ".join(gap.question.lower().split()) for gap in self.gaps()}
        for identifier, question in asked.items():
            if identifier == gap_id or question == asked.get(gap_id):
                self._copilot.store.close_gap(identifier)

    # -- entries --------------------------------------------------------------------------------

    def chunks(self) -> list[Chunk]:
        """Return all that is indexed, by file and place."""
        found = self._copilot.retriever.index.chunks().values()
        return sorted(found, key=lambda c: (c.path, c.page or 0, c.row or 0, c.start))

    def entries(
        self,
        contains: str = "",
        *,
        status: Status | Literal[""] = "",
        visibility: Visibility | Literal[""] = "",
        validity: Validity = "",
    ) -> list[Chunk]:
        """Return the FAQ entries that hold words beginning like each of those given, whatever their case and
        accents; those that hold them in the question come first."""
        today, needles = self._copilot.now().date(), _folded(contains).split()
        found = [
            c
            for c in self.chunks()
            if c.kind == "faq"
            and status in ("", c.status)
            and visibility in ("", c.visibility)
            and validity in ("", validity_of(c, today))
            and _holds(f"{c.question} {c.text} {c.path} {c.id} {' '.join(c.tags)}", needles)
        ]
        return sorted(found, key=lambda c: not _holds(c.question, needles))

    def entry(self, entry_id: str) -> Entry:
        """Return an entry as its file holds it now.

        Raises:
            InputError: there is no such entry (any more).
        """
        chunk = self._copilot.retriever.index.chunks().get(entry_id)
        if chunk is None:
            raise InputError("ingest.no_such_entry", where="knowledge/", id=entry_id)
        return ingest.read_entry(self._folder, chunk.path, entry_id)

    def edit(self, seen: Entry, change: Change, *, actor: str = "") -> Entry:
        """Change an entry; a change of the same file elsewhere is no conflict.

        Args:
            seen: the entry as the person saw it.

        Raises:
            ConflictError: the entry itself changed meanwhile; nothing was written.
            InputError: it is gone, or the new words would change the file's structure.
        """
        self._allow(actor)
        try:
            found = ingest.edit_entry(self._folder, seen.path, seen.id, change, version=seen.version)
        except ConflictError:
            fresh = ingest.read_entry(self._folder, seen.path, seen.id)
            if fresh != replace(seen, version=fresh.version):
                raise
            found = ingest.edit_entry(self._folder, seen.path, seen.id, change, version=fresh.version)
        self._copilot.ingest(actor=actor)
        return found

    def create(self, question: str, answer: str, change: Change | None = None, *, actor: str = "") -> Entry:
        """Add an entry, pending unless said otherwise. Raises as ``ingest.create_entry``."""
        self._allow(actor)
        found = ingest.create_entry(self._folder, question, answer, change)
        self._copilot.ingest(actor=actor)
        return found

    def approve(self, seen: Entry, *, actor: str = "") -> Entry:
        """Let an entry feed public drafts. Raises as ``edit``."""
        return self.edit(seen, ingest.Change(status="approved"), actor=actor)

    def retire(self, seen: Entry, *, actor: str = "") -> Entry:
        """Take an entry out of use without deleting it. Raises as ``edit``."""
        return self.edit(seen, ingest.Change(status="retired"), actor=actor)

    # -- bringing in ----------------------------------------------------------------------------

    def bring_in(
        self,
        source: Path | str,
        kind: Kind = "",
        *,
        progress: Callable[[int, int, str], None] | None = None,
        cancel: Callable[[], bool] | None = None,
        actor: str = "",
    ) -> ImportReport:
        """Copy a web page, a sitemap, a file, a ZIP, an export or past replies into the knowledge, pending.

        Args:
            source: an address that begins with ``http``, or a file.
            kind: ``export`` insists on questions with answers; ``replies`` masks personal data.
            progress: called with pages done, pages in all and the address at hand (sitemaps).

        Raises:
            InputError: it can't be read or holds nothing to import.
        """
        self._copilot.accounts.allow(actor, "ingest")
        if str(source).lower().startswith(("http://", "https://")):
            return ingest.import_url(
                str(source), self._folder, progress=progress, cancel=cancel, now=self._copilot.now()
            )
        if kind == "replies":
            return ingest.import_replies(Path(source), self._folder, country=self._copilot.brand.country)
        take = ingest.import_export if kind == "export" else ingest.import_file
        return take(Path(source), self._folder)

    # -- the brand ------------------------------------------------------------------------------

    def brand_file(self) -> BrandFile:
        """Return ``brand.yml`` as it stands now."""
        return brandfile.read(self._copilot.workspace.brand_file)

    def save_brand(self, text: str, *, version: str, actor: str = "") -> BrandFile:
        """Write ``brand.yml`` if it is sound.

        Args:
            version: of the file that the person saw.

        Raises:
            FileFormatError: a mistake at ``brand.yml:line``; nothing was written.
            ConflictError: somebody changed the file meanwhile; nothing was written.
        """
        self._allow(actor)
        saved = brandfile.write(self._copilot.workspace.brand_file, text, version)
        self._copilot.refresh()
        return saved

    def brand_of(self, text: str) -> Brand:
        """Return the brand that a text of ``brand.yml`` describes.

        Raises:
            FileFormatError: a mistake at ``brand.yml:line``.
        """
        return brandfile.parse(text)

    def brand_with(self, text: str, values: Mapping[tuple[str, ...], Any]) -> str:
        """Return a text of ``brand.yml`` with some keys changed, comments and other lines as they are."""
        return brandfile.changed(text, values)

    def preview(self, text: str) -> tuple[Sample, ...]:
        """Return what a changed brand file would make of three sample replies; nothing is saved.

        Raises:
            FileFormatError: a mistake at ``brand.yml:line``.
        """
        return preview.compare(self._copilot, brandfile.parse(text))

    # -- rules ----------------------------------------------------------------------------------

    def rules(self) -> tuple[RuleRecord, ...]:
        """Return the rules that hold here, pack by pack."""
        return self._copilot.rules.rules

    def reach(self, rule_id: str) -> tuple[BlastRadius, list[Past]]:
        """Return what a rule in force flags in past texts, and those texts."""
        return reach.of(self._copilot.rules, rule_id, self._copilot.store)

    def try_rule(self, text: str) -> tuple[BlastRadius, list[Past]]:
        """Return what a rule that is being written would flag in past texts.

        Raises:
            FileFormatError: the rule has a mistake, at its line.
        """
        rules = RuleSet.of_text(text, country=self._copilot.brand.country)
        if not rules.rules:
            raise InputError("knowledge.rule_not_run")
        return reach.of(rules, rules.rules[0].id, self._copilot.store)

    @property
    def _folder(self) -> Path:
        return self._copilot.workspace.folder

    def _allow(self, actor: str) -> None:
        self._copilot.accounts.allow(actor, "edit_knowledge")


def validity_of(chunk: Chunk, today: date) -> Literal["now", "later", "past"]:
    """Say whether a passage is valid now, only later, or no more."""
    if chunk.valid_until and chunk.valid_until < today:
        return "past"
    return "later" if chunk.valid_from and chunk.valid_from > today else "now"


def _source(path: str, chunks: Sequence[Chunk], indexed: set[tuple[str, str, str]]) -> SourceFile:
    states = Counter(chunk.status for chunk in chunks)
    inside = sum(chunk.visibility == "internal" for chunk in chunks)
    waiting = {_content(chunk) for chunk in chunks} != indexed
    return SourceFile(path, states["approved"], states["pending"], states["retired"], inside, waiting)


def _content(chunk: Chunk) -> tuple[str, str, str]:
    state = f"{chunk.status} {chunk.visibility} {chunk.valid_from} {chunk.valid_until}"
    return chunk.question, chunk.text, state


def _contradiction(one: Claim, other: Claim) -> Contradiction:
    first, second = other.evidence[0], one.evidence[0]
    message = localized("knowledge.at_odds", one=one.fact.text, other=other.fact.text)
    return Contradiction(first.passage_id, second.passage_id, message)


def _holds(text: str, needles: Sequence[str]) -> bool:
    haystack = _folded(text)
    return all(re.search(rf"(?<!\w){re.escape(needle)}", haystack) for needle in needles)


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold().replace("\u2019", "'"))
    return "".join(c for c in apart if not unicodedata.combining(c))
