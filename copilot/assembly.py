"""How the parts of a workspace are opened: kept apart from the verbs so that each stays short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from copilot import privacy
from copilot.index import Index, embedder
from copilot.ingest import Progress
from copilot.ingest import ingest as ingest_folder
from copilot.llms import LLM, masked, open_llm
from copilot.pipeline import Parts
from copilot.records import Comment, IngestReport, Triage
from copilot.retrieve import Retriever
from copilot.rules import RuleSet
from copilot.triage import triage

if TYPE_CHECKING:
    from copilot.app import Copilot
