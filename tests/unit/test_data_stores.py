# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the proxy finds database and Valkey: those of the roles, or others that were there already."""

from __future__ import annotations

from typing import Any

import pytest
from role_data import RoleData

DATABASE = {"username": "bGl0ZWxsbQ==", "password": "c2VjcmV0", "dbname": "bGl0ZWxsbQ=="}
VALKEY = {"password": "c2VjcmV0", "sentinel-password": "c2VjcmV0"}
OURS = {"litellm-db-app": DATABASE, "valkey": VALKEY}
ELSEWHERE = {
    "gateway_cluster_database_host": "db.example.com:5433",
    "gateway_cluster_valkey_sentinels": ["a.example.com", "b.example.com:26380"],
}
# As in a play of whole site.yml, whose roles see each other's defaults.
POOLERS = {"database_pooler_connections": 2000}


def there(secrets: dict[str, Any]) -> dict[str, Any]:
    """What the proxy's preflight reads of a cluster that has these Secrets."""
    listed = [{"metadata": {"name": name}, "data": data} for name, data in secrets.items()]
    return {"__proxy_secrets": {"resources": listed}, "__proxy_configs": {"resources": []}}


def templated(template: str, role: str = "proxy", **variables: Any) -> Any:
    return RoleData(role, **there(OURS), **variables).templated(template)


def problems(secrets: dict[str, Any] | None = None, **variables: Any) -> list[str]:
    known = OURS if secrets is None else secrets
    return RoleData("proxy", **there(known), **variables).problems("__proxy_checks")


def environment(container: str, **variables: Any) -> dict[str, str]:
    listed = templated(f"{{{{ {container}.env }}}}", **variables)
    return {entry["name"]: entry.get("value", entry.get("valueFrom")) for entry in listed}


def test_the_roles_own_are_the_default() -> None:
    assert problems(**POOLERS) == []
    served = environment("__proxy_serving_container")
    assert served["DATABASE_HOST"] == "litellm-db-pooler.inference-gateway.svc.cluster.local"
    migrated = environment("__proxy_migration_container")
    assert migrated["DATABASE_HOST"] == "litellm-db-rw.inference-gateway.svc.cluster.local"
    assert not {"DATABASE_SSLMODE", "DATABASE_SSLROOTCERT"} & (served.keys() | migrated.keys())
    settings = templated("{{ __proxy_config.general_settings.coordination_redis }}")
    assert settings == {
        "service_name": "mymaster",
        "sentinel_nodes": [
            [f"valkey-sentinel-{number}.valkey-sentinel-headless.inference-gateway.svc.cluster.local", 26379]
            for number in range(3)
        ],
        "sentinel_password": "os.environ/VALKEY_SENTINEL_PASSWORD",
        "password": "os.environ/VALKEY_PASSWORD",
        "namespace": "litellm",
    }
    assert len(templated("{{ __proxy_sentinels }}", valkey_sentinels=5)) == 5


def test_on_an_empty_cluster_only_what_no_role_makes_is_missing() -> None:
    assert problems(secrets={}, proxy_database_ca_secret="litellm-db-ca") == []
    told = problems(secrets={}, **ELSEWHERE, proxy_database_secret="rds", proxy_database_ca_secret="rds-ca")
    assert [sentence.split(" in namespace")[0] for sentence in told] == [
        "There is no Secret rds with the keys username, password and dbname",
        "There is no Secret valkey with the key password (and sentinel-password, where the Sentinels have one)",
        "There is no Secret rds-ca with the key ca.crt",
    ]
    assert "make it for the database at db.example.com:5433, or name another one in proxy_database_secret" in told[0]


def test_a_secret_that_lacks_a_key_is_told() -> None:
    [told] = problems(secrets=OURS | {"litellm-db-app": {"password": "c2VjcmV0"}})
    assert told.startswith("There is no Secret litellm-db-app with the keys username, password and dbname")


def test_a_database_elsewhere() -> None:
    given = ELSEWHERE | {"proxy_database_ca_secret": "rds-ca"}
    assert problems(secrets=OURS | {"rds-ca": {"ca.crt": "Q0E="}}, **given) == []
    for container in ("__proxy_serving_container", "__proxy_migration_container"):
        env = environment(container, **given)
        assert env["DATABASE_HOST"] == "db.example.com:5433"
        assert env["DATABASE_SSLROOTCERT"] == "/etc/authorities/database.crt"
        assert "DATABASE_SSLMODE" not in env
    for spec in ("__proxy_serving_spec", "__proxy_migration_spec"):
        volumes = {volume["name"]: volume for volume in templated(f"{{{{ {spec}.volumes }}}}", **given)}
        assert volumes["authorities"]["projected"]["sources"] == [
            {"secret": {"name": "rds-ca", "items": [{"key": "ca.crt", "path": "database.crt"}]}}
        ]
    assert environment("__proxy_serving_container", proxy_database_sslmode="require")["DATABASE_SSLMODE"] == "require"


def test_sentinels_elsewhere() -> None:
    given = ELSEWHERE | {
        "proxy_valkey_secret": "redis",
        "proxy_valkey_master_set": "main",
        "secrets": {"redis": {"password": "eA=="}},
    }
    for settings in ("general_settings.coordination_redis", "litellm_settings.cache_params"):
        told = templated(f"{{{{ __proxy_config.{settings} }}}}", **given)
        assert told["sentinel_nodes"] == [["a.example.com", 26379], ["b.example.com", 26380]]
        assert told["service_name"] == "main"
        assert "sentinel_password" not in told
        assert "ssl" not in told
    env = environment("__proxy_serving_container", **given)
    assert env["REDIS_SENTINEL_NODES"] == '[["a.example.com", 26379], ["b.example.com", 26380]]'
    assert env["VALKEY_PASSWORD"] == {"secretKeyRef": {"name": "redis", "key": "password"}}


@pytest.mark.parametrize(("host", "port"), [("redis.example.com", 6379), ("redis.example.com:6380", 6380)])
def test_a_single_server_elsewhere(host: str, port: int) -> None:
    given = {"gateway_cluster_valkey_host": host, "proxy_valkey_tls": True, "proxy_valkey_ca_secret": "redis-ca"}
    assert problems(secrets=OURS | {"redis-ca": {"ca.crt": "Q0E="}}, **given) == []
    assert templated("{{ __proxy_config.general_settings.coordination_redis }}", **given) == {
        "host": "redis.example.com",
        "port": port,
        "password": "os.environ/VALKEY_PASSWORD",
        "namespace": "litellm",
        "ssl": True,
        "ssl_ca_certs": "/etc/authorities/valkey.crt",
    }
    assert not [name for name in environment("__proxy_serving_container", **given) if name.startswith("REDIS_")]


def test_what_contradicts_itself_is_refused() -> None:
    told = problems(
        **ELSEWHERE,
        gateway_cluster_valkey_host="redis.example.com",
        proxy_valkey_ca_secret="valkey",
        secrets=OURS | {"valkey": VALKEY | {"ca.crt": "Q0E="}},
    )
    assert [sentence.split(":")[0] for sentence in told] == [
        "gateway_cluster_valkey_host and gateway_cluster_valkey_sentinels are both set",
        "proxy_valkey_ca_secret is set but proxy_valkey_tls is not",
    ]


def test_a_litellm_that_knows_no_authority_is_refused() -> None:
    [told] = problems(proxy_version="1.100.3", proxy_database_sslmode="verify-full")
    assert "1.106.0 or newer" in told


@pytest.mark.parametrize(
    ("variables", "connections"),
    [
        ({"proxy_max_replicas": 19}, 0),  # 20 x 10 is just what fits
        ({"proxy_max_replicas": 20}, 210),
        ({"proxy_workers": 4}, 280),
        ({"proxy_autoscaling": False, "proxy_replicas": 20, "proxy_max_replicas": 90}, 210),
        ({"proxy_workers": 4} | ELSEWHERE, 0),
    ],
)
def test_more_connections_than_the_poolers_take_are_refused(variables: dict[str, Any], connections: int) -> None:
    told = problems(database_pooler_connections=200, **variables)
    assert [f"may open {connections} connections" in sentence for sentence in told] == ([True] if connections else [])
    assert all("the poolers take 200 (" in sentence for sentence in told)


def test_what_is_elsewhere_is_not_expected_to_have_objects() -> None:
    names = "{{ __verify_rollouts | map(attribute='name') }}"
    everything = set(templated(names, role="verify"))
    assert everything - set(templated(names, role="verify", **ELSEWHERE)) == {
        "PostgreSQL",
        "Connection pooler",
        "Valkey and its Sentinels",
    }


def test_a_phase_that_has_nothing_to_make_is_left_out() -> None:
    assert "database" in templated("{{ gateway_cluster_active_phases }}")
    assert templated("{{ gateway_cluster_active_phases }}", **ELSEWHERE) == [
        "gateway",
        "model_serving",
        "proxy",
        "tenants",
    ]
