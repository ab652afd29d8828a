"""Rules as data: Vale's format, our own packs, findings in French and English."""

from copilot.rules.ruleset import RuleRecord, RuleSet

__all__ = ["RuleRecord", "RuleSet"]
