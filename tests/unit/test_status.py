# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role status: what it makes of a recorded system, and of one where nothing is installed."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from ansible_collections.inference.gateway.plugins.filter.status import status

ROOT = Path(__file__).parents[2]
SOUND = json.loads((Path(__file__).parent / "diagnosis" / "sound.json").read_text())
TEMPLATE = ROOT / "roles" / "status" / "templates" / "status.txt.j2"


def recorded(**told: Any) -> dict[str, Any]:
    return (
        copy.deepcopy(SOUND) | {"url": "https://llm.example.com", "health": {"version": "1.108.7"}, "keys": []} | told
    )


def read_of(told: dict[str, Any], kind: str, namespace: str | None = None) -> dict[str, Any]:
    wanted = {"kind": kind} | ({"namespace": namespace} if namespace else {})
    return next(read for read in told["reads"] if read["item"] == wanted)


def shown(report: dict[str, Any]) -> str:
    loader = DataLoader()
    known: dict[str, Any] = {"status_report": report, "gateway_cluster_command": "ansible-playbook --inventory mine"}
    for path in (ROOT / "roles/gateway_cluster/defaults/main.yml", ROOT / "roles/status/vars/main.yml"):
        known |= loader.load_from_file(str(path), trusted_as_template=True)
    # As the lookup of templates does.
    return Templar(loader, known).template(trust_as_template(f"#jinja2: trim_blocks:True\n{TEMPLATE.read_text()}"))


def test_all_of_a_sound_system_is_told() -> None:
    report = status(recorded(health={"ready": True, "database": "connected", "version": "1.108.7"}))
    assert report["proxy"] == {
        "deployment": "litellm-proxy",
        "ready": 2,
        "wanted": 2,
        "image": "ghcr.io/berriai/litellm-non_root:1.108.7",
        "version": "1.108.7",
        "service": "litellm-proxy",
        "port": 4000,
    }
    assert report["migration"]["state"] == "complete"
    database = report["database"]
    assert database["host"] == "litellm-db-pooler.inference-gateway.svc.cluster.local"
    assert (database["name"], database["user"], database["secret"], database["key"]) == (
        "litellm",
        "litellm",
        "litellm-db-app",
        "password",
    )
    assert (database["ready"], database["wanted"], database["primary"]) == (1, 1, "litellm-db-1")
    assert report["valkey"]["primary"] == "valkey-0"
    assert report["valkey"]["sentinels"] == {"ready": 3, "wanted": 3}
    assert report["gateway"]["listeners"] == [{"name": "http", "protocol": "HTTP", "port": 80, "routes": 1}]
    assert report["gateway"]["route_taken"]
    assert report["scaling"]["autoscaler"]["max"] == 3
    assert report["models"]["served"] == [{"name": "echo", "ready": True}, {"name": "tiny", "ready": True}]
    assert report["degraded"] == []


def test_what_a_former_gateway_said_of_the_route_does_not_count() -> None:
    told = recorded()
    [route] = read_of(told, "HTTPRoute", "inference-gateway")["resources"]
    refused = {"type": "Accepted", "status": "False", "reason": "NoMatchingParent"}
    route["status"]["parents"].append({"parentRef": {"name": "former"}, "conditions": [refused]})
    assert status(told)["gateway"]["route_taken"]
    route["spec"]["parentRefs"] = [{"name": "former"}]
    assert not status(told)["gateway"]["route_taken"]


def test_no_value_of_a_secret_is_told_but_names() -> None:
    told = recorded()
    secrets = read_of(told, "Secret", "inference-gateway")
    text = json.dumps(status(told))
    for secret in secrets["resources"]:
        for entry, value in secret["data"].items():
            if entry not in ("host", "port", "dbname", "user", "username"):
                assert base64.b64decode(value).decode() not in text


def delivered_to(namespace: str, **entries: str) -> dict[str, Any]:
    labels = {"app.kubernetes.io/managed-by": "inference.gateway"}
    values = {name: base64.b64encode(value.encode()).decode() for name, value in entries.items()}
    return {"metadata": {"name": "llm", "namespace": namespace, "labels": labels}, "data": values}


def token_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def test_each_key_in_a_secret_is_told() -> None:
    known = [
        {"token": token_of("sk-chat"), "key_alias": "chat", "models": ["tiny"], "expires": "2026-12-01T00:00:00Z"},
        {"token": token_of("sk-search"), "key_alias": "search", "blocked": True},
        {"token": token_of("sk-batch"), "key_alias": "batch", "expires": "2026-01-01T00:00:00"},
        {"token": token_of("sk-odd"), "key_alias": "odd", "expires": "soon"},
    ]
    entries = {
        "base-url": "http://llm.example.com",
        "a-chat": "sk-chat\n",
        "b-search": "sk-search",
        "c-batch": "sk-batch",
        "d-odd": "sk-odd",
    }
    told = recorded(keys=known)
    read_of(told, "Secret")["resources"] += [
        delivered_to("apps", **entries, openai="sk-of-openai"),
        delivered_to("gone", **{"api-key": "sk-deleted", "base-url": "http://llm.example.com"}),
        delivered_to("none", **{"base-url": "http://llm.example.com"}),
    ]
    found = status(told)["keys"]["delivered"]
    assert [(each["namespace"], each["entry"], each["alias"], each["usable"]) for each in found] == [
        ("apps", "a-chat", "chat", True),
        ("apps", "b-search", "search", False),
        ("apps", "c-batch", "batch", False),
        ("apps", "d-odd", "odd", False),
        ("gone", "api-key", None, False),
    ]


def test_delivered_keys_are_told_once_by_their_secrets() -> None:
    key = "sk-of-the-search-team"
    told = recorded(keys=[{"token": token_of(key), "key_alias": "search", "blocked": False, "models": ["tiny"]}])
    read_of(told, "Secret", "inference-gateway")["resources"].append(delivered_to("inference-gateway", api_key=key))
    everywhere = read_of(told, "Secret")
    everywhere["resources"] += [delivered_to("inference-gateway", api_key=key), delivered_to("search", api_key=key)]
    found = status(told)["keys"]["delivered"]
    assert [(key["namespace"], key["secret"], key["alias"], key["usable"]) for key in found] == [
        ("inference-gateway", "llm", "search", True),
        ("search", "llm", "search", True),
    ]
    everywhere.update(resources=None, msg="forbidden")
    assert [key["namespace"] for key in status(told)["keys"]["delivered"]] == ["inference-gateway"]


def test_of_an_empty_cluster_nothing_is_installed() -> None:
    reads = [{"item": read["item"], "resources": [], "api_found": False, "msg": ""} for read in SOUND["reads"]]
    report = status({"names": SOUND["names"], "now": 0, "reads": reads, "health": {"reason": "no address"}})
    parts = ("proxy", "migration", "database", "valkey", "gateway", "scaling", "monitoring")
    assert {part: report[part] for part in parts} == dict.fromkeys(parts)
    assert report["degraded"] == [
        "There is no namespace inference-gateway: the gateway is not installed, or has another."
    ]


def test_what_is_broken_is_degraded() -> None:
    told = recorded()
    for read in told["reads"]:
        for thing in read["resources"]:
            if (read["item"]["kind"], thing["metadata"]["name"]) == ("StatefulSet", "valkey-sentinel"):
                thing["status"]["readyReplicas"] = 1
    assert status(told)["degraded"] == ["Not every Sentinel of Valkey is ready."]


@pytest.mark.parametrize(
    ("api_base", "elsewhere"),
    [
        ("https://openrouter.ai/api/v1", True),
        ("https://api.example.com/v1", True),
        ("os.environ/OPENAI_BASE", True),
        ("http://vllm.models:80a0/v1", True),
        ("http://vllm.apps.svc/v1", False),
        ("http://vllm.models:8000/v1", False),
        ("http://vllm.models.svc.cluster.local/v1", False),
    ],
)
def test_a_model_is_elsewhere_when_its_address_is_none_of_the_cluster(api_base: str, elsewhere: bool) -> None:
    told = recorded()
    [config] = read_of(told, "ConfigMap", "inference-gateway")["resources"]
    models = [{"model_name": "m", "litellm_params": {"model": "openai/m", "api_base": api_base}}]
    config["data"]["config.yaml"] = json.dumps({"model_list": models})
    report = status(told)
    assert report["models"]["listed"] == ["m"]
    assert report["models"]["elsewhere"] == ([{"name": "m", "model": "openai/m"}] if elsewhere else [])


def test_the_text_has_a_request_that_can_be_pasted() -> None:
    text = shown(status(recorded(health={"ready": True, "database": "connected", "version": "1.108.7"})))
    assert "  Replicas: 2 of 2 ready\n  Image:    ghcr.io/berriai/litellm-non_root:1.108.7\n" in text
    assert "curl -sS https://llm.example.com/v1/chat/completions" in text
    assert "kubectl get secret litellm-proxy-master-key -n inference-gateway" in text
    assert "Nothing that the cluster's objects tell of." in text
    assert "  ansible-playbook --inventory mine inference.gateway.diagnose\n" in text


def test_the_text_of_an_empty_cluster() -> None:
    reads = [{"item": read["item"], "resources": [], "api_found": False, "msg": ""} for read in SOUND["reads"]]
    told = {"names": SOUND["names"], "now": 0, "reads": reads, "health": {"reason": "no address"}}
    text = shown(status(told))
    assert text.count("Not installed.") == 5
    assert "Not yet: the proxy is not installed." in text
