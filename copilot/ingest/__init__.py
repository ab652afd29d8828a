"""Ingestion: from the files of a workspace to chunks in the index, seen and explained at each step."""

from copilot.ingest.clean import forget_keep, keep_anyway
from copilot.ingest.parts import Decision
from copilot.ingest.run import Progress, ingest

__all__ = ["Decision", "Progress", "forget_keep", "ingest", "keep_anyway"]
