"""Porte-voix: replies and posts in the brand's voice, every fact proved.

>>> from copilot import Copilot
>>> reply = Copilot("my-brand").reply("Quels sont vos délais de livraison ?")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from copilot.app import Copilot as Copilot

_HOMES = {
    "copilot.app": ("Copilot",),
    "copilot.canned": ("Canned",),
    "copilot.desk": ("Rewritten",),
    "copilot.workspace": ("Workspace", "create_workspace", "open_workspace"),
    "copilot.errors": (
        "ConflictError",
        "CopilotError",
        "DamagedIndexError",
        "FileFormatError",
        "InputError",
        "LLMAuthError",
        "LLMBudgetError",
        "LLMContractError",
        "LLMError",
        "LLMRateLimitError",
        "LLMTimeoutError",
        "LLMUnavailableError",
        "PermissionDenied",
        "SettingsError",
        "StoreError",
        "UnreadableFileError",
        "WorkspaceError",
    ),
    "copilot.posts": ("DutyState", "Post", "Variant"),
    "copilot.records": (
        "Asked",
        "Brief",
        "ChannelCount",
        "CheckReport",
        "Chunk",
        "Claim",
        "Comment",
        "Document",
        "Draft",
        "Edit",
        "Evidence",
        "Fact",
        "Finding",
        "Fix",
        "FixResult",
        "IngestReport",
        "Label",
        "Localized",
        "Notice",
        "Passage",
        "PersonalData",
        "Reply",
        "ReplyRequest",
        "Sentence",
        "Span",
        "Toxicity",
        "Triage",
        "Usage",
    ),
    "copilot.assessment": ("Assessment",),
    "copilot.promptbook": ("PromptVersion",),
    "copilot.store": ("AuditEntry", "Exemplar", "Gap", "HistoryEntry", "Judgement", "Remark", "Review"),
    "copilot.reports": ("trail_file",),
    "copilot.review": ("Change", "word_changes"),
    "copilot.knowledge": (
        "BlastRadius",
        "BrandFile",
        "Decision",
        "Entry",
        "EntryChange",
        "HealthReport",
        "ImportReport",
        "Knowledge",
        "RuleRecord",
        "Sample",
        "SourceFile",
    ),
    "copilot.messages": ("localized", "message"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for: ``import copilot`` alone costs next to nothing."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'copilot' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return __all__
