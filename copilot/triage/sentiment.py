"""The feeling of a comment, from what it praises and what it blames."""

from __future__ import annotations

from copilot.records import Sentiment
from copilot.triage.polarity import Polarity

_LEAST = 0.6
_ASIDE_PRAISE, _ASIDE_BLAME = 0.9, 0.75
_SILENCING = frozenset(("hate", "threat", "sexual"))
_ABUSIVE = frozenset(("insult", "hate", "threat", "sexual"))


def praised(weighed: Polarity, abuse: str) -> bool:
    """Whether the comment praises: enough, and not as an aside of a complaint."""
    return (
        abuse not in _ABUSIVE and weighed.praise >= _LEAST and weighed.praise >= _ASIDE_PRAISE * weighed.blame
    )


def blamed(weighed: Polarity, abuse: str) -> bool:
    """Whether the comment complains: enough, and not as an aside of praise."""
    if abuse in _SILENCING:
        return False
    return weighed.blame >= _LEAST and (abuse in _ABUSIVE or weighed.blame > _ASIDE_BLAME * weighed.praise)


def sentiment(weighed: Polarity, abuse: str) -> Sentiment:
    """Return the feeling; ``mixed`` when praise and blame are both strong and about even."""
    if abuse in _ABUSIVE:
        return "negative"
    blame = weighed.blame
    if max(weighed.praise, blame) < 0.5:
        return "neutral"
    if min(weighed.praise, blame) >= 0.9 and 0.45 <= weighed.praise / blame <= 2.2:
        return "mixed"
    return "positive" if weighed.praise > blame else "negative"
