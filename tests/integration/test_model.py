# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import secrets
from typing import Any

import pytest
from conftest import Run
from releases import is_there, needs
from stack import MODEL, Stack

from ansible_collections.inference.gateway.plugins.module_utils._kinds.model import MODEL as KIND
from ansible_collections.inference.gateway.plugins.module_utils._kinds.model import REMOVABLE

NAME = next(field for field in KIND.fields if field.name == KIND.alias)
SIMULATOR: dict[str, Any] = {"model": f"hosted_vllm/{MODEL}", "api_base": "http://simulator:8000/v1"}
PARAMS: dict[str, Any] = SIMULATOR | {
    "rpm": 500,
    "tpm": 100000,
    "timeout": 30.5,
    "input_cost_per_token": 0.000001,
    "tags": ["eu", "test"],
    "extra_body": {"nested": {"list": [1, 2.5, "ü"]}},
}
OTHER: dict[str, Any] = {
    "model": f"openai/{MODEL}",
    "api_base": "http://simulator:8000/other",
    "rpm": 1,
    "tpm": 2,
    "timeout": 31,
    "input_cost_per_token": 0.000002,
    "tags": [],
    "extra_body": {"other": True},
}
INFO: dict[str, Any] = {"mode": "chat", "access_groups": ["test"], "mine": {"nested": [1, None]}, "tags": ["kept"]}
HIDDEN, ANOTHER = "(hidden)", "(hidden, another value)"


@pytest.fixture
def hidden() -> dict[str, Any]:
    """Parameters that LiteLLM leaves out, masks, or gives back as what it has read in its environment."""
    return {
        "api_key": secrets.token_hex(16),
        "aws_session_token": secrets.token_hex(16),
        "vertex_credentials": {"type": "test", "private_key": f"line\n\"{secrets.token_hex(16)}'"},
        "extra_headers": {"Authorization": f"Bearer {secrets.token_hex(16)}", "X-Region": "eu"},
        "organization": "os.environ/HOSTNAME",
    }


def deployments(stack: Stack, name: str) -> list[dict[str, Any]]:
    """What LiteLLM itself has under exactly this name."""
    found = stack.request("GET", "/v2/model/info", params={"search": name}).json()["data"]
    return [row for row in found if row["model_name"] == name]


def chat(stack: Stack, name: str) -> int:
    body = {"model": name, "messages": [{"role": "user", "content": "hello"}]}
    return stack.request("POST", "/v1/chat/completions", json=body).status_code


def test_a_model_is_created_once_read_back_and_serves(stack: Stack, run: Run, name: str) -> None:
    options = {"model_name": name, "litellm_params": PARAMS, "model_info": INFO}
    foretold = run("litellm_model", check=True, **options)
    assert foretold["changed"]
    assert deployments(stack, name) == []

    created = run("litellm_model", **options)
    assert created["diff"] == foretold["diff"]
    [live] = deployments(stack, name)
    assert live["litellm_params"].items() >= PARAMS.items()
    assert live["model_info"].items() >= INFO.items()
    assert created["model"]["litellm_params"].items() >= PARAMS.items()
    assert created["model"]["model_info"].items() >= INFO.items()
    assert created["model"]["model_id"] == live["model_info"]["id"]

    for check in (True, False):
        again = run("litellm_model", check=check, **options)
        assert not again["changed"]
        assert again["model"] == created["model"]
    assert run("litellm_model_info", model_name=name)["models"] == [created["model"]]
    assert run("litellm_model_info", model_id=created["model"]["model_id"])["models"] == [created["model"]]
    assert chat(stack, name) == 200


def test_each_parameter_changes_alone(stack: Stack, run: Run, name: str) -> None:
    run("litellm_model", model_name=name, litellm_params=PARAMS)
    expected = dict(PARAMS)
    for parameter, value in OTHER.items():
        for check in (True, False):
            changed = run("litellm_model", check=check, model_name=name, litellm_params={parameter: value})
            assert changed["diff"] == {
                "before": {"litellm_params": {parameter: PARAMS[parameter]}},
                "after": {"litellm_params": {parameter: value}},
            }
        expected[parameter] = value
        [live] = deployments(stack, name)
        assert live["litellm_params"].items() >= expected.items()
        assert not run("litellm_model", model_name=name, litellm_params={parameter: value})["changed"]


def test_info_changes_alone(stack: Stack, run: Run, name: str) -> None:
    run("litellm_model", model_name=name, litellm_params=PARAMS, model_info=INFO)
    for entry, value in {"mode": "embedding", "access_groups": [], "mine": {"x": 1}, "new": "there"}.items():
        changed = run("litellm_model", model_name=name, model_info={entry: value})
        assert changed["diff"]["after"] == {"model_info": {entry: value}}
        assert not run("litellm_model", model_name=name, model_info={entry: value})["changed"]
    [live] = deployments(stack, name)
    assert live["model_info"]["tags"] == ["kept"]
    assert live["litellm_params"].items() >= PARAMS.items()


def test_secrets_are_compared_and_never_shown(stack: Stack, run: Run, name: str, hidden: dict[str, Any]) -> None:
    created = run("litellm_model", model_name=name, litellm_params=SIMULATOR | hidden)
    results = [created, run("litellm_model", model_name=name, litellm_params=SIMULATOR | hidden)]
    assert not results[-1]["changed"]
    assert created["model"]["litellm_params"].items() >= dict.fromkeys(hidden, HIDDEN).items()
    for parameter, other in {
        "api_key": secrets.token_hex(16),
        "aws_session_token": secrets.token_hex(16),
        "vertex_credentials": {"type": "test", "private_key": "x"},
        "extra_headers": hidden["extra_headers"] | {"X-Region": "us"},
        "organization": "os.environ/HOME",
    }.items():
        results.append(run("litellm_model", model_name=name, litellm_params=hidden | {parameter: other}))
        assert results[-1]["diff"] == {
            "before": {"litellm_params": {parameter: HIDDEN}},
            "after": {"litellm_params": {parameter: ANOTHER}},
        }
        results.append(run("litellm_model", model_name=name, litellm_params=hidden | {parameter: other}))
        assert not results[-1]["changed"]
        results.append(run("litellm_model", model_name=name, litellm_params=hidden))
        assert results[-1]["changed"]
    results.append(run("litellm_model_info", model_name=name))
    private = hidden["vertex_credentials"]["private_key"]
    for secret in (hidden["api_key"], hidden["aws_session_token"], private[6:-1], "Bearer", "fingerprints"):
        assert secret not in str(results)
    # Nor the letters that LiteLLM shows.
    assert hidden["aws_session_token"][:4] not in str(results[-1])


def test_prices_and_the_credential_are_taken_out_by_null_and_others_are_not(stack: Stack, run: Run, name: str) -> None:
    priced = {"input_cost_per_token": 0.000001, "output_cost_per_token": 0.000002, "litellm_credential_name": MODEL}
    run("litellm_model", model_name=name, litellm_params=SIMULATOR | priced)
    for parameter in [each for each in priced if not is_there(REMOVABLE[each])]:
        refused = run("litellm_model", model_name=name, litellm_params={parameter: None})["msg"]
        assert f"is too old for removing {parameter} of litellm_params of model '{name}'" in refused
        del priced[parameter]
    assert run("litellm_model", model_name=name, litellm_params=dict.fromkeys(priced))["changed"]
    assert not run("litellm_model", model_name=name, litellm_params=dict.fromkeys(priced))["changed"]
    [live] = deployments(stack, name)
    assert not live["litellm_params"].keys() & priced.keys()
    refused = run("litellm_model", model_name=name, litellm_params={"api_base": None})
    assert "litellm_params.api_base" in refused["msg"]
    # LiteLLM would have said that it did.
    patch = {"litellm_params": {"api_base": None}}
    stack.request("PATCH", f"/model/{live['model_info']['id']}/update", json=patch).raise_for_status()
    assert deployments(stack, name)[0]["litellm_params"]["api_base"] == SIMULATOR["api_base"]


def test_a_number_or_a_truth_value_that_is_given_as_text_is_no_change(run: Run, name: str) -> None:
    for changed in (True, False):
        params = SIMULATOR | {"rpm": "5", "input_cost_per_token": "0.000001", "drop_params": "true"}
        assert run("litellm_model", model_name=name, litellm_params=params)["changed"] is changed


def test_a_model_is_taken_out_of_use_and_back(stack: Stack, run: Run, name: str) -> None:
    run("litellm_model", model_name=name, litellm_params=SIMULATOR)
    assert chat(stack, name) == 200
    for blocked in (True, False):
        for check in (True, False):
            assert run("litellm_model", check=check, model_name=name, blocked=blocked)["diff"] == {
                "before": {"blocked": not blocked},
                "after": {"blocked": blocked},
            }
        assert not run("litellm_model", model_name=name, blocked=blocked)["changed"]
        assert (chat(stack, name) == 200) is not blocked


def test_deployments_that_share_a_name(stack: Stack, run: Run, name: str) -> None:
    identities = [f"{name}-ams", f"{name} fra#1"]
    for identity in identities:
        options = {"model_name": name, "model_id": identity, "litellm_params": PARAMS}
        assert run("litellm_model", **options)["model"]["model_id"] == identity
        assert not run("litellm_model", **options)["changed"]
    assert len(deployments(stack, name)) == 2
    refused = run("litellm_model", model_name=name, litellm_params={"rpm": 1})
    assert all(identity in refused["msg"] for identity in identities)
    assert run("litellm_model", model_name=name, model_id=identities[1], litellm_params={"rpm": 1})["changed"]
    rates = {row["model_info"]["id"]: row["litellm_params"]["rpm"] for row in deployments(stack, name)}
    assert rates == dict(zip(identities, (500, 1), strict=True))
    for changed in (True, False):
        gone = run("litellm_model", model_name=name, model_id=identities[0], state="absent")
        assert gone["changed"] is changed
    assert not run("litellm_model", model_name=name, litellm_params={"rpm": 1})["changed"]


@needs(NAME.changes_since)
def test_a_model_is_renamed_by_its_identity(stack: Stack, run: Run, name: str) -> None:
    identity = run("litellm_model", model_name=name, litellm_params=PARAMS)["model"]["model_id"]
    renamed = run("litellm_model", model_name=f"{name}-new", model_id=identity)
    assert renamed["diff"] == {"before": {"model_name": name}, "after": {"model_name": f"{name}-new"}}
    assert deployments(stack, name) == []
    assert deployments(stack, f"{name}-new")[0]["model_info"]["id"] == identity


def test_a_name_that_is_a_pattern_and_part_of_another(stack: Stack, run: Run, name: str) -> None:
    run("litellm_model", model_name=f"{name}-eu", litellm_params=PARAMS)
    pattern = {"model_name": f"{name}/*", "litellm_params": {"model": "openai/*", "api_key": "none"}}
    for changed in (True, False):
        assert run("litellm_model", **pattern)["changed"] is changed
    assert [model["model_name"] for model in run("litellm_model_info", model_name=f"{name}/*")["models"]] == [
        f"{name}/*"
    ]
    assert run("litellm_model", model_name=name, litellm_params=PARAMS)["diff"]["before"] == {}


def test_a_model_of_the_configuration_file_is_left_alone(stack: Stack, run: Run) -> None:
    [live] = deployments(stack, MODEL)
    for identity in ({}, {"model_id": live["model_info"]["id"]}):
        for options in ({"litellm_params": {"rpm": 1}}, {"state": "absent"}):
            refused = run("litellm_model", model_name=MODEL, **identity, **options)
            assert "comes from LiteLLM's configuration file" in refused["msg"]
    assert deployments(stack, MODEL) == [live]
    [found] = run("litellm_model_info", model_name=MODEL)["models"]
    assert not found["db_model"]


def test_a_new_model_must_say_which_it_is(stack: Stack, run: Run, name: str) -> None:
    for check in (True, False):
        refused = run("litellm_model", check=check, model_name=name, litellm_params={"rpm": 1})
        assert "give litellm_params with at least model" in refused["msg"]
    slashed = run("litellm_model", model_name=name, model_id="a/b", litellm_params=PARAMS)
    assert "slash" in slashed["msg"]
    assert deployments(stack, name) == []


def test_a_model_that_litellm_cannot_serve_is_an_error(run: Run, name: str) -> None:
    refused = run("litellm_model", model_name=name, litellm_params={"model": "no-such-provider", "api_key": "none"})
    assert refused["failed"]
    assert "not being served" in refused["msg"]


def test_a_model_is_deleted_once(stack: Stack, run: Run, name: str) -> None:
    run("litellm_model", model_name=name, litellm_params=PARAMS)
    assert run("litellm_model", check=True, model_name=name, state="absent")["changed"]
    assert len(deployments(stack, name)) == 1
    gone = run("litellm_model", model_name=name, state="absent")
    assert gone["changed"]
    assert gone["model"] is None
    assert deployments(stack, name) == []
    assert not run("litellm_model", model_name=name, state="absent")["changed"]


def test_a_team_may_use_a_model_of_the_database(run: Run, name: str) -> None:
    run("litellm_model", model_name=name, litellm_params=PARAMS, model_info={"access_groups": [f"{name}-group"]})
    assert run("litellm_team", team_alias=name, models=[name, f"{name}-group"])["changed"]
