"""The screens under load: until a page can be used, live re-check, fifty agents drafting at once over
loopback, and what is missing after the server was killed midway.

``python -m benchmarks.ui [FILE…] [--json OUT]``: each FILE holds one question a line; without one, the sample
workspace's own questions serve. The named baseline drafts the same replies without the screens in between.
Rows that need a browser are left out where Playwright or Chromium is missing. The ``errors`` of a kill are
replies that were acknowledged, or words that were typed, and are not there afterwards.
"""

from __future__ import annotations

import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks._report import OURS, Result, parser, write

ROOT = Path(__file__).resolve().parent.parent
AGENTS = 50
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
QUESTIONS = (
    "Combien coûte la livraison d’un vélo ?",
    "Sous combien de jours puis-je rendre mon vélo ?",
    "La batterie est-elle garantie ?",
    "How much is the delivery of a bike?",
    "Quels sont les horaires de la boutique de Lyon ?",
)
BASELINE = "the verb without screens"
LOADS = 5
"""How often a page is opened in a browser that has nothing of it yet."""
ACKNOWLEDGED = 4
"""How many replies of a crowd are there when the server is killed."""
TYPED = {
    "#pv-comment textarea": "Livrez-vous en Corse ?",
    "#pv-note textarea": "La livraison est offerte lundi.",
}


def main() -> None:
    arguments = parser(__doc__.splitlines()[0] if __doc__ else "").parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = _workspace(Path(scratch) / "workspace")
        results = [r for path in arguments.data or [None] for r in measure(folder, path)]
    write("ui", results, arguments.json)


def measure(folder: Path, path: Path | None) -> list[Result]:
    """Measure one set of questions on a workspace."""
    questions = path.read_text(encoding="utf-8").split("\n") if path else list(QUESTIONS)
    asked = [q for q in questions if q.strip()]
    name = path.stem if path else "sample"
    with _served(folder) as (address, start, process):
        _draft(address, asked[0])
        page = _times(lambda _: _page(address), range(10), 1)
        drafts = _times(lambda i: _draft(address, asked[i % len(asked)]), range(AGENTS), AGENTS)
        interactive = _interactive(address)
        memory = _memory(process.pid)
    bare, used = _without_screens(folder, asked)
    checks = _checks(folder, asked)
    browsed = [Result(f"{name}: time to interactive", OURS, LOADS, interactive)] if interactive else []
    return [
        Result(f"{name}: {AGENTS} agents", OURS, AGENTS, {**drafts, "rss_mb": memory}),
        Result(f"{name}: {AGENTS} agents", BASELINE, AGENTS, {**bare, "rss_mb": used}),
        Result(f"{name}: page", OURS, 10, {**page, "start_s": start}),
        Result(f"{name}: re-check", OURS, AGENTS, checks),
        *browsed,
        Result(f"{name}: killed midway", OURS, AGENTS, _killed(folder, asked)),
    ]


def _times(work: Callable[[int], object], items: Sequence[int], together: int) -> dict[str, float]:
    def timed(item: int) -> float | None:
        started = time.perf_counter()
        try:
            work(item)
        except (OSError, RuntimeError, ValueError):
            return None
        return (time.perf_counter() - started) * 1000

    with ThreadPoolExecutor(together) as pool:
        found = list(pool.map(timed, items))
    good = sorted(t for t in found if t is not None)
    p95 = good[min(len(good) - 1, int(0.95 * len(good)))] if good else float("nan")
    p50 = statistics.median(good) if good else float("nan")
    return {"p50_ms": p50, "p95_ms": p95, "errors": len(found) - len(good)}


def _page(address: str) -> None:
    with urllib.request.urlopen(f"{address}/fr/", timeout=30) as answer:
        answer.read()


def _draft(address: str, question: str) -> str:
    """Ask as the page does: join the queue, follow the stream until the reply is complete; return its id."""
    import json
    import uuid

    session = uuid.uuid4().hex[:11]
    api = f"{address}/fr/gradio_api"
    data = [question, "", "web", "", "vous", "", None]
    body = {"data": data, "fn_index": _index(address), "session_hash": session, "event_data": None}
    request = urllib.request.Request(
        f"{api}/queue/join", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request, timeout=60).read()
    with urllib.request.urlopen(f"{api}/queue/data?session_hash={session}", timeout=60) as stream:
        for line in stream:
            message = json.loads(line[5:]) if line.startswith(b"data:") else {}
            if message.get("msg") == "process_completed":
                if not message.get("success"):
                    raise RuntimeError("the draft failed")
                return _REPLY.findall(line.decode())[-1]
    raise RuntimeError("the stream ended early")


_REPLY = re.compile(r'reply\\*": \\*"([0-9a-f-]+)')
"""The id of a reply in the ticket that the page keeps, whose JSON stands inside the stream's."""


def _index(address: str, known: dict[str, int] = {}) -> int:  # noqa: B006 - asked once a server
    import json

    if address not in known:
        with urllib.request.urlopen(f"{address}/fr/config", timeout=30) as answer:
            dependencies = json.load(answer)["dependencies"]
        known[address] = next(d["id"] for d in dependencies if d["api_name"] == "draft")
    return known[address]


def _without_screens(folder: Path, asked: Sequence[str]) -> tuple[dict[str, float], float]:
    from copilot import Copilot

    copilot = Copilot(folder)
    copilot.warm_up()
    found = _times(lambda i: _drop(copilot.reply(asked[i % len(asked)])), range(AGENTS), AGENTS)
    return found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _checks(folder: Path, asked: Sequence[str]) -> dict[str, float]:
    from copilot import Copilot

    copilot = Copilot(folder)
    replies = [copilot.reply(question) for question in asked]

    def check(item: int) -> None:
        reply = replies[item % len(replies)]
        copilot.check(f"{reply.draft.text} Comptez {item + 3} jours et {item + 12} €.", reply=reply)

    return _times(check, range(AGENTS), 1)


def _drop(_: object) -> None:
    return None


def _workspace(folder: Path) -> Path:
    import shutil

    folder.mkdir()
    for name in ("brand.yml", "knowledge", "prompts"):
        source = ROOT / name
        shutil.copytree(source, folder / name) if source.is_dir() else shutil.copy(source, folder / name)
    subprocess.run(
        [sys.executable, "-m", "copilot.cli", "-w", str(folder), "ingest", "--json"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
    )
    return folder


@contextmanager
def _browser() -> Iterator[Any]:
    """A Chromium, or None where there is none."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        yield None
        return
    found = next((path for path in CHROMIUM if Path(path).exists()), None)
    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=found, args=list(ARGUMENTS)) if found else None


def _interactive(address: str) -> dict[str, float]:
    """Open the page as somebody new does, until what she types is heard."""
    with _browser() as browser:
        if browser is None:
            return {}

        def load(_: int) -> None:
            context = browser.new_context(locale="fr-FR")
            page = context.new_page()
            page.goto(f"{address}/fr/")
            page.wait_for_selector("html.pv-ready", state="attached")
            page.wait_for_selector("#pv-go:enabled")
            context.close()

        started, found = time.perf_counter(), []
        for number in range(LOADS):
            load(number)
            found.append((time.perf_counter() - started) * 1000)
            started = time.perf_counter()
        return {"p50_ms": statistics.median(found), "p95_ms": max(found), "errors": 0}


def _killed(folder: Path, asked: Sequence[str]) -> dict[str, float]:
    """Kill the server while a crowd drafts; count what was acknowledged or typed and is not there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept: list[str] = []
    with _browser() as browser, _served(folder, port) as (address, _, process):
        page = browser.new_context(locale="fr-FR").new_page() if browser else None
        if page:
            page.goto(f"{address}/fr/")
            page.wait_for_selector("html.pv-ready", state="attached")
            for field, words in TYPED.items():
                page.fill(field, words)
        with ThreadPoolExecutor(AGENTS) as pool:
            crowd = [pool.submit(_draft, address, asked[i % len(asked)]) for i in range(AGENTS)]
            for number, done in enumerate(as_completed(crowd)):
                if number + 1 == ACKNOWLEDGED:
                    process.kill()
                if done.exception() is None:
                    kept.append(done.result())
        process.wait()
        started = time.perf_counter()
        with _served(folder, port):
            again = time.perf_counter() - started
            lost = _lost(folder, kept) + (_forgotten(page) if page else 0)
    return {"start_s": again, "acknowledged": len(kept), "errors": lost}


def _lost(folder: Path, kept: Sequence[str]) -> int:
    from copilot import Copilot, CopilotError

    copilot, missing = Copilot(folder), 0
    for reply_id in kept:
        try:
            copilot.desk.saved(reply_id)
        except CopilotError:
            missing += 1
    return missing


def _forgotten(page: Any) -> int:
    """Reload the page and count the fields that do not hold what was typed."""
    from playwright.sync_api import TimeoutError

    page.reload()
    page.wait_for_selector("html.pv-ready", state="attached")
    missing = 0
    for field, words in TYPED.items():
        try:
            page.wait_for_function(
                "([f, t]) => document.querySelector(f)?.value === t", arg=[field, words], timeout=10_000
            )
        except TimeoutError:
            missing += 1
    return missing


@contextmanager
def _served(folder: Path, port: int = 0) -> Iterator[tuple[str, float, subprocess.Popen[str]]]:
    options = ["--no-browser", "--port", str(port)]
    command = [sys.executable, "-m", "copilot.cli", "-w", str(folder), "ui", *options]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip().rstrip("/")
        _page(address)
        yield address, time.perf_counter() - started, process
    finally:
        process.terminate()
        process.wait()


def _memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float("nan")
    line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
