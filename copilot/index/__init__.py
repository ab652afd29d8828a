"""The index of a workspace: chunks, lexical postings and vectors. The only place that knows Chroma."""

from copilot.index.embedders import Embedder, embedder
from copilot.index.store import Index

__all__ = ["Embedder", "Index", "embedder"]
