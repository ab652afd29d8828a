"""The feeling of a comment, from what it praises and what it blames."""

from __future__ import annotations

from copilot.records import Sentiment
from copilot.triage.polarity import Polarity

_LEAST, _LEAST_FELT, _LEAST_INSULTING = 0.6, 0.5, 0.8
_ASIDE_PRAISE, _ASIDE_BLAME = 0.9, 0.75
_ASIDE_CONTRASTED = 0.6
_SILENCING = frozenset(("hate", "threat", "sexual"))
_ABUSIVE = frozenset(("insult", "hate", "threat", "sexual"))


def praised(weighed: Polarity, abuse: str) -> bool:
    """Whether the comment praises: enough, and not as an aside of a complaint."""
    aside = _ASIDE_CONTRASTED if weighed.contrast else _ASIDE_PRAISE
    return abuse not in _ABUSIVE and weighed.praise >= _LEAST and weighed.praise >= aside * weighed.blame


def blamed(weighed: Polarity, abuse: str) -> bool:
    """Whether the comment complains: enough, and not as an aside of praise."""
    if abuse in _SILENCING:
        return False
    if abuse in _ABUSIVE:
        # Behind an insult only a clear grievance counts: « encore en retard ».
        return weighed.blame >= _LEAST_INSULTING
    aside = _ASIDE_CONTRASTED if weighed.contrast else _ASIDE_BLAME
    return weighed.blame >= _LEAST and weighed.blame > aside * weighed.praise


def sentiment(weighed: Polarity, abuse: str) -> Sentiment:
    """Return the feeling; ``mixed`` when praise and blame are both strong and about even."""
    if abuse in _ABUSIVE:
        return "negative"
    praise, blame = weighed.praise, weighed.blame
    if max(praise, blame) < _LEAST_FELT:
        return "neutral"
    least, ratio = (0.55, 4.0) if weighed.contrast else (0.9, 2.2)
    if min(praise, blame) >= least and 1 / ratio <= praise / blame <= ratio:
        return "mixed"
    return "positive" if praise > blame else "negative"
