"""The knowledge owner's room: sources, health, entries, imports, the brand file, the reach of a rule."""

from copilot.knowledge.brandfile import BrandFile
from copilot.knowledge.preview import Sample
from copilot.knowledge.room import Knowledge, SourceFile

__all__ = ["BrandFile", "Knowledge", "Sample", "SourceFile"]
