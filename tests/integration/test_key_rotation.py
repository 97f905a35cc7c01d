# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One key takes the place of another in the real LiteLLM. The Secret is in the unit tests' Kubernetes."""

from __future__ import annotations

import time
from typing import Any

import pytest
from conftest import Run
from kubernetes_stand_in import KubernetesStandIn
from releases import having
from stack import MODEL, Stack

from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY

SECRET = {"name": "backend-llm", "namespace": "apps"}
HELLO = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}]}


@pytest.fixture
def rotate(run: Run, kubernetes: KubernetesStandIn, name: str) -> Run:
    def run_module(**options: Any) -> dict[str, Any]:
        defaults = {"key_alias": name, "secret": SECRET, "kubeconfig": kubernetes.kubeconfig}
        result = run("litellm_key", **defaults | options)
        if ("apps", "backend-llm") in kubernetes.secrets:
            assert kubernetes.value("backend-llm") not in str(result)
        return result

    return run_module


def chat(stack: Stack, key: str) -> int:
    return stack.request("POST", "/v1/chat/completions", key=key, json=HELLO).status_code


def aliases(stack: Stack, alias: str) -> list[str]:
    """The keys whose alias has this one in it, for the real LiteLLM keeps what every test leaves."""
    query = {"key_alias": alias, "substring_matching": "true", "return_full_object": "true"}
    return sorted(key["key_alias"] for key in stack.request("GET", "/key/list", params=query).json()["keys"])


def test_a_rotation(stack: Stack, run: Run, rotate: Run, kubernetes: KubernetesStandIn, name: str) -> None:
    limits = having(
        KEY, {"models": [MODEL], "rpm_limit": 600, "max_budget": 5.0, "soft_budget": 4.0, "metadata": {"a": 1}}
    )
    old = rotate(rotation={"generation": 1}, model_rpm_limit={MODEL: 500}, **limits)["key"]
    old_value = kubernetes.value("backend-llm")
    stack.request("POST", "/key/update", json={"key": old["token"], "spend": 1.25}).raise_for_status()

    foretold = rotate(rotation={"generation": 2}, check=True)
    assert aliases(stack, name) == [name]
    rotated = rotate(rotation={"generation": 2})
    assert rotated["diff"] == foretold["diff"]
    new_value = kubernetes.value("backend-llm")
    assert new_value != old_value
    assert {option: rotated["key"][option] for option in limits} == limits
    assert (rotated["key"]["model_rpm_limit"], rotated["key"]["spend"]) == ({MODEL: 500}, 1.25)
    assert [chat(stack, value) for value in (old_value, new_value)] == [200, 200]

    beside = f"{name}@{old['token'][:8]}"
    current, former = run("litellm_key_info", key_alias=name)["keys"]
    assert (current["key_alias"], former["key_alias"], former["formerly"]) == (name, beside, name)
    assert former["expires"]
    assert not rotate(rotation={"generation": 2})["changed"]

    gone = rotate(state="absent")
    assert gone["diff"]["before"]["generations"] == [beside]
    assert aliases(stack, name) == []
    assert all(chat(stack, value) in (401, 403) for value in (old_value, new_value))
    assert not kubernetes.secrets


def test_the_old_key_ends_with_its_grace_and_is_cleared_away(
    stack: Stack, rotate: Run, kubernetes: KubernetesStandIn, name: str
) -> None:
    rotate()
    old_value = kubernetes.value("backend-llm")
    time.sleep(1.1)
    assert rotate(rotation={"every": "1s", "grace": "2s"})["changed"]
    assert chat(stack, old_value) == 200
    time.sleep(2.1)
    assert chat(stack, old_value) in (401, 403)
    assert chat(stack, kubernetes.value("backend-llm")) == 200
    assert len(aliases(stack, name)) == 2
    assert rotate()["diff"]["after"] == {"generations": []}
    assert aliases(stack, name) == [name]
    assert not rotate(rotation={"every": "1h"})["changed"]


def test_without_a_grace_the_old_key_stops_at_once(
    stack: Stack, rotate: Run, kubernetes: KubernetesStandIn, name: str
) -> None:
    rotate()
    old_value = kubernetes.value("backend-llm")
    assert chat(stack, old_value) == 200
    rotate(rotation={"generation": 2, "grace": None})
    assert chat(stack, old_value) in (401, 403)
    assert chat(stack, kubernetes.value("backend-llm")) == 200
    assert aliases(stack, name) == [name]


def test_a_secret_that_cannot_be_written_leaves_all_as_it_was(
    stack: Stack, rotate: Run, kubernetes: KubernetesStandIn, name: str
) -> None:
    token = rotate()["key"]["token"]
    kubernetes.forbidden = {"PATCH"}
    refused = rotate(rotation={"generation": 2})
    assert refused["failed"]
    assert refused["msg"].endswith(f"Key '{name}' is as it was before.")
    kubernetes.forbidden = set()
    assert aliases(stack, name) == [name]
    assert rotate()["key"]["token"] == token
    assert chat(stack, kubernetes.value("backend-llm")) == 200


def test_a_value_that_is_lost_is_replaced_when_that_is_wanted(
    stack: Stack, rotate: Run, kubernetes: KubernetesStandIn, name: str
) -> None:
    rotate(rpm_limit=600)
    kubernetes.secrets.clear()
    assert "its value is lost" in rotate()["msg"]
    made_anew = rotate(recreate=True)
    assert made_anew["key"]["rpm_limit"] == 600
    assert chat(stack, kubernetes.value("backend-llm")) == 200
    assert aliases(stack, name) == [name]


def test_a_key_is_renamed_with_its_old_generations(
    stack: Stack, run: Run, rotate: Run, kubernetes: KubernetesStandIn, name: str
) -> None:
    old = rotate()["key"]["token"]
    token = rotate(rotation={"generation": 2})["key"]["token"]
    renamed = rotate(key_alias=f"new-{name}", token=token)
    assert renamed["diff"]["after"] == {"key_alias": f"new-{name}", "generations": [f"new-{name}@{old[:8]}"]}
    assert aliases(stack, name) == [f"new-{name}", f"new-{name}@{old[:8]}"]
    assert chat(stack, kubernetes.value("backend-llm")) == 200
    assert not rotate(key_alias=f"new-{name}")["changed"]


def test_the_token_of_a_key_does_not_open_anything(stack: Stack, rotate: Run) -> None:
    assert stack.request("GET", "/v1/models", key=rotate()["key"]["token"]).status_code == 401
