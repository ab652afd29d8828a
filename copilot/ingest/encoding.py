"""From bytes to text: byte order marks, UTF-8, UTF-16, and the Windows and Mac legacy encodings."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from copilot.errors import UnreadableFileError
from copilot.ingest.limits import looks_binary

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("cp1252", "iso8859_15", "mac_roman", "cp850")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with ``\\n`` line ends and no byte order mark, and the encoding it was read with."""

    text: str
    encoding: str

    @property
    def guessed(self) -> bool:
        """True when the encoding isn't declared by the bytes themselves."""
        return self.encoding in _LEGACY


def decode(data: bytes, shown: str) -> Decoded:
    """Decode the bytes of a text file.

    Raises:
        UnreadableFileError: the bytes are not a text.
    """
    raw, encoding = decode_raw(data, shown)
    return Decoded(raw.replace("\r\n", "\n").replace("\r", "\n"), encoding)


def decode_raw(data: bytes, shown: str) -> tuple[str, str]:
    """Like ``decode`` with the line ends left as they are, for whoever writes the file back."""
    encoding = _declared(data) or _wide(data)
    try:
        if encoding:
            return data.decode(encoding), encoding
        if looks_binary(data):
            raise UnreadableFileError("ingest.binary", where=shown)
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if encoding:
            raise UnreadableFileError("ingest.binary", where=shown) from error
    guess = _legacy(data)
    return data.decode(guess, errors="replace"), guess


def _declared(data: bytes) -> str:
    return next((name for mark, name in _MARKS if data.startswith(mark)), "")


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: Western text has a zero in nearly every second byte."""
    sample = data[:4096]
    half = len(sample) // 2
    if half < 4 or len(data) % 2:
        return ""
    if sample[1::2].count(0) > 0.7 * half and sample[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.7 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return ""


def _legacy(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=list(_LEGACY), enable_fallback=False).best()
    return best.encoding if best and best.encoding in _LEGACY else "cp1252"
