"""Ingestion: from the files of a workspace to chunks in the index, seen and explained at each step.

``ingest`` brings the index up to date. ``review`` shows what the cleaning would do before anything is
indexed. The ``import_…`` functions copy knowledge from elsewhere into ``knowledge/imported/``, the
``…_entry`` functions change entries in their files; the next ``ingest`` follows.
"""

from copilot.ingest.clean import forget_keep, keep_anyway
from copilot.ingest.entries import (
    Change,
    Entry,
    approve_entry,
    create_entry,
    edit_entry,
    read_entry,
    retire_entry,
)
from copilot.ingest.importing import (
    ImportReport,
    import_archive,
    import_export,
    import_file,
    import_replies,
    import_url,
)
from copilot.ingest.parts import Decision
from copilot.ingest.reading import source_text
from copilot.ingest.review import review
from copilot.ingest.run import Progress, ingest
from copilot.ingest.web import WebLimits

__all__ = [
    "Change",
    "Decision",
    "Entry",
    "ImportReport",
    "Progress",
    "WebLimits",
    "approve_entry",
    "create_entry",
    "edit_entry",
    "forget_keep",
    "import_archive",
    "import_export",
    "import_file",
    "import_replies",
    "import_url",
    "ingest",
    "keep_anyway",
    "read_entry",
    "retire_entry",
    "review",
    "source_text",
]
