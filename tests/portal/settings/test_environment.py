"""What the environment says is read strictly, and weak deployments do not start."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path
from string import ascii_letters, digits
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from hypothesis import given
from hypothesis.strategies import binary, text

from portal.running.linting import production_environment
from portal.settings.environment import broker_url, flag, keys, networks, whole_number, words
from portal.settings.keys import development_keys, make_keys
from portal.settings.platforms import IdentityPlatform
from portal.settings.refusals import reasons_not_to_start
from portal.settings.strength import is_random, is_random_text

PROJECT = Path(__file__).resolve().parents[3]
KEYS = make_keys()
STRONG: dict[str, Any] = {
    "secret_key": KEYS["secret"],
    "debug": False,
    "allowed_hosts": ["www.example.cn"],
    "data_keys": KEYS["data"],
    "index_key": KEYS["index"],
    "database_url": "postgres://yijian_app:sR4-vGk2.Tq9@database/yijian",
    "redis_url": "redis://:mB7_hLw3.Xc8@broker/0",
    "public_url": "https://www.example.cn",
    "has_seal": True,
    "seal_provider": "province.seal.RemoteSealProvider",
    "trusted_origins": ["https://www.example.cn", "https://*.one.example.cn", "https://one.example.cn:8443"],
    "trusted_proxies": 1,
    "proxy_networks": [ip_network("10.213.7.0/28")],
    "limits_factor": 1,
    "files_at_once": 0,
    "sharing_connections": {},
    "platform": IdentityPlatform(),
    "text_gateway": "province.texts.Gateway",
    "demo": False,
}


def in_base64(key: bytes) -> str:
    return base64.b64encode(key).decode()


def load_settings(module: str, environment: dict[str, str], expression: str) -> subprocess.CompletedProcess[str]:
    """Print an expression over settings that are loaded in a fresh process with this environment alone."""
    code = f"from django.conf import settings\nprint(({expression}))"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": module, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_lets_a_strong_deployment_start() -> None:
    assert reasons_not_to_start(**STRONG) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("secret_key", "", "SECRET_KEY is missing"),
        ("secret_key", "short", "SECRET_KEY is weak"),
        pytest.param("secret_key", "django-insecure-" + KEYS["secret"], "is weak", id="secret_key-insecure-is weak"),
        ("debug", True, "DEBUG is on"),
        ("allowed_hosts", [], "ALLOWED_HOSTS is missing"),
        ("secret_key", "changeme" * 8, "SECRET_KEY is weak"),
        ("secret_key", "".join(map(chr, range(0x30, 0x30 + 60))), "SECRET_KEY is weak"),
        pytest.param("secret_key", "changeme" + KEYS["secret"], "is weak", id="secret_key-a placeholder-is weak"),
        ("allowed_hosts", ["www.example.cn", "*"], "ALLOWED_HOSTS holds *"),
        ("allowed_hosts", [".cn"], "ALLOWED_HOSTS holds '.cn'"),
        ("allowed_hosts", [".gov.cn"], "ALLOWED_HOSTS holds '.gov.cn'"),
        ("allowed_hosts", ["www.*.cn"], "ALLOWED_HOSTS holds *"),
        ("allowed_hosts", ["https://www.example.cn"], "which is no host name"),
        ("trusted_origins", ["https://*"], "CSRF_TRUSTED_ORIGINS holds *"),
        ("trusted_origins", ["https://*.cn"], "CSRF_TRUSTED_ORIGINS holds '.cn'"),
        ("trusted_origins", ["http://www.example.cn"], "begins with https://"),
        ("trusted_origins", ["www.example.cn"], "begins with https://"),
        ("data_keys", {}, "YIJIAN_DATA_KEYS is missing"),
        ("data_keys", {"a": "c2hvcnQ="}, "the key a is not"),
        ("data_keys", {"a": "A" * 43 + "="}, "the key a is not"),
        ("data_keys", {"a": in_base64(bytes(range(32)))}, "the key a is not"),
        ("data_keys", {"a": in_base64(bytes(range(96, 0, -3)))}, "the key a is not"),
        ("data_keys", {"a": in_base64(bytes(range(0, 160, 10)) * 2)}, "the key a is not"),
        ("data_keys", {"a": in_base64(b"our town's very own sealing key!")}, "the key a is not"),
        pytest.param(
            "data_keys", dict.fromkeys("ab", next(iter(KEYS["data"].values()))), "two names", id="data_keys-twice"
        ),
        ("index_key", "", "YIJIAN_INDEX_KEY is missing"),
        ("index_key", "not base64", "YIJIAN_INDEX_KEY is not"),
        pytest.param(
            "index_key", next(iter(KEYS["data"].values())), "must differ", id="index_key-a data key-must differ"
        ),
        ("database_url", "", "DATABASE_URL is missing"),
        ("database_url", "sqlite:///db.sqlite3", "is of the kind sqlite"),
        ("database_url", "postgres://yijian@database/yijian", "DATABASE_URL has no password"),
        ("database_url", "postgres://yijian:password@database/yijian", "tried first by everybody"),
        ("database_url", "postgres://yijian_owner:Yijian_Owner@database/yijian", "tried first by everybody"),
        ("database_url", "postgres://yijian:aaaaaaaaaaaa@database/yijian", "can be guessed"),
        ("database_url", "postgres://yijian:gR4-v@database/yijian", "can be guessed"),
        ("redis_url", "", "REDIS_URL is missing"),
        ("redis_url", "redis://broker:6379/0", "REDIS_URL has no password"),
        ("redis_url", "memory://", "is of the kind memory"),
        ("public_url", "http://www.example.cn", "PUBLIC_URL is missing"),
        ("has_seal", False, "SEAL_KEY_FILE"),
        ("seal_provider", "os.system", "SEAL_PROVIDER='os.system' is no dotted name"),
        ("seal_provider", "eval", "SEAL_PROVIDER='eval' is no dotted name"),
        ("seal_provider", "a b.c", "SEAL_PROVIDER='a b.c' is no dotted name"),
        ("proxy_networks", [], "PROXY_NETWORKS is missing"),
        ("proxy_networks", [ip_network("0.0.0.0/0")], "PROXY_NETWORKS holds 0.0.0.0/0"),
        ("proxy_networks", [ip_network("10.0.0.0/8"), ip_network("128.0.0.0/1")], "PROXY_NETWORKS holds 128.0.0.0/1"),
        ("proxy_networks", [ip_network("::/0")], "PROXY_NETWORKS holds ::/0"),
        ("proxy_networks", [ip_network("2000::/3")], "PROXY_NETWORKS holds 2000::/3"),
        ("limits_factor", 0, "LIMITS_FACTOR=0"),
        ("limits_factor", -1, "LIMITS_FACTOR=-1"),
        ("limits_factor", 1_000_000, "LIMITS_FACTOR=1000000"),
        ("files_at_once", -5, "FILES_AT_ONCE=-5"),
        ("files_at_once", 100_000, "FILES_AT_ONCE=100000"),
        ("seal_provider", "certificates.seal.signing.FileSealProvider", "only the signer may"),
        ("seal_provider", "certificates.seal.signing.SealProvider", "only the signer may"),
        ("redis_url", "redis://:1234567890ab@broker/0", "follows the keys"),
        ("redis_url", "redis://:mB7_fedcba_Xc8@broker/0", "follows the keys"),
        ("redis_url", "rediss://:mB7_hLw3.Xc8@broker/0?ssl_cert_reqs=none", "ssl_cert_reqs=none"),
        ("database_url", "postgres://yijian:Passw0rd!2026@database/yijian", "tried first by everybody"),
        ("database_url", "postgres://yijian:ch@ngeM3.now.7@database/yijian", "tried first by everybody"),
        ("database_url", "postgres://yijian:sR4-vGk2.Tq9@203.0.114.4/yijian?sslmode=disable", "sslmode=disable"),
        ("database_url", "postgres://yijian:sR4-vGk2.Tq9@203.0.114.4/yijian", "says no sslmode"),
        ("database_url", "postgres://yijian:sR4-vGk2.Tq9@db.example.cn/yijian", "says no sslmode"),
        ("database_url", "postgres://yijian:sR4-vGk2.Tq9@db.example.cn/yijian?sslmode=disable", "sslmode=disable"),
        ("database_url", "postgres://yijian:sR4-vGk2.Tq9@db.example.cn/yijian?sslmode=Require", "sslmode=Require"),
        ("database_url", "postgres://yijian:sR4-vGk2.Tq9@134744072/yijian", "says no sslmode"),
        ("database_url", "postgres://yijian:sR4-vGk2.Tq9@203%2E0%2E114%2E4/yijian", "says no sslmode"),
        ("database_url", "postgres:///yijian?host=203.0.114.4", "says host=203.0.114.4"),
        ("database_url", "postgres://yijian:sR4-vGk2.Tq9@database/yijian?hostaddr=203.0.114.4", "says hostaddr="),
        ("redis_url", "redis://:mB7_hLw3.Xc8@203.0.114.4/0", "without TLS"),
        ("redis_url", "redis://:mB7_hLw3.Xc8@cache.example.cn/0", "without TLS"),
        ("redis_url", "redis:///0?host=cache.example.cn", "says host=cache.example.cn"),
        ("redis_url", "rediss://:mB7_hLw3.Xc8@203.0.114.4/0?ssl_check_hostname=False", "ssl_check_hostname=False"),
        (
            "redis_url",
            "rediss://:mB7_hLw3.Xc8@203.0.114.4/0?ssl_cert_reqs=none&ssl_cert_reqs=required",
            "ssl_cert_reqs=none",
        ),
        ("public_url", "https://user:pw@www.example.cn", "no account, no path"),
        ("public_url", 'https:// x"><script>', "no account, no path"),
        ("public_url", "https://www.example.cn/?a", "no account, no path"),
        ("public_url", "https://evil.example", "not among ALLOWED_HOSTS"),
        pytest.param(
            "secret_key", "31415926535897932384626433832795028841971693993751058209", "SECRET_KEY is weak", id="pi"
        ),
        ("allowed_hosts", ["www.example.cn", "localhost"], "every machine is to itself"),
        ("allowed_hosts", ["www.example.cn", "0.0.0.0"], "every machine is to itself"),
        ("trusted_proxies", -1, "TRUSTED_PROXIES=-1"),
        ("demo", True, "YIJIAN_DEMO is on"),
    ],
)
def test_it_names_what_is_weak(name: str, value: object, sentence: str) -> None:
    (fault,) = reasons_not_to_start(**STRONG | {name: value})
    assert sentence in fault


@pytest.mark.parametrize("network", ["10.0.0.0/8", "172.18.0.0/16", "192.168.1.7/32", "203.0.113.0/24", "fd00::/8"])
def test_proxies_may_stand_in_any_network_of_ones_own(network: str) -> None:
    assert reasons_not_to_start(**STRONG | {"proxy_networks": [ip_network(network)]}) == []


@pytest.mark.parametrize("host", ["one.example.cn", ".example.cn"])
def test_certificates_may_carry_any_host_of_the_site(host: str) -> None:
    strong = STRONG | {"allowed_hosts": [host], "public_url": "https://one.example.cn"}
    assert reasons_not_to_start(**strong) == []


@pytest.mark.parametrize(
    "address",
    [
        "unix:///run/valkey.sock?db=0",
        "rediss://:mB7_hLw3.Xc8@broker:6380/1",
        "rediss://:mB7_hLw3.Xc8@cache.example.cn/1?ssl_check_hostname=true",
        "redis://:mB7_hLw3.Xc8@192.168.3.4/1",
    ],
    ids=["socket", "TLS", "TLS outside", "private"],
)
def test_a_broker_may_be_reached_in_other_ways(address: str) -> None:
    assert reasons_not_to_start(**STRONG | {"redis_url": address}) == []


@pytest.mark.parametrize(
    "way",
    [
        "203.0.114.4/yijian?sslmode=require",
        "db.example.cn/yijian?sslmode=verify-full",
        "10.0.0.7/yijian",
        "[fd00::7]:5432/yijian",
        "postgres.town.svc.cluster.local/yijian",
    ],
)
def test_a_database_is_reached_by_tls_or_in_ones_own_network(way: str) -> None:
    assert reasons_not_to_start(**STRONG | {"database_url": f"postgres://yijian_app:sR4-vGk2.Tq9@{way}"}) == []


def test_a_database_behind_a_socket_needs_no_password() -> None:
    assert reasons_not_to_start(**STRONG | {"database_url": "postgres://yijian@%2Frun%2Fpostgresql/yijian"}) == []
    assert reasons_not_to_start(**STRONG | {"database_url": "postgres:///yijian"}) == []


@given(secret=binary(min_size=32, max_size=32), text=text(ascii_letters + digits + "-_", min_size=50, max_size=90))
def test_what_is_called_random_has_no_pattern(secret: bytes, text: str) -> None:
    """Whatever repeats or counts is refused, whoever wrote it."""
    assert not is_random(secret[:8] * 4)
    assert not is_random(bytes((secret[0] + secret[1] * step) % 256 for step in range(32)))
    assert not is_random_text(text[:10] * 6)


def test_fresh_keys_are_always_strong() -> None:
    for _ in range(300):
        fresh = make_keys()
        assert (
            reasons_not_to_start(
                **STRONG | {"secret_key": fresh["secret"], "data_keys": fresh["data"], "index_key": fresh["index"]}
            )
            == []
        )
        assert is_random_text(secrets.token_hex(32))
        assert is_random_text(get_random_secret_key())


@pytest.mark.slow
def test_production_lists_everything_that_is_missing_in_one_message() -> None:
    done = load_settings("portal.settings.production", {"VAR": "/nonexistent"}, "settings.DEBUG")
    assert done.returncode != 0
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "YIJIAN_DATA_KEYS", "YIJIAN_INDEX_KEY", "DATABASE_URL", "REDIS_URL"):
        assert f"- {name} is missing" in done.stderr
    assert "python -m portal.settings.keys" in done.stderr


@pytest.mark.slow
def test_production_sends_everything_over_https() -> None:
    done = load_settings(
        "portal.settings.production",
        production_environment(),
        "settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, "
        "settings.SECURE_HSTS_SECONDS >= 31536000, settings.CSRF_TRUSTED_ORIGINS, settings.YIJIAN_EMBEDDED_SERVERS",
    )
    assert done.stdout.strip() == "(True, True, True, True, ['https://www.example.cn'], [])", done.stderr


@pytest.mark.slow
def test_each_server_may_be_given_by_itself(tmp_path: Path) -> None:
    expression = "settings.YIJIAN_EMBEDDED_SERVERS, settings.DATABASES['default']['ENGINE'], settings.CELERY_BROKER_URL"
    for variable, expected in {
        "DATABASE_URL=postgres://a@b/c": "(['valkey'], 'portal.database', 'redis+socket:///tmp/yijian-",
        "REDIS_URL=redis://b:6379/3": "(['postgres'], 'portal.embedded.database', 'redis://b:6379/3')",
    }.items():
        name, value = variable.split("=", 1)
        done = load_settings("portal.settings.dev", {"VAR": str(tmp_path), name: value}, expression)
        assert done.stdout.startswith(expected), done


def test_development_keys_are_made_once_and_are_private(tmp_path: Path) -> None:
    made = development_keys(tmp_path)
    assert development_keys(tmp_path) == made
    assert (tmp_path / "keys" / "development.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["development.json"]


def test_a_flag_is_never_guessed() -> None:
    assert flag("DEBUG", "True")
    assert not flag("DEBUG", "")
    with pytest.raises(ImproperlyConfigured, match="DEBUG='Flase'"):
        flag("DEBUG", "Flase")


def test_named_keys_keep_their_order() -> None:
    assert list(keys("k2:YQ==, k1:Yg==").items()) == [("k2", "YQ=="), ("k1", "Yg==")]
    for wrong in ("YQ==", "a:YQ==,a:Yg=="):
        with pytest.raises(ImproperlyConfigured):
            keys(wrong)
    assert words(" a, b,,") == ["a", "b"]


def test_networks_are_never_guessed() -> None:
    assert [str(network) for network in networks("P", "10.0.0.0/8, ::1")] == ["10.0.0.0/8", "::1/128"]
    for wrong in ("10.0.0.1/8", "proxy", "10.0.0"):
        with pytest.raises(ImproperlyConfigured, match="P: "):
            networks("P", wrong)


@pytest.mark.parametrize("written", ["one", "1.5", ""])
def test_a_number_is_never_guessed(written: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        whole_number("TRUSTED_PROXIES", written)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("redis://:pw@host:6379/2", "redis://:pw@host:6379/2"),
        ("unix:///run/v.sock", "redis+socket:///run/v.sock?virtual_host=0"),
        ("unix:///run/v.sock?db=7", "redis+socket:///run/v.sock?virtual_host=7"),
    ],
)
def test_celery_reads_the_same_address_as_redis_py(address: str, expected: str) -> None:
    assert broker_url(address) == expected
