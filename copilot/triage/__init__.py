"""What a comment is and what should happen with it, without a model, each label with its words."""

from __future__ import annotations

from copilot.triage.corrections import INTENTS, correct, corrected, following, forget, uncorrect
from copilot.triage.decide import by_hand, triage, triage_many
from copilot.triage.heat import heats_up
from copilot.triage.judge import Reading, joined
from copilot.triage.judge import read as read_with_model
from copilot.triage.opinion import second_opinion, without_opinion
from copilot.triage.polarity import Polarity
from copilot.triage.polarity import polarity as weigh

__all__ = [
    "INTENTS",
    "Polarity",
    "Reading",
    "by_hand",
    "correct",
    "corrected",
    "following",
    "forget",
    "heats_up",
    "joined",
    "read_with_model",
    "second_opinion",
    "triage",
    "triage_many",
    "uncorrect",
    "weigh",
    "without_opinion",
]
