"""The limits that keep a hostile or mistaken file from taking the machine down, and their checks."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from copilot.errors import UnreadableFileError

MEGABYTE = 1024 * 1024
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds. ``ratio`` bounds how much one archive member may expand."""

    file_bytes: int = 50 * MEGABYTE
    archive_bytes: int = 200 * MEGABYTE
    members: int = 5_000
    ratio: int = 200
    pages: int = 3_000
    parse_seconds: float = 120.0


LIMITS = Limits()


def check_size(size: int, shown: str, limits: Limits = LIMITS) -> None:
    """Raise UnreadableFileError when a file is larger than the limit."""
    if size > limits.file_bytes:
        raise UnreadableFileError(
            "ingest.too_large",
            where=shown,
            size=round(size / MEGABYTE),
            limit=limits.file_bytes // MEGABYTE,
        )


def check_archive(archive: zipfile.ZipFile, shown: str, limits: Limits = LIMITS) -> None:
    """Refuse an archive that would expand beyond the limits or leave its folder.

    Raises:
        UnreadableFileError: too many members, too large once expanded, or an unsafe member name.
    """
    members = archive.infolist()
    total = sum(m.file_size for m in members)
    bomb = any(m.file_size > MEGABYTE and m.file_size > limits.ratio * m.compress_size for m in members)
    if len(members) > limits.members or total > limits.archive_bytes or bomb:
        raise UnreadableFileError("ingest.archive_too_large", where=shown)
    for member in members:
        if not safe_member(member.filename):
            raise UnreadableFileError("ingest.archive_unsafe", where=shown, name=member.filename)


def safe_member(name: str) -> bool:
    """Tell whether an archive member's name stays inside the folder it is extracted to."""
    path = PurePosixPath(name.replace("\\", "/"))
    drive = len(name) > 1 and name[1] == ":"
    return not (path.is_absolute() or drive or ".." in path.parts or "\x00" in name)


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, shown: str) -> bytes:
    """Return a member's bytes.

    Raises:
        UnreadableFileError: damaged, protected by a password, or larger than it declares.
    """
    try:
        with archive.open(member) as stream:
            data = stream.read(member.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise UnreadableFileError("ingest.broken_file", where=shown, format="ZIP") from error
    if len(data) > member.file_size:
        raise UnreadableFileError("ingest.archive_too_large", where=shown)
    return data


def check_office(archive: zipfile.ZipFile, shown: str, limits: Limits = LIMITS) -> None:
    """Check an OOXML file: an archive within the limits whose XML declares no entities.

    Office never writes a document type, so that one betrays an entity bomb or a file inclusion.
    """
    check_archive(archive, shown, limits)
    for member in archive.infolist():
        if member.filename.endswith((".xml", ".rels")):
            data = read_member(archive, member, shown).replace(b"\x00", b"")
            if _DECLARATION.search(data):
                raise UnreadableFileError("ingest.xml_entities", where=shown)


def looks_binary(data: bytes) -> bool:
    """Tell whether bytes (not UTF-16 or UTF-32) hold what no text holds: control characters."""
    sample = data[:65536]
    return len(_CONTROL.findall(sample)) > len(sample) // 1000
