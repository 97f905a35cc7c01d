# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role valkey: what its servers are told, with TLS and without, and what it refuses."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from role_data import RoleData

TLS = {"valkey_tls_secret": "valkey-tls"}
CERTIFICATE = {"resources": [{"data": {"tls.crt": "eA==", "tls.key": "eA==", "ca.crt": "eA=="}}]}
WITHOUT_TLS = {"resources": [{"spec": {"template": {"spec": {"volumes": [{"name": "run"}, {"name": "data"}]}}}}]}
NOTHING: dict[str, Any] = {"resources": []}
EMPTY = {"__valkey_secret": NOTHING, "__valkey_there": NOTHING, "__valkey_certificate": NOTHING}


def problems(**variables: Any) -> list[str]:
    return RoleData("valkey", **EMPTY | variables).problems("__valkey_checks")


def stateful_set(server: str = "data", **variables: Any) -> dict[str, Any]:
    config: dict[str, Any] = {"__valkey_config": {}}  # made of a file that only a play finds
    role = RoleData("valkey", server=server, **config | EMPTY | variables)
    [described] = role.documents("statefulset.yaml.j2")
    return described


def pod(server: str, **variables: Any) -> dict[str, Any]:
    return stateful_set(server, **variables)["spec"]["template"]["spec"]


def listens(settings: str, **variables: Any) -> dict[str, Any]:
    return RoleData("valkey", **variables)[settings]


def test_without_tls() -> None:
    assert problems() == []
    for server in ("data", "sentinel"):
        spec = pod(server)
        assert [container["name"] for container in spec["containers"]] == ["valkey"]
        assert "tls" not in [volume["name"] for volume in spec["volumes"]]
    assert listens("__valkey_data_settings") == {"port": 6379}
    assert listens("__valkey_sentinel_settings") == {"port": 26379}
    assert listens("__valkey_environment.TLS_CA") == ""


def test_settings_are_merged_over_the_roles_own() -> None:
    own = {"port": 6379, "maxmemory": "384mb", "maxmemory-policy": "volatile-lru"}
    safe = {"min-replicas-to-write": 1, "min-replicas-max-lag": 10}
    assert listens("__valkey_merged_settings") == own | safe
    given = {"maxmemory": "1500mb", "maxmemory-policy": None, "hz": 20}
    told = listens("__valkey_merged_settings", valkey_settings=given, valkey_replicas=2)
    assert told == {"port": 6379, "maxmemory": "1500mb", "hz": 20}


def test_the_certificate_is_the_one_that_was_issued_last() -> None:
    def of(data: str) -> dict[str, Any]:
        item = {"kind": "Secret", "name": "valkey-tls"}
        return {"reads": [{"item": item, "resources": [{"kind": "Secret", "data": {"tls.crt": data}}]}]}

    for waited, wanted in (({"skipped": True}, "b2xk"), (of("bmV3"), "bmV3")):
        role = RoleData("valkey", **TLS, __valkey_read=of("b2xk"), __valkey_issued_read=waited)
        assert role["__valkey_certificate.resources[0].data['tls.crt']"] == wanted


def test_with_tls_there_is_no_other_way_in() -> None:
    given = TLS | {"__valkey_certificate": CERTIFICATE}
    assert problems(**given) == []
    for server, settings, port in (
        ("data", "__valkey_data_settings", 6379),
        ("sentinel", "__valkey_sentinel_settings", 26379),
    ):
        told = listens(settings, **given)
        assert (told["port"], told["tls-port"], told["tls-replication"]) == (0, port, "yes")
        spec = pod(server, **given)
        assert {"name": "tls", "secret": {"secretName": "valkey-tls"}} in spec["volumes"]
        mounts = spec["containers"][0]["volumeMounts"]
        assert {"name": "tls", "mountPath": "/tls", "readOnly": True} in mounts


def test_every_server_is_in_the_certificate() -> None:
    assert RoleData("valkey")["__valkey_names"] == [
        "localhost",
        "valkey-sentinel.inference-gateway.svc.cluster.local",
        "*.valkey-headless.inference-gateway.svc.cluster.local",
        "*.valkey-sentinel-headless.inference-gateway.svc.cluster.local",
    ]


@pytest.mark.parametrize("tls", [False, True])
def test_an_exporter_asks_as_the_others_do(tls: bool) -> None:
    spec = pod("data", valkey_exporter=True, **(TLS | {"__valkey_certificate": CERTIFICATE} if tls else {}))
    exporter = spec["containers"][1]
    env = {entry["name"]: entry.get("value") for entry in exporter["env"]}
    scheme = "rediss" if tls else "redis"
    assert env["REDIS_ADDR"] == f"{scheme}://$(POD_NAME).valkey-headless.inference-gateway.svc.cluster.local:6379"
    assert ("REDIS_EXPORTER_TLS_CA_CERT_FILE" in env) == tls
    assert len(pod("sentinel", valkey_exporter=True)["containers"]) == 1


@pytest.mark.parametrize("server", ["data", "sentinel"])
def test_servers_of_a_sort_are_kept_apart(server: str) -> None:
    """Zones are no part of what keeps nodes apart: where nodes have no zone, the scheduler looks at no constraint."""
    of_its_sort = {"matchLabels": stateful_set(server)["spec"]["selector"]["matchLabels"]}
    assert of_its_sort["matchLabels"]["app.kubernetes.io/component"] == server
    apart = {"topologyKey": "kubernetes.io/hostname", "labelSelector": of_its_sort}
    spread = {"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "ScheduleAnyway"}
    preferred, required = pod(server), pod(server, valkey_anti_affinity="required")
    assert preferred["affinity"]["podAntiAffinity"] == {
        "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm": apart}]
    }
    assert required["affinity"]["podAntiAffinity"] == {"requiredDuringSchedulingIgnoredDuringExecution": [apart]}
    for spec in (preferred, required):
        assert spec["topologySpreadConstraints"] == [spread | {"labelSelector": of_its_sort}]


def test_drains_take_servers_of_a_sort_one_by_one() -> None:
    described = RoleData("valkey", __valkey_config={}).documents("config.yaml.j2")
    budgets = {each["metadata"]["name"]: each["spec"] for each in described if each["kind"] == "PodDisruptionBudget"}
    pods = {
        name: stateful_set(server)["spec"]["template"]["metadata"]["labels"]
        for name, server in (("valkey", "data"), ("valkey-sentinel", "sentinel"))
    }
    assert budgets == {
        name: {"maxUnavailable": 1, "selector": {"matchLabels": labels}} for name, labels in pods.items()
    }


@pytest.mark.parametrize("server", ["data", "sentinel"])
def test_servers_have_no_key_to_the_cluster(server: str) -> None:
    assert pod(server)["automountServiceAccountToken"] is False
    assert pod(server)["enableServiceLinks"] is False


@pytest.mark.parametrize(("persistence", "appends"), [(True, "yes"), (False, "no")])
def test_data_survives_a_pod_if_it_shall(persistence: bool, appends: str) -> None:
    in_the_pod = {"name": "data", "emptyDir": {}}
    # Sentinels keep nothing.
    for server, kept in (("data", persistence), ("sentinel", False)):
        described = stateful_set(server, valkey_persistence=persistence)["spec"]
        claims = [each["metadata"]["name"] for each in described.get("volumeClaimTemplates", [])]
        assert claims == (["data"] if kept else [])
        assert (in_the_pod in described["template"]["spec"]["volumes"]) is not kept
    config = RoleData("valkey", valkey_persistence=persistence)["__valkey_config['valkey.conf']"].splitlines()
    assert {"dir /data", f"appendonly {appends}"} <= set(config)


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"valkey_tls_issuer": "internal-ca"}, "valkey_tls_issuer is set but valkey_tls_secret is not"),
        (TLS, "There is no Secret valkey-tls with the keys tls.crt, tls.key and ca.crt"),
        (
            TLS | {"__valkey_certificate": CERTIFICATE, "__valkey_there": WITHOUT_TLS, "valkey_persistence": False},
            "The servers valkey in namespace inference-gateway do not speak TLS, and a rollout cannot change that",
        ),
    ],
)
def test_what_cannot_be_is_refused(variables: dict[str, Any], problem: str) -> None:
    [told] = problems(**variables)
    assert told.startswith(problem)


def secret(password: str, **more: str) -> dict[str, Any]:
    return {"data": {"password": password, "sentinel-password": "czI="} | more}


@pytest.mark.parametrize(
    ("password", "fits"),
    [
        ("c2VjcmV0#!$%{}", True),
        ("", False),
        ("two words", False),
        ("tab\t", False),
        ("newline\n", False),
        ("it's", False),
        ('"quoted"', False),
        ("back\\slash", False),
    ],
)
def test_passwords_that_would_not_be_one_word_of_the_configuration(password: str, fits: bool) -> None:
    encoded = b64encode(password.encode()).decode()
    for data, told in (
        ({"password": encoded, "sentinel-password": "czI="}, "password"),
        ({"password": "czI=", "sentinel-password": encoded}, "sentinel-password"),
        ({"password": encoded, "sentinel-password": encoded}, "password and no good sentinel-password"),
    ):
        found = problems(__valkey_secret={"resources": [{"data": data}]})
        assert [f"inference-gateway holds no good {told}: each must have" in each for each in found] == (
            [] if fits else [True]
        )
        assert not [each for each in found if password and password in each]


def test_other_passwords_than_the_servers_have_are_refused() -> None:
    made = {"__valkey_made": {"result": secret("bmV3")}}
    running = {"__valkey_there": {"resources": [stateful_set(**made)]}}
    assert problems(**running, __valkey_secret={"resources": [secret("bmV3", owner="ZXNv")]}) == []
    for resources in ([secret("cm90YXRlZA==")], []):
        [told] = problems(**running, __valkey_secret={"resources": resources})
        assert told.startswith("The Secret valkey in namespace inference-gateway does not hold the passwords that the ")
        assert "delete the StatefulSets valkey and valkey-sentinel" in told


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ({"valkey_storage_size": "4Gi"}, "volumes of 2Gi of the default StorageClass"),
        ({"valkey_persistence": False}, "volumes of 2Gi of the default StorageClass"),
        ({"gateway_cluster_storage_class": "gp3"}, "volumes of 2Gi of the default StorageClass"),
        ({"valkey_storage_size": "2048Mi"}, ""),
    ],
)
def test_volumes_that_a_stateful_set_cannot_change(asked: dict[str, Any], there: str) -> None:
    told = problems(__valkey_there={"resources": [stateful_set()]}, **asked)
    assert [f"The servers valkey in namespace inference-gateway have {there}, which" in each for each in told] == (
        [True] if there else []
    )


def test_servers_without_volumes() -> None:
    running = {"__valkey_there": {"resources": [stateful_set(valkey_persistence=False)]}}
    assert problems(**running, valkey_persistence=False) == []
    [told] = problems(**running)
    assert "have no volumes, which a StatefulSet never changes" in told


def test_servers_of_an_older_release_tell_nothing_of_their_passwords() -> None:
    older = stateful_set()
    older["spec"]["template"]["metadata"]["annotations"].pop("checksum/passwords")
    assert problems(__valkey_there={"resources": [older]}, __valkey_secret={"resources": [secret("bmV3")]}) == []


def test_an_issuer_makes_what_is_not_there() -> None:
    assert problems(**TLS, valkey_tls_issuer="internal-ca") == []


# What is waited for


def stateful_sets(answered: str | None, *generations: int) -> dict[str, Any]:
    def of(name: str, generation: int, **metadata: Any) -> dict[str, Any]:
        return {"kind": "StatefulSet", "metadata": {"name": name, "generation": generation} | metadata}

    told = {} if answered is None else {"annotations": {"inference.gateway/answered": answered}}
    data, sentinel = generations
    # In any order.
    return {"reads": [{"resources": [of("valkey-sentinel", sentinel, **told), of("valkey", data)]}]}


@pytest.mark.parametrize(
    ("answered", "agreed"), [(None, False), ("2-1", True), ("1-1", False), ("1-2", False), ("2", False)]
)
def test_the_servers_are_asked_once_for_each_change(answered: str | None, agreed: bool) -> None:
    role = RoleData("valkey", __valkey_running=stateful_sets(answered, 2, 1))
    assert role["__valkey_generations"] == "2-1"
    assert role["__valkey_answered"] is agreed
