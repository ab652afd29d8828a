"""Rules as data: Vale's format, our own packs, findings in French and English."""

from copilot.rules.findings import RuleRecord
from copilot.rules.ruleset import RuleSet

__all__ = ["RuleRecord", "RuleSet"]
