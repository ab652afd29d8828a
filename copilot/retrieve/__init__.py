"""Finding: the passages for a question, whether they answer it, and the evidence for a sentence."""

from copilot.retrieve.evidence import evidence_for
from copilot.retrieve.search import Retriever

__all__ = ["Retriever", "evidence_for"]
