"""What a comment is and what should happen with it, without a model, each label with its words."""

from __future__ import annotations

from copilot.triage.corrections import INTENTS, correct
from copilot.triage.decide import triage, triage_many

__all__ = ["INTENTS", "correct", "triage", "triage_many"]
