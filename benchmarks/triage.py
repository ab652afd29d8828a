"""Triage against labelled comments: ``python -m benchmarks.triage FILE.jsonl… [--json OUT]``.

``--endpoint URL --model NAME`` adds the same rules joined with a model's reading.
Reads the triage form (intents, sentiment, toxicity, route…) and public sets with ``labels``; scores the
labels that a file holds and says which. The peer is a plain word list: the insults, slurs and words of
praise and blame of the shipped lexicons, counted without grammar, target, negation or quotation.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import _report
from benchmarks._labelled import Row, auroc, binary, files, macro_f1, read
from copilot import privacy
from copilot.errors import LLMError
from copilot.llms import LLMOptions, masked, open_llm
from copilot.moderation import hate, injection, spam
from copilot.moderation.words import cut
from copilot.records import Comment, Triage
from copilot.triage import INTENTS, joined, read_with_model, triage_many, weigh

PEER = "word list"
_PUBLIC = ("hate", "spam", "praise", "complaint", "injection")
_ALIASES = {"feature_request": "suggestion"}
Metrics = dict[str, float]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run over the files given; without any, over the examples that ship."""
    parser = _report.parser(__doc__)
    parser.add_argument("--endpoint", default="", metavar="URL", help="OpenAI-compatible address of a model")
    parser.add_argument("--model", default="default", help="name of the model at that address")
    options = parser.parse_args(arguments)
    results = []
    for path in files(options.data or [Path(__file__).parent / "data" / "triage"]):
        rows = read(path)
        if rows:
            results += _score_file(path.stem, rows)
            if options.endpoint:
                results.append(_score_endpoint(path.stem, rows, options.endpoint, options.model))
    _report.write("triage", results, options.json)


def _score_file(name: str, rows: Sequence[Row]) -> list[_report.Result]:
    triage_many([Comment(row.text) for row in rows[:50]])
    start = time.process_time()
    ours = triage_many([Comment(row.text) for row in rows])
    seconds = max(time.process_time() - start, 1e-9)
    scored = _metrics(rows, ours) | {"texts_per_s": len(rows) / seconds}
    start = time.process_time()
    listed = [_listed(row.text) for row in rows]
    peer = _peer_metrics(rows, listed) | {"texts_per_s": len(rows) / max(time.process_time() - start, 1e-9)}
    _say_labels(name, scored, rows)
    return [
        _report.Result(name, _report.OURS, len(rows), scored),
        _report.Result(name, PEER, len(rows), peer),
    ]


def _score_endpoint(name: str, rows: Sequence[Row], address: str, model: str) -> _report.Result:
    """Score the rules joined with a model's reading, comments masked; one that fails keeps the rules'."""
    llm = masked(open_llm(LLMOptions(model, address, timeout_total=10.0, max_retries=0)), _mask)
    start = time.perf_counter()
    found, failed = [], 0
    for row in rows:
        triaged = triage_many([Comment(row.text)])[0]
        try:
            triaged = joined(triaged, read_with_model(llm, Comment(row.text), triaged.language))
        except LLMError:
            failed += 1
        found.append(triaged)
    seconds = time.perf_counter() - start
    scored = _metrics(rows, found) | {"texts_per_s": len(rows) / seconds, "failed": float(failed)}
    return _report.Result(name, f"{_report.OURS}+{model}", len(rows), scored)


def _mask(texts: Sequence[str]) -> tuple[list[str], Callable[[str], str]]:
    hidden = privacy.mask(*texts)
    return list(hidden.texts), hidden.restore


def _say_labels(name: str, scored: Mapping[str, float], rows: Sequence[Row]) -> None:
    labels = sorted({metric.split("/")[1] for metric in scored if "/" in metric})
    print(f"{name}: scored {', '.join(labels) or 'nothing but false alarms'}")
    parts = sorted({str(row.labels.get("functionality", "")) for row in rows} - {""})
    for part in parts:
        chosen = [row for row in rows if row.labels.get("functionality") == part]
        right = sum(hate(row.text).found == bool(row.labels["hate"]) for row in chosen)
        print(f"    {part:24} {right / len(chosen):.2f}  ({len(chosen)})")


def _truth(row: Row, label: str) -> bool | None:
    """Whether a row bears a label; None when its set does not say."""
    if "intents" in row.data:
        return label in row.data["intents"]
    for public, ours in ((label, label), *_ALIASES.items()):
        if ours == label and public in row.labels:
            return bool(row.labels[public])
    return None


def _score_labels(rows: Sequence[Row], found: Sequence[set[str]], scores: bool) -> Metrics:
    metrics: Metrics = {}
    f1s = []
    labelled_set = any("intents" in row.data for row in rows)
    for label in INTENTS:
        known = [i for i, row in enumerate(rows) if _truth(row, label) is not None]
        truth = [bool(_truth(rows[i], label)) for i in known]
        if not any(truth):
            continue
        guess = [label in found[i] for i in known]
        precision, recall, f1 = binary(truth, guess)
        metrics |= {f"precision/{label}": precision, f"recall/{label}": recall, f"f1/{label}": f1}
        if label in _SCORES and scores and not all(truth):
            metrics[f"auroc/{label}"] = auroc(truth, [_SCORES[label](rows[i].text) for i in known])
        if labelled_set or label in ("praise", "complaint"):
            f1s.append(f1)
        elif label not in _ALIASES.values() and not all(truth):
            f1s.append(macro_f1(truth, guess))
    return metrics | ({"macro_f1": sum(f1s) / len(f1s)} if f1s else {})


def _metrics(rows: Sequence[Row], found: Sequence[Triage]) -> Metrics:
    metrics = _score_labels(rows, [{label.name for label in t.intents} for t in found], True)
    metrics |= _sentiment(rows, [t.sentiment for t in found], "macro_f1" in metrics)
    pairs = list(zip(rows, found, strict=True))
    ordinary = [t for row, t in pairs if _ordinary(row)]
    if ordinary:
        metrics["false_alarm_rate"] = sum(t.severity >= "S2" for t in ordinary) / len(ordinary)
    threats = [t for row, t in pairs if str(row.labels.get("functionality", "")).startswith("threat")]
    if threats:
        metrics["recall/threat"] = sum(_hateful(t) for t in threats) / len(threats)
    return metrics | _decisions(pairs)


def _decisions(pairs: Sequence[tuple[Row, Triage]]) -> Metrics:
    metrics: Metrics = {}
    routed = [(row.data["route"], t.route) for row, t in pairs if "route" in row.data]
    if routed:
        metrics["route_accuracy"] = sum(a == b for a, b in routed) / len(routed)
    levels = [(row.data["level"], t.severity) for row, t in pairs if row.data.get("level")]
    if levels:
        metrics["level_accuracy"] = sum(a == b for a, b in levels) / len(levels)
    needs = [(bool(row.data["needs_reply"]), t.needs_reply) for row, t in pairs if "needs_reply" in row.data]
    if needs:
        metrics["needs_reply_f1"] = binary([a for a, _ in needs], [b for _, b in needs])[2]
    tongues = [(row.lang, t.language) for row, t in pairs if row.lang and row.lang != "xx"]
    if tongues:
        metrics["lang_accuracy"] = sum(a == b for a, b in tongues) / len(tongues)
    toxic = [
        ((row.data["toxicity"] or {}).get("class", ""), t.toxicity.kind if t.toxicity else "")
        for row, t in pairs
        if "toxicity" in row.data
    ]
    if toxic:
        metrics["toxicity_macro_f1"] = macro_f1([a for a, _ in toxic], [b for _, b in toxic])
    return metrics


def _sentiment(rows: Sequence[Row], guesses: Sequence[str], taken: bool) -> Metrics:
    known = [
        (row.data.get("sentiment") or row.labels.get("sentiment"), g)
        for row, g in zip(rows, guesses, strict=True)
    ]
    pairs = [(t, g) for t, g in known if t]
    if not pairs:
        return {}
    if not any(t == "mixed" for t, _ in pairs):
        # The set knows no mixed feelings: they count as neutral.
        pairs = [(t, "neutral" if g == "mixed" else g) for t, g in pairs]
    value = macro_f1([t for t, _ in pairs], [g for _, g in pairs])
    return {"macro_f1/sentiment": value} | ({} if taken else {"macro_f1": value})


def _ordinary(row: Row) -> bool:
    """Whether the row is an ordinary customer's message, on which an alarm is false."""
    if "level" in row.data:
        return row.data["level"] in ("S0", "S1")
    if "toxicity" in row.data:
        return row.data["toxicity"] is None and row.data.get("route") in ("reply", "ignore")
    return "benign" in row.labels or "praise" in row.labels


def _hateful(found: Triage) -> bool:
    return any(label.name in ("hate", "threat") for label in found.intents)


_SCORES: Mapping[str, Callable[[str], float]] = {
    "hate": lambda text: hate(text).score,
    "spam": lambda text: spam(text).score,
    "injection": lambda text: injection(text).score,
    "praise": lambda text: weigh(text).praise - weigh(text).blame,
    "complaint": lambda text: weigh(text).blame - weigh(text).praise,
}


# -- the peer ----------------------------------------------------------------------------------


def _listed(text: str) -> set[str]:
    from benchmarks._word_list import word_list

    words = set(cut(text).words)
    found = {label for label, listed in word_list().items() if words & listed}
    return (
        found
        | ({"spam"} if "http" in text or "www." in text else set())
        | ({"question"} if "?" in text else set())
    )


def _peer_metrics(rows: Sequence[Row], found: Sequence[set[str]]) -> Metrics:
    metrics = _score_labels(rows, found, False)
    feelings = ["positive" if "praise" in f else "negative" if "complaint" in f else "neutral" for f in found]
    metrics |= _sentiment(rows, feelings, "macro_f1" in metrics)
    ordinary = [f for row, f in zip(rows, found, strict=True) if _ordinary(row)]
    if ordinary:
        alarms = sum(bool(f & {"hate", "insult", "injection"}) for f in ordinary)
        metrics["false_alarm_rate"] = alarms / len(ordinary)
    return metrics


if __name__ == "__main__":
    main()
