"""How the parts of a workspace are opened: kept apart from the verbs so that each stays short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from copilot import privacy
from copilot.brand import Brand
from copilot.errors import DamagedIndexError, LLMError
from copilot.index import Embedder, Index, embedder, pace
from copilot.ingest import Progress
from copilot.ingest import ingest as ingest_folder
from copilot.llms import LLM, LLMOptions, Moderation, masked, masked_embedder, open_llm, open_moderation
from copilot.messages import localized
from copilot.pipeline import Parts
from copilot.records import Comment, IngestReport, Notice, Triage
from copilot.retrieve import Retriever
from copilot.rules import RuleSet
from copilot.triage import by_hand, joined, read_with_model, second_opinion, triage, without_opinion

Mask = Callable[[Sequence[str]], tuple[list[str], Callable[[str], str]]]

if TYPE_CHECKING:
    from copilot.app import Copilot
    from copilot.lab import Lab

MODERATION_SECONDS = 10.0
"""After which the offline verdict stands alone."""
VOCABULARY_FOLDERS = frozenset({"config", "Vocab"})
"""Folders beside the packs that hold word lists, as Vale lays them out."""


def ingest(
    copilot: Copilot,
    *,
    rebuild: bool,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> IngestReport:
    """Index the workspace, into a new directory that is swapped in when ``rebuild`` is asked for."""
    root = copilot.workspace.folder
    told: tuple[Notice, ...] = ()
    if not rebuild:
        try:
            with _open_index(copilot, write=True) as index:
                return ingest_folder(root, index, progress=progress, cancel=cancel)
        except DamagedIndexError as error:
            if error.key != "index.other_format":
                raise
            # What another version wrote is of no use; the files it came from are all there.
            told = (Notice("index.other_format", localized("index.format_rebuilt"), "info"),)
    folder, wanted = copilot.workspace.index, _embedder(copilot)
    with Index.rebuild(folder, wanted, chroma=copilot.settings.chroma) as index:
        report = ingest_folder(root, index, progress=progress, cancel=cancel, rebuild=True)
    return replace(report, notices=(*told, *report.notices))


def parts(copilot: Copilot) -> Parts:
    """Open everything the steps work with.

    Raises:
        DamagedIndexError: the index is missing or damaged.
        FileFormatError: a rule file has a mistake.
    """
    index = _open_index(copilot)
    exemplars = [(e.message, e.chunk_id, e.chunk_version) for e in copilot.store.exemplars()]
    brand = copilot.brand
    return Parts(
        brand=brand,
        rules=_rules(copilot, brand),
        retriever=Retriever(index, exemplars),
        triage=_triage(copilot, brand),
        now=copilot.now,
        llm=_llm(copilot),
        seconds=copilot.settings.llm_timeout,
        prompt_folders=[copilot.workspace.prompts],
        channel_folders=[copilot.workspace.channels],
    )


def branded(copilot: Copilot, brand: Brand) -> Parts:
    """Return the open parts as they would be with another brand file, without a model."""
    rules, triaged = _rules(copilot, brand), _triage(copilot, brand)
    return replace(copilot.parts, brand=brand, rules=rules, triage=triaged, llm=None)


def _rules(copilot: Copilot, brand: Brand) -> RuleSet:
    folder = copilot.workspace.knowledge / "rules"
    return RuleSet.load(_packs(brand, folder), folders=[folder], brand=brand)


def _triage(copilot: Copilot, brand: Brand) -> Callable[[Comment], Triage]:
    folder = copilot.workspace.knowledge / "triage"
    model = _llm(copilot) if copilot.settings.triage_model else None

    def triaged(comment: Comment) -> Triage:
        found = triage(comment, brand=brand, folder=folder, today=copilot.now().date())
        if by_hand(found):
            return found
        if copilot.settings.moderation:
            found = _second_opinion(copilot, comment, found)
        return found if model is None else _read_too(copilot, brand, model, comment, found)

    return triaged


def _second_opinion(copilot: Copilot, comment: Comment, found: Triage) -> Triage:
    try:
        categories = _moderation(copilot, comment.author)([comment.text])[0].categories
    except LLMError:
        return without_opinion(found)
    return second_opinion(found, categories)


def _read_too(copilot: Copilot, brand: Brand, model: LLM, comment: Comment, found: Triage) -> Triage:
    """Let a model read the comment beside the rules, behind the mask; it need not see what is clear."""
    if found.severity == "S4":
        return found
    hidden = masked(model, _masking(brand, comment.author))
    try:
        reading = read_with_model(hidden, comment, found.language, folders=[copilot.workspace.prompts])
    except LLMError:
        return without_opinion(found, of_model=True)
    return joined(found, reading)


def _moderation(copilot: Copilot, author: str) -> Callable[[Sequence[str]], list[Moderation]]:
    """Return the moderation endpoint behind the mask."""
    settings = copilot.settings
    return open_moderation(
        settings.moderation,
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key.get_secret_value(),
        timeout_total=MODERATION_SECONDS,
        mask=_masking(copilot.brand, author),
    )


def answering(parts: Parts, comment: Comment) -> Parts:
    """Return the parts for one comment: the model does not learn its author's name either."""
    if parts.llm is None or not comment.author.strip():
        return parts
    return replace(parts, llm=masked(parts.llm, _masking(parts.brand, comment.author)))


def _open_index(copilot: Copilot, *, write: bool = False) -> Index:
    folder, wanted = copilot.workspace.index, _embedder(copilot)
    try:
        return Index.open(folder, wanted, write=write, chroma=copilot.settings.chroma)
    except DamagedIndexError as error:
        if error.key != "index.other_embedder":
            raise
        raise pace.with_time(error, folder, wanted) from error


def warm_up(copilot: Copilot) -> None:
    """Read what the first reply would wait for: index, rules, lexicons, the model's libraries."""
    parts = copilot.parts
    greeting = copilot.brand.words(copilot.brand.languages[0]).signoff
    copilot.triage(greeting)
    for word in copilot.brand.languages:
        parts.retriever.search(greeting, k=1, language=word, today=copilot.now().date())
        copilot.check(f"{greeting}. 12 €", language=word, register="vous")
    parts.retriever.index.warm_up()
    prepare = getattr(parts.llm, "prepare", None)
    if prepare is not None:
        prepare()


def _packs(brand: Brand, folder: Path) -> list[str]:
    """Return the packs the brand names and those the workspace holds: a folder there is meant to count."""
    own = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    return list(dict.fromkeys([*brand.rule_packs, *(name for name in own if name not in VOCABULARY_FOLDERS)]))


def _embedder(copilot: Copilot) -> Embedder:
    settings = copilot.settings
    if settings.embeddings == "embedded":
        return embedder()
    found = embedder(
        settings.embeddings,
        base_url=settings.embeddings_base_url,
        api_key=settings.llm_api_key.get_secret_value(),
    )
    return masked_embedder(found, _mask(copilot))


def _llm(copilot: Copilot) -> LLM | None:
    llm = endpoint(copilot)
    return None if llm is None else guarded(copilot, llm)


def guarded(copilot: Copilot, llm: LLM) -> LLM:
    """Put a model behind the mask: no personal data reaches it."""
    return masked(llm, _mask(copilot))


def endpoint(copilot: Copilot) -> LLM | None:
    """Return the model that was given or that the settings name, without its mask."""
    settings = copilot.settings
    if copilot.given_llm is not None:
        return copilot.given_llm
    if not settings.llm:
        return None
    options = LLMOptions(
        model=settings.llm,
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key.get_secret_value(),
        timeout_total=settings.llm_timeout,
        max_retries=settings.llm_retries,
        price_input=settings.llm_price_input,
        price_output=settings.llm_price_output,
        currency=settings.llm_currency,
        daily_limit=settings.llm_daily_limit,
    )
    return open_llm(options, ledger=StoreLedger(copilot))


def lab(copilot: Copilot) -> Lab:
    """Open the prompt lab of the workspace."""
    from copilot.lab import Lab

    return Lab(
        copilot.workspace,
        parts=lambda: copilot.parts,
        endpoint=lambda: endpoint(copilot),
        guard=lambda llm: guarded(copilot, llm),
        store=lambda: copilot.store,
        now=copilot.now,
    )


class StoreLedger:
    """The day's spending, kept in the store so that every process counts the same money."""

    def __init__(self, copilot: Copilot) -> None:
        self._copilot = copilot

    def spent_today(self) -> float:
        """Return what today has cost so far."""
        return self._copilot.store.spent(self._copilot.now().date())

    def add(self, cost: float) -> None:
        """Add one call's cost to today."""
        self._copilot.store.spend(self._copilot.now().date(), model=self._copilot.settings.llm, cost=cost)


def _mask(copilot: Copilot) -> Mask:
    return _masking(copilot.brand)


def _masking(brand: Brand, author: str = "") -> Mask:
    """Return what hides personal data, the name of a known author included."""
    names = privacy.names_of(author)

    def mask(texts: Sequence[str]) -> tuple[list[str], Callable[[str], str]]:
        hidden = privacy.mask(*texts, country=brand.country, patterns=brand.patterns, also=names)
        return list(hidden.texts), hidden.restore

    return mask
