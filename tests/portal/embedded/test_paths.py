"""Where servers live, and what is said when they cannot."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import psutil
import pytest

from portal.embedded.keeping import keep_servers_running
from portal.embedded.paths import POSTGRES, VALKEY, EmbeddedPaths, EmbeddedServerError, valkey_url
from portal.embedded.servers import choose_user, is_alive
from tests.portal.embedded.users import Holder, eventually, main_server, servers, statement, temporary_place

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="about running as root")


@pytest.mark.parametrize("server", [POSTGRES, VALKEY])
def test_it_keeps_sockets_short_below_any_folder(server: str, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a folder with a long name, 很长的名字"] * 12)
    assert len(os.fsencode(EmbeddedPaths(deep).socket(server))) < 107


def test_it_gives_every_folder_sockets_of_its_own(tmp_path: Path) -> None:
    assert EmbeddedPaths(tmp_path / "one").socket(VALKEY) != EmbeddedPaths(tmp_path / "two").socket(VALKEY)
    assert valkey_url(tmp_path).startswith("unix:///tmp/yijian-")


def test_it_refuses_a_socket_folder_that_is_not_ours(tmp_path: Path) -> None:
    paths = EmbeddedPaths(tmp_path)
    paths.sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(EmbeddedServerError, match="in the way"):
            paths.prepare()
    finally:
        paths.sockets.unlink()


@as_root
def test_it_refuses_a_folder_of_somebody_else(tmp_path: Path) -> None:
    paths = EmbeddedPaths(tmp_path)
    paths.folder.mkdir(parents=True)
    os.chown(paths.folder, 65534, 65534)
    with pytest.raises(EmbeddedServerError, match="belongs to another user"):
        keep_servers_running(tmp_path, [VALKEY])


def test_it_does_not_take_a_zombie_for_a_living_process() -> None:
    child = subprocess.Popen(["/bin/sleep", "60"])
    living = psutil.Process(child.pid)
    assert is_alive(living)
    child.kill()
    eventually(lambda: not is_alive(living))
    child.wait()


@pytest.mark.slow
@as_root
def test_it_runs_as_somebody_else_below_a_folder_that_only_root_may_enter(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with temporary_place(POSTGRES, below=closed) as place:
        holder = Holder(place).wait()
        statement(place, "CREATE TABLE kept AS SELECT 42 AS answer")
        owner = Path(f"/proc/{main_server(place).pid}").stat().st_uid
        user = choose_user()
        assert user is not None
        assert owner == user.pw_uid != 0
        assert place.data.is_symlink()
        assert stat.S_IMODE(place.data.stat().st_mode) == 0o700
        holder.leave()
        again = Holder(place).wait()
        assert statement(place, "SELECT answer FROM kept") == "42"
        again.leave()


@pytest.mark.slow
def test_it_tells_why_it_does_not_open_the_data_of_another_version() -> None:
    with temporary_place(POSTGRES) as place:
        Holder(place).wait().leave()
        (place.data / "PG_VERSION").write_text("17\n")
        refused = Holder(place)
        assert "was written by PostgreSQL 17" in refused.process.communicate()[1]
        assert refused.process.returncode != 0
        assert servers(place) == []
