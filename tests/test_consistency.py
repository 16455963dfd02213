"""The repository itself: what its files promise each other about installing and running. How the code stands is in `test_house.py`."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

PROJECT = Path(__file__).resolve().parent.parent


def read(path: str) -> str:
    return (PROJECT / path).read_text()


@pytest.mark.django_db
def test_every_model_change_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.slow
def test_production_settings_pass_every_deployment_check() -> None:
    import os

    from portal.running.linting import deploy_check, production_environment

    done = subprocess.run(
        deploy_check(),
        cwd=PROJECT,
        env=os.environ | production_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_composition_is_whole() -> None:
    composition = yaml.safe_load(read("docker-compose.yml"))
    services = composition["services"]
    assert {"postgres", "valkey", "web", "worker", "beat", "proxy"} <= services.keys()
    assert services["postgres"]["image"].startswith("postgres:18")
    assert "noeviction" in str(services["valkey"]["command"])
    for service in services.values():
        assert set(service.get("depends_on", {})) <= services.keys()
        for volume in service.get("volumes", []):
            name = volume.rsplit(":", 2)[0] if volume.startswith("$") else volume.split(":", 1)[0]
            assert name in composition["volumes"] or name.startswith("${") or (PROJECT / name).exists(), volume


def test_the_composition_gives_production_all_it_demands() -> None:
    composition = yaml.safe_load(read("docker-compose.yml"))
    given = composition["services"]["web"]["environment"].keys()
    demanded = {"SECRET_KEY", "YIJIAN_DATA_KEYS", "YIJIAN_INDEX_KEY", "ALLOWED_HOSTS", "PUBLIC_URL"}
    assert demanded | {"DATABASE_URL", "REDIS_URL"} <= given
    assert demanded <= set(re.findall(r"^([A-Z_]+)=", read(".env.example"), re.MULTILINE))


def test_the_composition_is_closed() -> None:
    """No root, nothing writable but volumes and memory, no way out but through the proxy, no server without a password."""
    composition = yaml.safe_load(read("docker-compose.yml"))
    services, networks = composition["services"], composition["networks"]
    users = {"postgres": "postgres", "valkey": "valkey", "signer": "10002:10001"}
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("user", "") == users.get(name, ""), name
        assert ("ports" in service) == (name == "proxy"), name
        assert ("outside" in service["networks"]) == (name == "proxy"), name
    for image in ("Dockerfile", "deploy/proxy.Dockerfile"):
        assert re.search(r"^USER (?!root)", read(image), re.MULTILINE), image
    assert networks["back"]["internal"]
    assert networks["front"]["internal"]
    web = services["web"]["environment"]
    assert web["PROXY_NETWORKS"] == web["FORWARDED_ALLOW_IPS"] == networks["front"]["ipam"]["config"][0]["subnet"]
    assert "forwarded-allow-ips" not in read("Dockerfile")
    assert services["proxy"]["networks"] == ["front", "outside"]
    assert "requirepass" in str(services["valkey"]["command"])
    for name in ("web", "worker", "beat", "signer"):
        environment = services[name]["environment"]
        assert environment["DATABASE_URL"].startswith("postgres://yijian_app:${POSTGRES_APP_PASSWORD:"), name
        assert ":${VALKEY_PASSWORD:" in environment["REDIS_URL"], name
    assert "grant_application_rights yijian_app" in services["migrate"]["command"]
    assert services["migrate"]["environment"]["DATABASE_URL"].startswith("postgres://yijian:${POSTGRES_PASSWORD:")


def test_every_variable_that_is_read_is_documented() -> None:
    sources = "".join(path.read_text() for path in (PROJECT / "portal" / "settings").glob("*.py"))
    used = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", sources))
    documented = set(re.findall(r"`([A-Z_]+)`", read("docs/operations.md")))
    assert used <= documented


def test_scripts_can_be_run() -> None:
    for name in (".ci/run", "manage.py"):
        assert (PROJECT / name).stat().st_mode & stat.S_IXUSR, name


def test_make_help_lists_every_target() -> None:
    done = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True)
    for target in ("run", "test", "lint", "help", "bench", "chaos"):
        assert f"make {target} " in done.stdout
    assert sys.version_info >= (3, 11)


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_file_of_one_test_is_not_there_in_the_next(turn: str) -> None:
    assert not default_storage.exists("materials/stray.png"), turn
    default_storage.save("materials/stray.png", ContentFile(b"?"))
