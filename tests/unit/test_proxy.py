# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role proxy makes of its variables: pods, checks, and when something is made anew."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from role_data import RoleData

THERE = {
    "litellm-db-app": {"username": "bGl0ZWxsbQ==", "password": "c2VjcmV0", "dbname": "bGl0ZWxsbQ=="},
    "valkey": {"password": "c2VjcmV0"},
    "litellm-proxy-master-key": {"master-key": "c2stMTIzNDU2Nzg5MDEyMzQ1Njc4OTA="},
    "litellm-proxy-salt-key": {"salt-key": "c2stMTIzNDU2Nzg5MDEyMzQ1Njc4OTA="},
}


def proxy(secrets: dict[str, Any] | None = None, **variables: Any) -> RoleData:
    """The role's data with the Secrets that its preflight has found."""
    there = THERE if secrets is None else secrets
    listed = [{"metadata": {"name": name}, "data": data} for name, data in there.items()]
    read = {"__proxy_secrets": {"resources": listed}, "__proxy_configs": {"resources": []}}
    return RoleData("proxy", **read | variables)


def environment(container: str, **variables: Any) -> dict[str, Any]:
    listed = proxy(**variables)[f"{container}.env"]
    return {entry["name"]: entry.get("value", entry.get("valueFrom")) for entry in listed}


def test_streams_have_the_grace_period_but_for_the_drain_and_the_end() -> None:
    env = environment("__proxy_serving_container", proxy_termination_grace_period=600, proxy_drain_seconds=10)
    assert env["GRACEFUL_SHUTDOWN_TIMEOUT"] == "585"


@pytest.mark.parametrize(("grace", "refused"), [(16, False), (15, True)])
def test_a_grace_period_without_time_for_streams_is_refused(grace: int, refused: bool) -> None:
    told = proxy(proxy_termination_grace_period=grace, proxy_drain_seconds=10).problems("__proxy_checks")
    assert [sentence.split(" after")[0] for sentence in told] == (
        ["proxy_termination_grace_period (15) leaves a pod no time for its streams"] if refused else []
    )


def from_secret(name: str, key: str, **more: Any) -> dict[str, Any]:
    return {"name": key.upper(), "valueFrom": {"secretKeyRef": {"name": name, "key": key, **more}}}


OPENAI = from_secret("openai", "api-key")


def test_a_secret_that_the_environment_needs_must_be_there() -> None:
    env = [
        OPENAI,
        from_secret("azure", "api-key"),
        from_secret("langfuse", "secret", optional=True),
        from_secret("litellm-db-app", "uri"),
        from_secret("litellm-proxy-master-key", "master-key"),
        {"name": "REGION", "value": "eu"},
    ]
    [told] = proxy({"azure": {"key": "eA=="}}, proxy_env=env).problems("__proxy_checks")
    assert "no Secret openai with the key api-key, and no Secret azure with the key api-key." in told
    assert proxy(THERE | {"openai": {"api-key": "eA=="}}, proxy_env=[OPENAI]).problems("__proxy_checks") == []


def test_pods_are_rolled_by_any_secret_that_they_read() -> None:
    def checksum(key: str, other: str = "eA==", **variables: Any) -> str:
        secrets = THERE | {"openai": {"api-key": key}, "other": {"api-key": other}}
        return proxy(secrets, **variables)["__proxy_pod_template.metadata.annotations"]["checksum/secrets"]

    assert checksum("eA==", proxy_env=[OPENAI]) != checksum("eQ==", proxy_env=[OPENAI])
    assert checksum("eA==", proxy_env=[OPENAI]) == checksum("eA==", other="eQ==", proxy_env=[OPENAI])
    assert checksum("eA==") == checksum("eQ==")


def test_a_secret_in_clear_text_is_refused_wherever_it_is() -> None:
    secret = "s3cret"
    [told] = proxy(
        proxy_models=[{"model_name": "gpt-4o", "litellm_params": {"model": "azure/gpt-4o", "client_secret": secret}}],
        proxy_litellm_settings={"default_team_settings": [{"team_id": "search", "langfuse_secret": secret}]},
        proxy_general_settings={"alert_to_webhook_url": {"budget_alerts": secret}},
        proxy_router_settings={"redis_password": secret},
        proxy_env=[{"name": "OPENAI_API_KEY", "value": secret}],
    ).problems("__proxy_checks")
    assert told.startswith(
        "A secret is in clear text in model_list[gpt-4o].litellm_params.client_secret, "
        "litellm_settings.default_team_settings[0].langfuse_secret, general_settings.alert_to_webhook_url, "
        "router_settings.redis_password, proxy_env.OPENAI_API_KEY, "
    )
    assert secret not in told


def test_what_the_role_itself_configures_holds_no_secret() -> None:
    assert proxy()["__proxy_open_secrets"] == []


def deployed(replicas: int, *managers: str) -> dict[str, Any]:
    """A Deployment whose number of replicas these have set, and everything else the role."""
    fields = [{"manager": each, "fieldsV1": {"f:spec": {"f:replicas": {}}}} for each in managers]
    ours = {"manager": "inference.gateway", "fieldsV1": {"f:spec": {"f:template": {}}}}
    status = {"manager": "kube-controller-manager", "fieldsV1": {"f:status": {}}}
    metadata = {"managedFields": [*fields, ours, status]}
    return {"__proxy_deployed": {"resources": [{"metadata": metadata, "spec": {"replicas": replicas}}]}}


NOT_DEPLOYED: dict[str, Any] = {"__proxy_deployed": {"resources": []}}


@pytest.mark.parametrize(
    ("there", "autoscaling", "said"),
    [
        (NOT_DEPLOYED, True, 2),
        (NOT_DEPLOYED, False, 2),
        (deployed(5, "inference.gateway"), True, 5),
        (deployed(5, "inference.gateway"), False, 2),
        (deployed(5, "kube-controller-manager"), True, None),
        (deployed(5, "kube-controller-manager"), False, 2),
        (deployed(1), True, None),
    ],
)
def test_the_autoscaler_takes_over_the_replicas_that_are_there(
    there: dict[str, Any], autoscaling: bool, said: int | None
) -> None:
    data = proxy(**there, proxy_autoscaling=autoscaling)
    assert data["__proxy_deployment"].get("replicas") == said


def job(condition: str | None, **variables: Any) -> dict[str, Any]:
    """The Job that the role has made with these variables."""
    status = {"conditions": [{"type": condition, "status": "True"}]} if condition else {}
    return {"resources": [{"metadata": {"labels": proxy(**variables)["__proxy_job_labels"]}, "status": status}]}


ELSEWHERE = {"proxy_tolerations": [{"operator": "Exists"}], "proxy_env": [{"name": "REGION", "value": "eu"}]}
TO_ANOTHER_DATABASE = {"proxy_env": [{"name": "DATABASE_HOST", "value": "db.example.com"}]}


@pytest.mark.parametrize(
    ("condition", "now", "due"),
    [
        ("Complete", {}, False),
        ("Complete", ELSEWHERE | {"proxy_resources": {}, "proxy_node_selector": {"disk": "ssd"}}, False),
        ("Complete", {"proxy_image": "registry.example.com/litellm:1.108.11"}, True),
        ("Complete", {"proxy_database_direct_host": "db.example.com"}, True),
        ("Complete", {"proxy_database_secret": "rds"}, True),
        ("Complete", TO_ANOTHER_DATABASE, True),
        ("Failed", {}, True),
        (None, {}, False),  # it runs
        (None, ELSEWHERE, True),  # it may wait for a node
    ],
)
def test_a_migration_is_due_for_another_image_or_database(
    condition: str | None, now: dict[str, Any], due: bool
) -> None:
    assert proxy(__proxy_jobs=job(condition), **now)["__proxy_job_is_due"] is due


def test_a_first_migration_is_due() -> None:
    assert proxy(__proxy_jobs={"resources": []})["__proxy_job_is_due"] is True


def test_a_migration_has_the_time_that_it_may_take() -> None:
    data = proxy(proxy_migration_timeout=3600)
    template = data["__proxy_migration_job.template"]
    config = yaml.safe_load(template["metadata"]["annotations"]["inference.gateway/config"])
    options = config["general_settings"]["database_extra_connection_params"]["options"]
    assert options.split() == ["--statement_timeout=0", "--idle_in_transaction_session_timeout=0"]
    # What stands for a space in a URL would not be one to all who read it.
    assert "+" not in urlencode({"options": options})
    [volume] = [each for each in template["spec"]["volumes"] if each["name"] == "config"]
    assert (
        volume["downwardAPI"]["items"][0]["fieldRef"]["fieldPath"] == "metadata.annotations['inference.gateway/config']"
    )
    env = environment("__proxy_migration_container", proxy_migration_timeout=3600)
    assert env["LITELLM_PRISMA_COMMAND_TIMEOUT"] == "3600"


@pytest.mark.parametrize("spec", ["__proxy_serving_spec", "__proxy_migration_spec"])
def test_with_a_read_only_root_only_scratch_space_can_be_written_to(spec: str) -> None:
    data = proxy(proxy_read_only_root_filesystem=True, proxy_workers=2)[spec]
    [container] = data["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    writable = [each for each in container["volumeMounts"] if not each.get("readOnly")]
    assert writable == [{"name": "tmp", "mountPath": "/tmp"}]
    assert {"name": "tmp", "emptyDir": {}} in data["volumes"]
    places = {entry["name"]: entry.get("value") for entry in container["env"]}
    assert all(
        places[name].startswith("/tmp")
        for name in ("HOME", "PROMETHEUS_MULTIPROC_DIR", "LITELLM_MIGRATION_DIR")
        if name in places
    )


def test_replicas_are_kept_apart_by_node_and_by_zone() -> None:
    """By one constraint only: where nodes lack the label of any, the scheduler scores none of them."""
    spec = proxy()["__proxy_serving_spec"]
    assert [each["topologyKey"] for each in spec["topologySpreadConstraints"]] == ["topology.kubernetes.io/zone"]
    (apart,) = spec["affinity"]["podAntiAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
    assert apart["podAffinityTerm"]["topologyKey"] == "kubernetes.io/hostname"
    assert apart["podAffinityTerm"]["matchLabelKeys"] == ["pod-template-hash"]


@pytest.mark.parametrize("spec", ["__proxy_pod_template.spec", "__proxy_migration_job.template.spec"])
def test_pods_have_no_key_to_the_cluster(spec: str) -> None:
    data = proxy()[spec]
    assert data["automountServiceAccountToken"] is False
    # Of a Service called redis LiteLLM would take REDIS_PORT for its own.
    assert data["enableServiceLinks"] is False


def test_a_replica_is_restarted_only_when_it_hangs() -> None:
    """Without its database it is not ready, but a restart would not help, and takes minutes."""

    def asks(path: str, **times: int) -> dict[str, Any]:
        return {"httpGet": {"path": f"/health/{path}", "port": "http"}} | times

    container = proxy()["__proxy_pod_template.spec.containers[0]"]
    assert container["ports"] == [{"name": "http", "containerPort": 4000}]
    assert container["args"][-4:-2] == ["--port", "4000"]
    assert {name: probe for name, probe in container.items() if name.endswith("Probe")} == {
        "startupProbe": asks("liveliness", periodSeconds=5, timeoutSeconds=5, failureThreshold=60),
        "readinessProbe": asks("readiness", periodSeconds=10, timeoutSeconds=10),
        "livenessProbe": asks("liveliness", periodSeconds=15, timeoutSeconds=10, failureThreshold=5),
    }


HTTP, HTTPS, OTHER = ({"name": name, "protocol": name.upper()} for name in ("http", "https", "other"))


@pytest.mark.parametrize(
    ("listeners", "named", "taken"),
    [
        ([[HTTP, HTTPS]], "", "https"),
        ([[HTTP, HTTPS, HTTPS | {"name": "second"}]], "", "https"),
        ([[HTTP, HTTPS]], "http", "http"),
        ([[HTTP]], "", None),
        ([[HTTP]], "later", "later"),
        ([], "", None),  # no Gateway yet
    ],
)
def test_requests_come_by_https_where_there_is_any(listeners: list[Any], named: str, taken: str | None) -> None:
    there = {"resources": [{"spec": {"listeners": each}} for each in listeners]}
    data = proxy(__proxy_gateways=there, proxy_listener=named, **NOT_DEPLOYED)
    [route] = [each for each in data["__proxy_objects"] if each["kind"] == "HTTPRoute"]
    assert route["spec"]["parentRefs"] == [{"name": "inference"} | ({"sectionName": taken} if taken else {})]


def config_map(name: str, model: str, made: str, **annotations: str) -> dict[str, Any]:
    config = yaml.safe_dump({"model_list": [{"model_name": model}], "router_settings": {}})
    return {
        "metadata": {"name": name, "creationTimestamp": made, "annotations": annotations},
        "data": {"config.yaml": config},
    }


def test_each_configuration_has_a_config_map_of_its_own() -> None:
    """What replicas of an earlier description read stays as it is until they are replaced."""
    new = {"__proxy_deployed": {"resources": []}}
    one, other = proxy(**new), proxy(proxy_router_settings={"num_retries": 2})
    [made] = [each for each in one["__proxy_objects"] if each["kind"] == "ConfigMap"]
    assert made["immutable"] is True
    for data in (one, other):
        [volume] = [each for each in data["__proxy_serving_spec.volumes"] if each["name"] == "config"]
        assert volume["configMap"]["name"] == data["__proxy_config_map"]
    assert one["__proxy_config_map"] != other["__proxy_config_map"]
    there = [
        config_map("litellm-proxy-2", "b", "2026-11-26T08:00:00Z"),
        config_map("litellm-proxy", "a", "2026-11-25T08:00:00Z"),
        config_map(one["__proxy_config_map"], "c", "2026-11-24T08:00:00Z"),
    ]
    known = proxy(__proxy_configs={"resources": there})
    assert [each["metadata"]["name"] for each in known["__proxy_other_configs"]] == ["litellm-proxy", "litellm-proxy-2"]


def test_what_another_configuration_changes_is_told() -> None:
    before = {"router_settings": {"num_retries": 1}, "model_list": [], "gone": 1}
    there = [{"metadata": {"name": "x", "creationTimestamp": ""}, "data": {"config.yaml": yaml.safe_dump(before)}}]
    change = proxy(__proxy_configs={"resources": there}, proxy_router_settings={"num_retries": 2})[
        "__proxy_config_change"
    ]
    assert change["changed"]
    assert change["diff"]["before"] == {"router_settings": {"num_retries": 1}, "gone": 1}
    assert change["diff"]["after"]["router_settings"] == {"num_retries": 2}
    assert "model_list" not in change["diff"]["after"]


@pytest.mark.parametrize("database", [{"database_restore_from": ""}, {"gateway_cluster_database_host": "rds"}, {}])
def test_a_restored_database_needs_its_salt_key(database: dict[str, str]) -> None:
    """What it holds encrypted can be read with that key alone; one made at random would be kept as the right one."""
    restored = {"database_restore_from": "litellm-db"} | database
    without = {name: data for name, data in THERE.items() if name != "litellm-proxy-salt-key"}
    told = proxy(without, **restored).problems("__proxy_checks")
    assert [sentence.split(" in namespace")[0] for sentence in told] == (
        [] if database else ["database_restore_from is set, but there is no Secret litellm-proxy-salt-key"]
    )
    assert proxy(THERE, **restored).problems("__proxy_checks") == []
    assert proxy(without, **restored, proxy_salt_key="sk-12345678901234567890").problems("__proxy_checks") == []


@pytest.mark.parametrize(
    ("names", "answered"),
    [
        (["llm.example.com"], True),
        (["api.example.com", "LLM.example.com".lower()], True),
        (["*.example.com"], True),
        (["*.com"], True),
        (["example.com"], False),
        (["llm-example.com"], False),
        (["*.llm.example.com"], False),
        (["llm.example.co"], False),
    ],
)
def test_the_gateway_answers_for_the_host_that_clients_use(names: list[str], answered: bool) -> None:
    address = {"gateway_cluster_url": "https://LLM.example.com:8443/"}
    assert proxy(proxy_hostnames=names, **address).problems("__proxy_checks") == (
        []
        if answered
        else [
            f"The Gateway answers for {names[0]} only, and not for llm.example.com, the host of gateway_cluster_url: "
            "set proxy_hostnames to the names that clients use."
        ]
    )


SALT, OTHER_SALT = "sk-12345678901234567890", "sk-another-salt-key-of-mine"


def salted(key: str) -> dict[str, Any]:
    """Secrets of which that of the salt key holds this one, or is not there."""
    others = {name: data for name, data in THERE.items() if name != "litellm-proxy-salt-key"}
    encoded = b64encode(key.encode()).decode()
    return others | ({"litellm-proxy-salt-key": {"salt-key": encoded}} if key else {})


@pytest.mark.parametrize(
    ("there", "given", "refused"),
    [(SALT, "", False), (SALT, SALT, False), (SALT, OTHER_SALT, True), ("", OTHER_SALT, False)],
)
def test_a_salt_key_is_never_replaced(there: str, given: str, refused: bool) -> None:
    told = proxy(salted(there), proxy_salt_key=given).problems("__proxy_checks")
    assert told == (
        [
            "proxy_salt_key is not the key in the Secret litellm-proxy-salt-key in namespace inference-gateway: a salt "
            "key can never be changed, for LiteLLM could no longer read what it has encrypted. Remove proxy_salt_key."
        ]
        if refused
        else []
    )


@pytest.mark.parametrize(
    ("there", "given", "refused"),
    [
        (SALT, "", False),
        ("", SALT, False),  # the Secret is made anew
        (OTHER_SALT, "", True),
        ("", OTHER_SALT, True),
        ("", "", True),
    ],
)
def test_a_salt_key_that_is_lost_is_not_made_anew(there: str, given: str, refused: bool) -> None:
    known = {proxy()["__proxy_salt_key_annotation"]: sha256(SALT.encode()).hexdigest()}
    configs = {"resources": [config_map("litellm-proxy", "a", "", **known)]}
    told = proxy(salted(there), proxy_salt_key=given, __proxy_configs=configs).problems("__proxy_checks")
    assert told == (
        [
            "The Secret litellm-proxy-salt-key in namespace inference-gateway no longer holds the salt key that the "
            "proxy was set up with, and without it LiteLLM cannot read what it has encrypted: restore that Secret."
        ]
        if refused
        else []
    )


def test_the_salt_key_is_known_by_any_of_the_config_maps() -> None:
    annotation = proxy()["__proxy_salt_key_annotation"]
    there = [config_map("litellm-proxy", "a", ""), config_map("litellm-proxy-2", "b", "", **{annotation: "abc"})]
    assert proxy(__proxy_configs={"resources": there})["__proxy_salt_key_recorded"] == "abc"
    assert proxy()["__proxy_salt_key_recorded"] == ""
