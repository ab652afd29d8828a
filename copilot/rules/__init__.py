"""Rules as data: Vale's format, our own packs, findings in French and English."""

from copilot.rules.blast import BlastRadius, blast_radius
from copilot.rules.findings import RuleRecord
from copilot.rules.pack import available
from copilot.rules.report import github, sarif, vale_json
from copilot.rules.ruleset import RuleSet

__all__ = [
    "BlastRadius",
    "RuleRecord",
    "RuleSet",
    "available",
    "blast_radius",
    "github",
    "sarif",
    "vale_json",
]
