"""Posts on their way out: documents for people, bulk files for schedulers, text for LinkedIn's API."""

from __future__ import annotations

from copilot.exports.bulk import buffer, metricool, sprout
from copilot.exports.cells import neutral
from copilot.exports.documents import calendar, markdown, spreadsheet
from copilot.exports.linkedin import linkedin_commentary
from copilot.exports.posts import Export, PlannedPost

__all__ = [
    "Export",
    "PlannedPost",
    "buffer",
    "calendar",
    "linkedin_commentary",
    "markdown",
    "metricool",
    "neutral",
    "spreadsheet",
    "sprout",
]
