"""A scripted OpenAI-compatible server: it does what real ones do on their bad days.

    with ScriptedServer() as server:
        server.script(Answer("Bonjour", cut_after=3), Answer(status=429, retry_after="1"), Answer("Bonjour"))
        ... call server.url ...
        server.journal  # every request, with the exact bytes received

Requests take the scripted answers in order; the last one stays for all that follow.
"""

from __future__ import annotations

import base64
import json
import re
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What the server does with one request.

    Attributes:
        text: the model's answer, or a function of the messages that makes it.
        status: HTTP status; from 400 on an error body with ``text`` as its message is sent.
        retry_after: the header's value.
        chunks: into how many characters a stream is cut.
        cut_after: break the connection after so many stream chunks (0: before the first).
        silent_cut: end the stream politely but early (no finish reason) instead of breaking the connection.
        hang: send nothing, for good. ``drip``: send an SSE comment now and then, for good.
        raw: this body instead of any JSON, with status 200.
        usage: input and output tokens to report, or None for none.
        finish: the finish reason.
        refuses: request fields that are answered with 400 and their name.
        hold_after: after so many stream chunks wait until ``gate`` is set.
    """

    text: str | Callable[[list[dict[str, Any]]], str] = ""
    status: int = 200
    retry_after: str = ""
    chunks: int = 4
    cut_after: int | None = None
    silent_cut: bool = False
    hang: bool = False
    drip: bool = False
    raw: bytes | None = None
    usage: tuple[int, int] | None = (11, 7)
    finish: str | None = "stop"
    refuses: tuple[str, ...] = ()
    code: str = ""
    hold_after: int | None = None
    gate: threading.Event = field(default_factory=threading.Event)

    def hold(self, number: int) -> None:
        """Wait before the chunk at which the answer is held."""
        if number == self.hold_after:
            self.gate.wait(240)


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def obeys_injections(messages: list[dict[str, Any]]) -> str:
    """A model that does whatever the customer's text orders, and gives its instructions away."""
    user = messages[-1]["content"]
    order = re.search(
        r"(?i)(?:dis|réponds|écris|say|answer|write|reply)\s*(?:that|que|with)?\s*[:«\"“]\s*([^»\"”\n]+)",
        user,
    )
    leaked = messages[0]["content"][:200]
    return f"{order.group(1) if order else 'OK.'} [[1]] {leaked} Voir http://evil.example/promo [[1]]"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Clients that hang up are part of the play."""


class ScriptedServer:
    """The server, on a free port of the loopback; use it as a context manager."""

    def __init__(self) -> None:
        self._answers: list[Answer] = [Answer("Bonjour [[1]]")]
        self._lock = threading.Lock()
        self.journal: list[Received] = []
        self.released = threading.Event()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = _Server(("127.0.0.1", 0), handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def script(self, *answers: Answer) -> None:
        with self._lock:
            self._answers = list(answers)
            self.journal.clear()

    def take(self, received: Received) -> Answer:
        with self._lock:
            self.journal.append(received)
            return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    @property
    def received(self) -> bytes:
        """All bytes of all requests so far: headers and bodies."""
        parts = [json.dumps(r.headers).encode() + r.path.encode() + r.body for r in self.journal]
        return b"\n".join(parts)

    def __enter__(self) -> ScriptedServer:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    owner: ScriptedServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.owner.take(Received(self.path, dict(self.headers), body))
        request = json.loads(body or b"{}")
        refused = next((name for name in answer.refuses if name in request), None)
        if refused:
            return self._error(Answer(f"Unsupported parameter: '{refused}'", status=400))
        if answer.hang:
            self.owner.released.wait(60)
            self.close_connection = True
            return None
        if answer.status >= 400:
            return self._error(answer)
        if answer.raw is not None:
            return self._send(200, answer.raw, "text/html")
        if self.path.endswith("/embeddings"):
            return self._json(_vectors(request))
        if self.path.endswith("/moderations"):
            return self._json(_verdicts(request))
        text = answer.text(request["messages"]) if callable(answer.text) else answer.text
        if request.get("stream"):
            return self._stream(answer, text, request)
        return self._whole(answer, text, request)

    def _error(self, answer: Answer) -> None:
        error = {"error": {"message": str(answer.text) or "scripted", "type": "error", "code": answer.code}}
        extra = {"Retry-After": answer.retry_after} if answer.retry_after else {}
        self._send(answer.status, json.dumps(error).encode(), "application/json", extra)

    def _whole(self, answer: Answer, text: str, request: dict[str, Any]) -> None:
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "finish_reason": answer.finish,
        }
        body = _envelope(request, "chat.completion", [choice])
        if answer.usage:
            body["usage"] = _usage(answer.usage)
        data = json.dumps(body).encode()
        if answer.cut_after is not None:
            self._head(200, "application/json", {"Content-Length": str(len(data))})
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
            return
        self._send(200, data, "application/json")

    def _stream(self, answer: Answer, text: str, request: dict[str, Any]) -> None:
        self._head(200, "text/event-stream", {"Transfer-Encoding": "chunked"})
        self.close_connection = True
        while answer.drip and not self.owner.released.wait(0.05):
            if not self._chunk(b": still here\n\n"):
                return
        pieces = [text[i : i + answer.chunks] for i in range(0, len(text), answer.chunks)]
        for number, piece in enumerate(pieces):
            if number == answer.cut_after:
                break
            answer.hold(number)
            self._event(_envelope(request, "chat.completion.chunk", [_delta({"content": piece}, None)]))
        if answer.cut_after is not None:
            if answer.silent_cut:
                self.wfile.write(b"0\r\n\r\n")
            return
        self._event(_envelope(request, "chat.completion.chunk", [_delta({}, answer.finish)]))
        if answer.usage and (request.get("stream_options") or {}).get("include_usage"):
            self._event({**_envelope(request, "chat.completion.chunk", []), "usage": _usage(answer.usage)})
        self._chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, data: dict[str, Any]) -> None:
        self._chunk(b"data: " + json.dumps(data).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> bool:
        """Send one piece; False when the other side has hung up."""
        try:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()
        except OSError:
            return False
        return True

    def _json(self, data: dict[str, Any]) -> None:
        self._send(200, json.dumps(data).encode(), "application/json")

    def _send(self, status: int, data: bytes, kind: str, extra: dict[str, str] | None = None) -> None:
        self._head(status, kind, {"Content-Length": str(len(data)), **(extra or {})})
        self.wfile.write(data)

    def _head(self, status: int, kind: str, extra: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **extra}.items():
            self.send_header(name, value)
        self.end_headers()


def _envelope(request: dict[str, Any], kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "c-1", "object": kind, "created": 0, "model": request.get("model", ""), "choices": choices}


def _delta(delta: dict[str, Any], finish: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish}


def _usage(usage: tuple[int, int]) -> dict[str, int]:
    return {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}


def _vectors(request: dict[str, Any]) -> dict[str, Any]:
    """Three numbers a text: its length, its vowels, one."""
    texts = request["input"] if isinstance(request["input"], list) else [request["input"]]
    rows = []
    for index, text in enumerate(texts):
        vector: Any = [float(len(text)), float(sum(c in "aeiouy" for c in text)), 1.0]
        if request.get("encoding_format") == "base64":
            vector = base64.b64encode(struct.pack("<3f", *vector)).decode()
        rows.append({"object": "embedding", "index": index, "embedding": vector})
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return {"object": "list", "data": rows, "model": request["model"], "usage": usage}


def _verdicts(request: dict[str, Any]) -> dict[str, Any]:
    results = []
    for text in request["input"]:
        bad = "idiot" in text.lower()
        results.append(
            {
                "flagged": bad,
                "categories": {"harassment": bad, "violence": False},
                "category_scores": {"harassment": 0.97 if bad else 0.01, "violence": 0.0},
            }
        )
    return {"id": "m-1", "model": request["model"], "results": results}
