"""A workspace can be moved, whole, while it is in use."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from copilot import Copilot, InputError, WorkspaceError
from copilot.backup import backup, restore


def test_a_workspace_moves_with_its_history(sample: Copilot, tmp_path: Path) -> None:
    reply = sample.reply("Livrez-vous en Corse ?")
    assert backup(sample.workspace, tmp_path / "b.zip") > 10
    moved = Copilot(restore(tmp_path / "b.zip", tmp_path / "elsewhere").folder)
    assert [e.reply.id for e in moved.history()] == [reply.id]
    assert moved.brand == sample.brand


def test_a_restored_trail_can_be_verified_and_its_key_is_not_shown_around(
    sample: Copilot, tmp_path: Path
) -> None:
    reply = sample.reply("Livrez-vous en Corse ?")
    sample.reviews.submit(reply.id, reply.draft.text, actor="")
    backup(sample.workspace, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0
    moved = Copilot(restore(tmp_path / "b.zip", tmp_path / "elsewhere").folder)
    assert [e.subject for e in moved.reviews.trail()] == [reply.id]
    assert moved.reviews.broken() == []
    assert (moved.workspace.state / "audit.key").stat().st_mode & 0o077 == 0


def test_a_backup_never_overwrites_another(sample: Copilot, tmp_path: Path) -> None:
    backup(sample.workspace, tmp_path / "b.zip")
    before = (tmp_path / "b.zip").read_bytes()
    with pytest.raises(WorkspaceError):
        backup(sample.workspace, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() == before


def test_an_archive_cannot_write_outside_its_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("brand.yml", "name: x")
        archive.writestr("../escaped.txt", "x")
    with pytest.raises(InputError):
        restore(tmp_path / "evil.zip", tmp_path / "inner" / "target")
    assert not list(tmp_path.rglob("escaped.txt"))
