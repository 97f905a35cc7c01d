# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each check on a system that is sound, as it was recorded, and on one that is broken in its way."""

from __future__ import annotations

import ast
import base64
import copy
import hashlib
import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from role_data import RoleData

from ansible_collections.inference.gateway.plugins.filter.diagnose import diagnose
from ansible_collections.inference.gateway.plugins.filter.diagnose_suspects import diagnose_suspects
from ansible_collections.inference.gateway.plugins.filter.status import status
from ansible_collections.inference.gateway.plugins.plugin_utils import _diagnosis as diagnosis
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis import database, proxy
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import Finding, Seen, UnreadError
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.all import PARTS

DATA = Path(__file__).parents[2] / "diagnosis"
SOUND = json.loads((DATA / "sound.json").read_text())
CASES = yaml.safe_load((DATA / "broken.yml").read_text())
UNUSUAL = yaml.safe_load((DATA / "unusual.yml").read_text())
CHECKS = [check.name for checks in PARTS.values() for check in checks]
# What a container that ends again and again looks like.
CRASHING = {
    "phase": "Running",
    "containerStatuses": [
        {
            "name": "litellm",
            "image": "i",
            "ready": False,
            "restartCount": 4,
            "state": {"waiting": {"reason": "CrashLoopBackOff"}},
            "lastState": {"terminated": {"exitCode": 3, "reason": "Error"}},
        }
    ],
}


def merged(old: Any, new: Any) -> Any:
    """A JSON merge patch."""
    if not isinstance(new, dict):
        return new
    result = dict(old) if isinstance(old, dict) else {}
    for name, value in new.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


class System:
    """A recorded system, to be changed."""

    def __init__(self) -> None:
        self.told = copy.deepcopy(SOUND)

    def read(self, kind: str, namespace: str | None = None) -> dict[str, Any]:
        return next(
            read
            for read in self.told["reads"]
            if read["item"]["kind"] == kind and namespace in (None, read["item"].get("namespace"))
        )

    def places(self, kind: str) -> Iterator[tuple[list[Any], int]]:
        for read in self.told["reads"]:
            if read["item"]["kind"] == kind:
                yield from ((read["resources"], place) for place in range(len(read["resources"])))

    def change(self, kind: str, name: str, change: Any) -> None:
        """Wherever it was read: a Secret is among all that are ours, and among those of its namespace."""
        found = [(things, place) for things, place in self.places(kind) if things[place]["metadata"]["name"] == name]
        assert found, f"there is no {kind} {name}"
        for things, place in found:
            things[place : place + 1] = [] if change is None else [merged(things[place], change)]

    def envoy(self, kind: str, change: Any) -> None:
        for things, place in self.places(kind):
            if things[place]["metadata"]["name"].startswith("envoy-inference-gateway-"):
                things[place] = merged(things[place], change)

    def pod(self, name: str, status: Any) -> None:
        template = copy.deepcopy(self.read("Pod", "inference-gateway")["resources"][-1])
        labels = {"app.kubernetes.io/name": "litellm-proxy"}
        metadata = {"name": name, "namespace": "inference-gateway", "labels": labels}
        pod = template | {"metadata": metadata, "status": status, "spec": {"restartPolicy": "Always", "containers": []}}
        self.read("Pod", "inference-gateway")["resources"].append(pod)

    def config(self, change: Any, model: Any = None) -> None:
        for things, place in self.places("ConfigMap"):
            data = things[place]["data"]
            if "config.yaml" in data:
                config = merged(yaml.safe_load(data["config.yaml"]), change)
                if model:
                    config["model_list"][0]["litellm_params"].update(model)
                data["config.yaml"] = yaml.safe_dump(config)

    def container(self, kind: str, name: str) -> dict[str, Any]:
        workload = next(
            things[place] for things, place in self.places(kind) if things[place]["metadata"]["name"] == name
        )
        return workload["spec"]["template"]["spec"]["containers"][0]

    def environment(self, kind: str, name: str, change: dict[str, str | None]) -> None:
        container = self.container(kind, name)
        kept = [each for each in container["env"] if each["name"] not in change]
        container["env"] = kept + [{"name": key, "value": value} for key, value in change.items() if value is not None]


def policies_of_the_roles() -> Iterator[dict[str, Any]]:
    read = {"__database_api_server": {"resources": [{"ports": [{"port": 6443}]}]}}
    for role, policies in {
        "database": "__database_policies",
        "valkey": "[__valkey_policy]",
        "gateway": "__gateway_policies",
        "model_serving": "__model_serving_policies",
        "proxy": "__proxy_policies",
    }.items():
        yield from RoleData(role, **read)[policies]


def changed(case: dict[str, Any]) -> dict[str, Any]:
    """The recorded system with the change of a case."""
    system = System()
    told = system.told
    for read in told["reads"]:
        if "without" in case:
            gone = re.compile(case["without"])
            read["resources"] = [each for each in read["resources"] if not gone.search(each["metadata"]["name"])]
        if read["item"]["kind"] == "NetworkPolicy" and "policies" in case:
            read["resources"] = [
                each for each in policies_of_the_roles() if each["metadata"]["namespace"] == read["item"]["namespace"]
            ]
    for path, change in case.get("objects", {}).items():
        system.change(*path.split("/", 1), change)
    for kind, thing in case.get("add", {}).items():
        system.read(kind, thing["metadata"]["namespace"])["resources"].append(thing)
    for read in told["reads"]:
        if read["item"]["kind"] in case.get("unknown", []):
            read.update(api_found=False, resources=[])
    for things, place in system.places("EndpointSlice"):
        if things[place]["metadata"]["labels"]["kubernetes.io/service-name"] == case.get("endpoints"):
            things[place]["endpoints"] = []
    for name, data in case.get("secrets", {}).items():
        system.change(
            "Secret", name, {"data": {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}}
        )
    if "pod" in case:
        system.pod(case["pod"]["name"], case["pod"]["status"])
    if "log" in case:
        system.pod("litellm-proxy-new", CRASHING)
        item = {"namespace": "inference-gateway", "pod": "litellm-proxy-new"}
        told["logs"] = [{"item": item, "log_lines": ["INFO: starting", case["log"]]}]
    if "event" in case:
        pod = next(
            each
            for each in system.read("Pod", "inference-gateway")["resources"]
            if each["metadata"]["name"].startswith("litellm-proxy-") and "migration" not in each["metadata"]["name"]
        )
        involved = {"kind": "Pod", "name": pod["metadata"]["name"]}
        system.read("Event")["resources"].append(
            {
                "metadata": {"name": "e"},
                "message": case["event"],
                "count": 7,
                "lastTimestamp": datetime.fromtimestamp(told["now"] - 60, UTC).isoformat(),
                "involvedObject": involved,
            }
        )
    if "config" in case or "model" in case:
        system.config(case.get("config", {}), case.get("model"))
    if "environment" in case:
        system.environment("Deployment", "litellm-proxy", case["environment"])
    if "migration" in case:
        system.environment("Job", "litellm-proxy-migration", case["migration"])
    for name, field in (("image", "image"), ("arguments", "args")):
        if name in case:
            system.container("Deployment", "litellm-proxy")[field] = case[name]
    for kind, name in (("Service", "envoy"), ("Deployment", "envoys")):
        if name in case:
            system.envoy(kind, case[name])
    for read in told["asked"]:
        read["stdout"] = json.dumps(merged(json.loads(read["stdout"]), case.get("asked", {})))
    for name in ("sentinels", "disk", "edge", "key"):
        told[name] = merged(told[name], case.get(name, {}))
    return told


def test_the_recorded_system_was_read_as_the_roles_do() -> None:
    kinds = RoleData("gateway_cluster")["__gateway_cluster_kinds"]
    read = [{name: each[name] for name in ("kind", "namespace") if name in each} for each in kinds]
    assert [each["item"] for each in SOUND["reads"]] == read


def test_models_beside_the_gateway_are_read_once() -> None:
    kinds = RoleData("gateway_cluster", gateway_cluster_models_namespace="inference-gateway")["__gateway_cluster_kinds"]
    assert len(kinds) == len({json.dumps(kind) for kind in kinds})


def test_what_was_never_read_is_not_taken_for_absent() -> None:
    seen = Seen({**SOUND, "reads": [read for read in SOUND["reads"] if read["item"]["kind"] == "Namespace"]})
    for ask in (seen.ours, seen.knows, lambda kind: seen.all(kind, "kserve")):
        with pytest.raises(UnreadError, match=r"Pod.* was not read"):
            ask("Pod")


def test_nothing_is_wrong_with_a_sound_system() -> None:
    report = diagnose(SOUND)
    assert report["sound"]
    assert report["failure"] == ""
    assert report["table"] == f"{len(CHECKS)} checks found nothing."


EXPECTED = {"ClientTrafficPolicy/inference": {"spec": {"proxyProtocol": {"optional": False}}}}


@pytest.mark.parametrize(
    "case",
    [
        # HAProxy, or a load balancer in front of a NodePort, sends the PROXY protocol: the edge answers.
        {"objects": EXPECTED},
        {"model": {"model": "openai/gemini", "api_base": "https://generativelanguage.googleapis.com/v1beta/openai"}},
        {"model": {"model": "openai/x", "api_base": "https://example.com/openai"}},
    ],
)
def test_what_only_looks_unusual_is_no_fault(case: dict[str, Any]) -> None:
    assert diagnose(changed(case))["failure"] == ""


@pytest.mark.parametrize("edge", [{"status": 503}, {"url": None, "status": None, "msg": "there is no master key"}])
def test_the_proxy_protocol_is_not_blamed_for_something_else(edge: dict[str, Any]) -> None:
    report = diagnose(changed({"objects": EXPECTED, "edge": edge}))
    assert not report["sound"]
    [result] = [each for each in report["results"] if each["check"] == "Both sides speak the PROXY protocol"]
    assert result["status"] == "sound"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["cause"][:60])
def test_a_fault_is_named(case: dict[str, Any]) -> None:
    told = changed(case)
    report = diagnose(told)
    results = [result for result in report["results"] if result["check"] == case["check"]]
    assert not report["sound"]
    fitting = [result for result in results if re.match(case["cause"], result["cause"])]
    assert fitting, report["failure"]
    assert case.get("evidence", "") in fitting[0]["evidence"]
    assert fitting[0]["evidence"]
    assert fitting[0]["remedy"]
    assert isinstance(status(told)["degraded"], list)


@pytest.mark.parametrize("case", UNUSUAL, ids=lambda case: case["name"])
def test_nothing_is_wrong_with_a_system_that_is_sound_in_its_own_way(case: dict[str, Any]) -> None:
    told = changed(case)
    assert diagnose(told)["failure"] == ""
    assert status(told)["degraded"] == []


def test_every_check_has_a_fault_that_it_finds() -> None:
    assert {case["check"] for case in CASES} == set(CHECKS)


def test_every_finding_and_every_line_of_a_log_has_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    written, found = set(), set()
    for part in PARTS:
        module = importlib.import_module(f"{diagnosis.__name__}.{part}")
        calls = (node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call))
        written |= {(part, call.lineno) for call in calls if getattr(call.func, "id", None) == "Finding"}

        def recorded(*texts: str, part: str = part) -> Finding:
            found.add((part, sys._getframe(1).f_lineno))
            return Finding(*texts)

        monkeypatch.setattr(module, "Finding", recorded)
    for case in CASES:
        diagnose(changed(case))
    assert written == found
    lines = [case["log"] for case in CASES if "log" in case]
    patterns = [pattern for pattern, *_meaning in (*database.LOGGED, *proxy.LOGGED)]
    assert [pattern for pattern in patterns if not any(re.search(pattern, line) for line in lines)] == []


def test_the_cause_stands_before_what_it_brings_about() -> None:
    told = changed(
        {
            "objects": {
                "Cluster/litellm-db": {
                    "status": {"phase": "Not enough disk space", "readyInstances": 0},
                    "spec": {"enablePDB": True},
                },
                "Deployment/litellm-proxy": {"status": {"readyReplicas": None}},
            },
            "edge": {"status": 503},
        }
    )
    assert [result["check"] for result in diagnose(told)["results"] if result["status"] in ("broken", "risk")] == [
        "PostgreSQL is healthy",
        "All replicas are ready",
        "The Gateway answers",
        "Nodes can be drained of the database",
    ]


@pytest.mark.parametrize(
    ("case", "check", "reason"),
    [
        (
            {"config": {"general_settings": {"database_connection_pool_limit": "os.environ/POOL"}}},
            "Connections are enough",
            "os.environ/POOL is not told by the Deployment",
        ),
        (
            {"arguments": ["--num_workers", "auto"]},
            "Workers count together",
            "auto is no whole number",
        ),
        (
            {"key": {"what": "demo", "by": "alias", "found": {"expires": "soon"}}},
            "The key is valid",
            "LiteLLM says that the key expires at soon, which is no time",
        ),
        (
            {"config": {"litellm_settings": {"success_callback": 5}}},
            "LiteLLM is told to count",
            r"this check could not be made, .* \(TypeError in metrics.py:\d+, .*int.*\)",
        ),
    ],
)
def test_a_value_that_a_check_cannot_read_ends_that_check_alone(case: dict[str, Any], check: str, reason: str) -> None:
    report = diagnose(changed(case))
    assert (report["sound"], report["counts"]["broken"]) == (False, 0)
    [cause] = [each["cause"] for each in report["results"] if (each["check"], each["status"]) == (check, "missed")]
    assert re.fullmatch(reason, cause)
    assert status(changed(case))["degraded"] == []


def test_settings_that_are_a_list_are_none() -> None:
    report = diagnose(changed({"config": {"litellm_settings": []}}))
    assert report["counts"]["missed"] == 0
    assert "LiteLLM is not told to count" in report["failure"]


@pytest.mark.parametrize("kind", sorted({read["item"]["kind"] for read in SOUND["reads"]} - {"Namespace"}))
def test_what_cannot_be_read_or_is_not_there_ends_nothing(kind: str) -> None:
    told = copy.deepcopy(SOUND)
    for read in told["reads"]:
        if read["item"]["kind"] == kind:
            read.update(resources=None, msg=f'Forbidden: {{"message": "{kind} is forbidden"}}')
    report = diagnose(told)
    assert f"could not be read: {kind} is forbidden" in report["failure"]
    for read in told["reads"]:
        if read["item"]["kind"] == kind:
            read.update(resources=[], msg="")
    diagnose(told)


def test_of_an_empty_cluster_only_that_is_said() -> None:
    reads = [{"item": read["item"], "resources": [], "api_found": False, "msg": ""} for read in SOUND["reads"]]
    report = diagnose({"names": SOUND["names"], "now": SOUND["now"], "reads": reads})
    assert [result["cause"] for result in report["results"] if result["status"] in ("broken", "risk")] == [
        "There is no namespace inference-gateway: the gateway is not installed, or has another."
    ]
    assert {result["cause"] for result in report["results"] if result["status"] == "missed"} >= {
        "there is no namespace inference-gateway"
    }


def test_no_secret_is_told() -> None:
    secrets = {
        thing["metadata"]["name"]: thing["data"] for thing in System().read("Secret", "inference-gateway")["resources"]
    }
    password = base64.b64decode(secrets["valkey"]["password"]).decode()
    for line in (
        f"error: {password}",
        "error at postgresql://u:pw@db/x",
        "error password=hunter2",
        "error sk-abcdefghijklm",
    ):
        failure = diagnose(changed({"log": line}))["failure"]
        assert "error" in failure
        for secret in (password, "pw@", "hunter2", "abcdefghijklm"):
            assert secret not in failure


def test_no_secret_of_several_lines_is_told() -> None:
    for value in (
        "gsk_Qw8rT5zU2iOpL\n",
        "  gsk_Qw8rT5zU2iOpL",
        "first-line-of-it\r\ngsk_Qw8rT5zU2iOpL\r\nthe-last-one",
    ):
        case = {
            "secrets": {"valkey": {"GROQ_API_KEY": value}},
            "log": "error: Bearer gsk_Qw8rT5zU2iOpL\\n is no header",
        }
        failure = diagnose(changed(case))["failure"]
        assert "error: Bearer ..." in failure
        assert "gsk_" not in failure


def test_what_is_no_secret_is_told() -> None:
    """As the token of a ServiceAccount has it beside itself."""
    told = changed(
        {"objects": {"Secret/valkey": {"data": {"namespace": base64.b64encode(b"inference-gateway").decode()}}}}
    )
    told["edge"]["status"] = 503
    assert "kubectl -n inference-gateway describe httproute" in diagnose(told)["failure"]


def test_remedies_start_playbooks_with_the_inventory_of_this_run() -> None:
    """Without it they would apply the roles' defaults, to the cluster of the kubeconfig's current context."""
    command = RoleData("diagnose")["__diagnose_seen.command"]
    assert command == "ansible-playbook --inventory /inventories/mine --inventory more,"
    reports = [diagnose({**changed(case), "command": command}) for case in CASES]
    remedies = [result["remedy"] for report in reports for result in report["results"]]
    remedies = [remedy for remedy in remedies if "ansible-playbook" in remedy]
    assert len(remedies) > 20
    assert [remedy for remedy in remedies if f"{command} inference.gateway." not in remedy] == []


def test_no_secret_is_in_what_to_do_about_a_fault() -> None:
    base = "http://user:s3cretpw@tiny-predictor.models.svc.cluster.local/api"
    told = changed({"model": {"api_base": base}})
    [result] = [result for result in diagnose(told)["results"] if result["status"] == "broken"]
    assert "http://tiny-predictor.models.svc.cluster.local/api/v1" in result["remedy"]
    assert "s3cretpw" not in str(result)


def test_what_is_so_on_purpose_is_left_out() -> None:
    told = changed({"objects": {"Cluster/litellm-db": {"spec": {"enablePDB": True}}}})
    report = diagnose(told, ["Nodes can be drained of the database", "keys"])
    assert report["sound"]
    assert report["counts"]["skipped"] == 1 + len(PARTS["keys"])
    with pytest.raises(AnsibleFilterError, match="diagnose_skip names nodes, of which there is none"):
        diagnose(told, ["nodes"])


@pytest.mark.parametrize(
    ("key", "team"),
    [
        ({"models": ["openai/*"]}, {}),
        ({"models": ["an-access-group"]}, {}),
        ({"models": ["tiny"], "access_group_ids": ["4f1c"]}, {}),
        ({"models": ["openai/gpt-4o"], "aliases": {"chat": "openai/gpt-4o"}}, {}),
        ({"models": ["openai/gpt-4o"]}, {"models": ["openai/gpt-4o"], "model_aliases": {"chat": "openai/gpt-4o"}}),
        ({"models": []}, {"models": ["all-proxy-models"]}),
        ({"spend": 0}, {"team_alias": "search", "spend": 0, "max_budget": 0.0}),
    ],
)
def test_what_a_key_may_use_by_other_words_is_no_fault(key: dict[str, Any], team: dict[str, Any]) -> None:
    told = {"what": "demo", "by": "alias", "served": ["tiny", "openai/*"], "found": {"token": "t", **key}, "team": team}
    asked = "chat" if "aliases" in key or "model_aliases" in team else "openai/gpt-4o"
    assert diagnose({**SOUND, "key": {**told, "model": asked}})["sound"]


def test_the_key_of_a_secret_that_ends_in_a_newline_is_found() -> None:
    key = {"token": hashlib.sha256(b"sk-demo").hexdigest()}
    role = RoleData(
        "diagnose",
        diagnose_key_secret={"namespace": "search", "name": "llm"},
        __diagnose_key_secrets={"resources": [{"data": {"api-key": base64.b64encode(b"sk-demo\n").decode()}}]},
        __diagnose_keys={"keys": [{"token": "of another"}, key]},
    )
    assert role["__diagnose_key_found"] == key


def test_logs_are_read_of_what_ran_and_is_not_well() -> None:
    pods = [
        {"metadata": {"name": name, "namespace": "apps", "ownerReferences": [{"name": owner}]}, "status": status}
        for name, owner, status in (
            ("well", "a", {"containerStatuses": [{"name": "c", "ready": True, "state": {"running": {}}}]}),
            ("crashing", "b", CRASHING),
            ("never-ran", "c", {"containerStatuses": [{"name": "c", "ready": False, "state": {"waiting": {}}}]}),
            ("failed", "d", {"containerStatuses": [{"name": "c", "state": {"terminated": {"exitCode": 1}}}]}),
            ("done", "e", {"containerStatuses": [{"name": "c", "state": {"terminated": {"exitCode": 0}}}]}),
            ("fails-1", "f", CRASHING),
            ("fails-2", "f", CRASHING),
            ("fails-3", "f", CRASHING),
            ("empty", "g", {}),
        )
    ]
    found = diagnose_suspects(pods)
    assert [(entry["pod"], entry["previous"]) for entry in found] == [
        ("crashing", True),
        ("failed", False),
        ("fails-1", True),
        ("fails-2", True),
    ]
