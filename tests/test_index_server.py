"""A Chroma server in place of the embedded one: it follows, and costs no passage when it is away."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot.index import Index, mirror
from copilot.index import store as stores
from copilot.index.mirror import server_client
from tests.test_index_chroma import Direction, entry, nearest


class Server:
    """``chroma run`` on a port of its own; it can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = str(Path(sys.executable).with_name("chroma"))
        options = ["--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen([program, "run", *options], stdout=quiet, stderr=quiet)
        for _ in range(300):
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError(self.address)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def counts(self) -> dict[str, int]:
        client = server_client(self.address)
        return {collection.name: collection.count() for collection in client.list_collections()}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("server"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def always_chroma(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_SCANNED", 0)
    monkeypatch.setattr(mirror, "_SILENCE", 0.0)


def opened(folder: Path, server: Server, *, write: bool = False) -> Index:
    return Index.open(folder, Direction(), write=write, chroma=server.address)


def test_a_server_follows_searches_changes_and_rebuilds(tmp_path: Path, server: Server) -> None:
    with opened(tmp_path, server, write=True) as index:
        index.upsert(entry(n) for n in range(30))
        index.commit()
        index.delete(["c3"])
        index.upsert([entry(40)])
        index.commit()
        assert index.notices == []
    assert not list(tmp_path.glob("chroma-*/"))
    with opened(tmp_path, server) as index:
        assert nearest(index, 40) == "c40"
        assert nearest(index, 3) != "c3"
        assert index._mirror.loaded
        name = index._mirror.name
        assert server.counts()[name] == 30
    with Index.rebuild(tmp_path, Direction(), chroma=server.address) as index:
        index.upsert(entry(n) for n in range(12))
    assert name not in server.counts()
    assert 12 in server.counts().values()


def test_two_workspaces_share_a_server(tmp_path: Path, server: Server) -> None:
    for number in (1, 2):
        with opened(tmp_path / str(number), server, write=True) as index:
            index.upsert(entry(n) for n in range(number * 100, number * 100 + 5))
            index.commit()
    for number in (1, 2):
        with opened(tmp_path / str(number), server) as index:
            assert nearest(index, number * 100) == f"c{number}00"
            assert index._mirror.loaded


def test_a_server_that_is_away_or_was_emptied_costs_no_passage(tmp_path: Path) -> None:
    server = Server(tmp_path / "first")
    folder = tmp_path / "index"
    server.start()
    try:
        with opened(folder, server, write=True) as index:
            index.upsert(entry(n) for n in range(20))
            index.commit()
        with opened(folder, server) as reader:
            assert nearest(reader, 7) == "c7"
            server.stop()
            assert [nearest(reader, n) for n in (7, 19)] == ["c7", "c19"]
            with opened(folder, server, write=True) as writer:
                writer.upsert([entry(50)])
                writer.commit()
                assert [n.code for n in writer.notices] == ["index.chroma_behind"]
            assert nearest(reader, 50) == "c50"
        server.folder = tmp_path / "second"  # comes back with nothing in it
        server.start()
        with opened(folder, server, write=True) as writer:
            assert [n.code for n in writer.notices] == ["index.chroma_rebuilt"]
        assert list(server.counts().values()) == [21]
        with opened(folder, server) as reader:
            assert nearest(reader, 50) == "c50"
            assert reader._mirror.loaded
    finally:
        server.stop()
