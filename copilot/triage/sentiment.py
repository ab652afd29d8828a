"""The feeling of a comment, from its words of praise and complaint and its emoji."""

from __future__ import annotations

from copilot.records import Sentiment

_GLAD = frozenset("😀😃😄😁😆😊🙂😍🥰😘🤩😎🤗👍👏🙌💪❤🧡💛💚💙💜♥💕💖💯🔥✨🎉🥳🙏😂🤣👌😉")
_SAD = frozenset("😡😠🤬😤👎😢😭😞😔😟😕🙁☹😣😖😩😫😒🙄🤮🤢💔😑😐🤦")


def sentiment(text: str, praise: int, complaint: int, abusive: bool) -> Sentiment:
    """Weigh counts of praise and complaint, emoji and abuse."""
    good = praise + sum(c in _GLAD for c in set(text))
    bad = complaint + sum(c in _SAD for c in set(text)) + 2 * abusive
    if good and bad:
        if abusive or bad >= 2 * good:
            return "negative"
        return "positive" if good >= 2 * bad else "mixed"
    if good:
        return "positive"
    return "negative" if bad else "neutral"
