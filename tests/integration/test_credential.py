# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import secrets
import time
from typing import Any

import pytest
from conftest import Run
from releases import needs
from stack import MODEL, Stack
from test_model import ANOTHER, HIDDEN, chat

from ansible_collections.inference.gateway.plugins.module_utils._kinds.credential import CREDENTIAL

FIELDS = {field.name: field for field in CREDENTIAL.fields}
INFO: dict[str, Any] = {"custom_llm_provider": "hosted_vllm", "mine": {"nested": [1, None]}, "description": "a test"}


@pytest.fixture
def values() -> dict[str, Any]:
    return {
        "api_base": "http://simulator:8000/v1",
        "api_key": secrets.token_hex(16),
        "vertex_credentials": {"private_key": secrets.token_hex(16)},
    }


@pytest.fixture
def slashed(name: str) -> str:
    """LiteLLM has the name in its paths."""
    return f"{name}/a b#c?d=e&f%2F"


def credentials(stack: Stack, name: str, *, wait: bool = False) -> list[dict[str, Any]]:
    """What LiteLLM itself has under this name: in memory, or what it has in its database once it has read that."""
    if wait:
        time.sleep(5)
    found = stack.request("GET", "/credentials").json()["credentials"]
    return [credential for credential in found if credential["credential_name"] == name]


def test_life_of_a_credential(stack: Stack, run: Run, slashed: str, values: dict[str, Any]) -> None:
    options = {"credential_name": slashed, "credential_values": values, "credential_info": INFO}
    foretold = run("litellm_credential", check=True, **options)
    assert credentials(stack, slashed) == []
    created = run("litellm_credential", **options)
    shown = options | {"credential_values": dict.fromkeys(values, HIDDEN)}
    assert created["diff"] == foretold["diff"] == {"before": {}, "after": shown}
    [live] = credentials(stack, slashed)
    assert created["credential"] == shown | {"display_name": None, "source": live.get("source")}
    assert live["credential_values"].keys() == values.keys()
    for check in (True, False):
        again = run("litellm_credential", check=check, **options)
        assert not again["changed"]
        assert again["credential"] == created["credential"]
    assert run("litellm_credential_info", credential_name=slashed)["credentials"] == [created["credential"]]
    assert credentials(stack, slashed, wait=True)
    assert not run("litellm_credential", **options)["changed"]

    assert run("litellm_credential", check=True, credential_name=slashed, state="absent")["changed"]
    assert credentials(stack, slashed)
    gone = run("litellm_credential", credential_name=slashed, state="absent")
    assert gone["changed"]
    assert gone["credential"] is None
    assert credentials(stack, slashed, wait=True) == []
    assert not run("litellm_credential", credential_name=slashed, state="absent")["changed"]


def test_values_are_compared_and_never_shown(stack: Stack, run: Run, slashed: str, values: dict[str, Any]) -> None:
    results = [run("litellm_credential", credential_name=slashed, credential_values=values)]
    for name, other in {"api_base": "http://other", "api_key": "x", "vertex_credentials": {"private_key": "y"}}.items():
        wanted = values | {name: other}
        results.append(run("litellm_credential", credential_name=slashed, credential_values=wanted))
        shown = dict.fromkeys(values, HIDDEN)
        assert results[-1]["diff"] == {
            "before": {"credential_values": shown},
            "after": {"credential_values": shown | {name: ANOTHER}},
        }
        assert not run("litellm_credential", credential_name=slashed, credential_values=wanted)["changed"]
        assert run("litellm_credential", credential_name=slashed, credential_values=values)["changed"]
    results.append(run("litellm_credential_info"))
    for secret in (values["api_key"], values["vertex_credentials"]["private_key"], "fingerprints"):
        assert secret not in str(results)


@needs(FIELDS["credential_values"].removes_since)
def test_values_and_info_are_exactly_what_is_given(
    stack: Stack, run: Run, slashed: str, values: dict[str, Any]
) -> None:
    run("litellm_credential", credential_name=slashed, credential_values=values, credential_info=INFO)
    fewer = {"credential_values": {"api_key": values["api_key"]}, "credential_info": {"mine": {"nested": [1, None]}}}
    for wait in (False, True):
        assert run("litellm_credential", credential_name=slashed, **fewer)["changed"] is not wait
        [live] = credentials(stack, slashed, wait=wait)
        assert live["credential_values"].keys() == {"api_key"}
    # Neither touches the other.
    assert run("litellm_credential", credential_name=slashed, credential_info={})["changed"]
    credentials(stack, slashed, wait=True)
    assert not run(
        "litellm_credential",
        credential_name=slashed,
        credential_info={},
        credential_values=fewer["credential_values"],
    )["changed"]
    run("litellm_credential", credential_name=slashed, credential_info=INFO)
    cleared = run("litellm_credential", credential_name=slashed, credential_values={})
    assert cleared["credential"]["credential_values"] == {}
    [live] = credentials(stack, slashed, wait=True)
    assert live["credential_values"] == {}
    assert run("litellm_credential_info", credential_name=slashed)["credentials"][0]["credential_info"] == INFO


@needs(FIELDS["display_name"].since)
def test_the_displayed_name(run: Run, name: str, values: dict[str, Any]) -> None:
    run("litellm_credential", credential_name=name, credential_values=values, display_name=" Test ")
    assert not run("litellm_credential", credential_name=name, display_name="Test")["changed"]
    for empty in (None, ""):
        assert run("litellm_credential", credential_name=name, display_name=empty)["changed"] is (empty is None)
    assert not run("litellm_credential", credential_name=name, credential_values=values)["changed"]


@needs(FIELDS["credential_values"].removes_since)
def test_a_value_that_somebody_else_added_or_removed_is_seen(
    stack: Stack, run: Run, name: str, values: dict[str, Any]
) -> None:
    run("litellm_credential", credential_name=name, credential_values=values)
    for body in (
        {"credential_values": {"api_version": "1"}},
        {"credential_values_to_delete": ["api_key"]},
    ):
        stack.request("PATCH", f"/credentials/{name}", json={"credential_info": {}} | body).raise_for_status()
        for changed in (True, False):
            assert run("litellm_credential", credential_name=name, credential_values=values)["changed"] is changed
    assert credentials(stack, name)[0]["credential_values"].keys() == values.keys()


def test_a_credential_of_the_configuration_file_is_left_alone(stack: Stack, run: Run) -> None:
    before = credentials(stack, MODEL)
    if "source" not in before[0]:
        pytest.skip("This LiteLLM does not tell where a credential comes from.")
    for options in ({"credential_info": {"x": 1}}, {"state": "absent"}):
        refused = run("litellm_credential", credential_name=MODEL, **options)
        assert "comes from LiteLLM's configuration file" in refused["msg"]
    assert credentials(stack, MODEL) == before
    [found] = run("litellm_credential_info", credential_name=MODEL)["credentials"]
    assert found["source"] == "config"


def test_a_new_credential_must_have_values(stack: Stack, run: Run, name: str) -> None:
    for check in (True, False):
        refused = run("litellm_credential", check=check, credential_name=name, credential_info=INFO)
        assert "give credential_values" in refused["msg"]
    assert credentials(stack, name) == []


def test_a_model_authenticates_with_it(stack: Stack, run: Run, name: str, values: dict[str, Any]) -> None:
    run("litellm_credential", credential_name=name, credential_values={"api_base": values["api_base"]})
    params = {"model": f"hosted_vllm/{MODEL}", "litellm_credential_name": name}
    for changed in (True, False):
        result = run("litellm_model", model_name=name, litellm_params=params)
        assert result["changed"] is changed
        assert result["model"]["litellm_params"]["litellm_credential_name"] == name
    assert chat(stack, name) == 200


def test_a_credential_that_does_not_exist(stack: Stack, run: Run, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.inference.gateway.plugins.module_utils._reconcile.REFRESH", 0)
    params = {"model": f"hosted_vllm/{MODEL}", "litellm_credential_name": name}
    said = run("litellm_model", model_name=name, litellm_params=params)["msg"]
    assert said == (
        f"litellm_params.litellm_credential_name is {name}, but there is no such credential: create it first."
    )
    said = run("litellm_sync", models=[{"model_name": name, "litellm_params": params}])["msg"]
    assert f"there is no credential '{name}', neither declared nor in LiteLLM" in said
    # LiteLLM would have taken it.
    new = {"model_name": name, "litellm_params": params}
    stack.request("POST", "/model/new", json=new).raise_for_status()
