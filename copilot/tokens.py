"""Token counts: exact where tiktoken's table is on this machine, an honest estimate elsewhere.

tiktoken fetches a missing table with no time limit, so nothing here ever lets it reach the network: a
table is used when ``TIKTOKEN_CACHE_DIR`` (or tiktoken's own cache folder) holds it whole.
"""

from __future__ import annotations

import base64
import hashlib
import math
import os
import tempfile
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

import regex

DEFAULT_ENCODING = "o200k_base"
# These two differ from the table beside them in special tokens alone.
_SAME_TABLE = {"o200k_harmony": "o200k_base", "gpt2": "r50k_base"}
_PIECE = regex.compile(r"\p{L}[\p{L}\p{M}]*|\p{N}{1,3}|[^\s\p{L}\p{N}]")


def count(text: str, model: str | None = None) -> tuple[int, bool]:
    """Count the tokens of ``text``.

    Args:
        text: any text.
        model: the model's name; without one, or for a model whose table nobody publishes, the table of
            current OpenAI models stands in.

    Returns:
        The number, and whether it is an estimate (to be shown with ``≈``).
    """
    name, known = _encoding_name(model)
    encoding = _encoding(name, _cache_folder())
    if encoding is None:
        return estimate(text), True
    return len(encoding.encode(text, disallowed_special=())), not known


def estimate(text: str) -> int:
    """Estimate without a table: a token per six letters of a word, per three digits, per other sign."""
    total = 0
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece[0].isalpha():
            # Scripts without spaces between words cost about a token per sign.
            total += math.ceil(len(piece) / 6) if ord(piece[0]) < 0x2E80 else len(piece)
        else:
            total += 2 if ord(piece[0]) > 0xFFFF else 1
    return total


def _encoding_name(model: str | None) -> tuple[str, bool]:
    if model is None:
        return DEFAULT_ENCODING, True
    from tiktoken.model import encoding_name_for_model

    try:
        name = encoding_name_for_model(model)
    except KeyError:
        return DEFAULT_ENCODING, False
    return _SAME_TABLE.get(name, name), True


def _cache_folder() -> Path:
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if os.environ.get(variable):
            return Path(os.environ[variable])
    return Path(tempfile.gettempdir()) / "data-gym-cache"


@cache
def _encoding(name: str, folder: Path) -> Any:
    """Return the ``tiktoken.Encoding`` read from ``folder``, or None when its table is not whole there."""
    from tiktoken import Encoding
    from tiktoken_ext.openai_public import ENCODING_CONSTRUCTORS

    def from_cache(address: str, expected_hash: str | None = None) -> dict[bytes, int]:
        data = (folder / hashlib.sha1(address.encode()).hexdigest()).read_bytes()
        if expected_hash and hashlib.sha256(data).hexdigest() != expected_hash:
            raise ValueError("the table in the cache is damaged")
        pairs = (line.split() for line in data.splitlines() if line)
        return {base64.b64decode(token): int(rank) for token, rank in pairs}

    constructor = ENCODING_CONSTRUCTORS.get(name)
    if constructor is None or "load_tiktoken_bpe" not in constructor.__code__.co_names:
        return None
    # The vendor's recipe (pattern, special tokens) with our loader in the place of its download.
    recipe = FunctionType(
        constructor.__code__,
        {**constructor.__globals__, "load_tiktoken_bpe": from_cache},
        closure=constructor.__closure__,
    )
    try:
        return Encoding(**recipe())
    except (OSError, ValueError):
        return None
