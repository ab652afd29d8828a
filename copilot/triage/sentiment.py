"""The feeling of a comment, from what it praises and what it blames."""

from __future__ import annotations

from copilot.records import Sentiment
from copilot.triage.polarity import Polarity

_LEAST = 0.6
_ASIDE = 0.9
_ABUSIVE = frozenset(("insult", "hate", "threat", "sexual"))


def praised(weighed: Polarity, abuse: str) -> bool:
    """Whether the comment praises: enough, and not as an aside of a complaint."""
    return abuse not in _ABUSIVE and weighed.praise >= _LEAST and weighed.praise >= _ASIDE * weighed.blame


def blamed(weighed: Polarity, abuse: str) -> bool:
    """Whether the comment complains: enough, and not as an aside of praise."""
    return weighed.blame >= _LEAST and (abuse in _ABUSIVE or weighed.blame > _ASIDE * weighed.praise)


def sentiment(weighed: Polarity, abuse: str) -> Sentiment:
    """Return the feeling; ``mixed`` when praise and blame are both strong and about even."""
    blame = weighed.blame + 2.0 * (abuse in _ABUSIVE)
    if max(weighed.praise, blame) < 0.5:
        return "neutral"
    if min(weighed.praise, blame) >= 1.0 and 0.6 <= weighed.praise / blame <= 1.7:
        return "mixed"
    return "positive" if weighed.praise > blame else "negative"
