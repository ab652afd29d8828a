"""Fact proof: which facts a text states, and which span of the knowledge supports or contradicts each.

No model takes part: typed values are read to a canonical form and compared where the source speaks of
the same matter; statements are aligned with source sentences by the ideas they share.
"""

from copilot.facts.contradictions import contradictions
from copilot.facts.extract import extract
from copilot.facts.prove import prove

__all__ = ["contradictions", "extract", "prove"]
