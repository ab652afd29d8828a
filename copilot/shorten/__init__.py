"""Make a text fit: shorten it by meaning, or split it into a numbered thread.

Whole sentences go, the least important first: courtesy before information. A sentence that restricts what
another one states (« Hors soldes. », « Cette offre n’est pas cumulable. ») stays with it or leaves with it,
so that no condition is lost on the way.
"""

from __future__ import annotations

from copilot.shorten.drop import Shortened, notice, shorten
from copilot.shorten.thread import split_thread

__all__ = ["Shortened", "notice", "shorten", "split_thread"]
