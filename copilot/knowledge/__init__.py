"""The knowledge owner's room: sources, health, entries, imports, the brand file, the reach of a rule."""

from copilot.health import HealthReport
from copilot.ingest import Change as EntryChange
from copilot.ingest import Decision, Entry, ImportReport
from copilot.knowledge.brandfile import BrandFile
from copilot.knowledge.preview import Sample
from copilot.knowledge.room import Knowledge, SourceFile
from copilot.rules.blast import BlastRadius
from copilot.rules.findings import RuleRecord

__all__ = [
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
]
