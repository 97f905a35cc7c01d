# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import secrets
import time
from typing import Any

import pytest
from conftest import Run
from stack import MODEL, Stack

FULL: dict[str, Any] = {
    "models": [MODEL],
    "rpm_limit": 60,
    "tpm_limit": 1000,
    "max_parallel_requests": 4,
    "max_budget": 5.0,
    "budget_duration": "30d",
    "duration": "90d",
    "metadata": {"cost_center": "4711"},
}
OTHER: dict[str, Any] = {
    "models": ["all-team-models"],
    "rpm_limit": 61,
    "tpm_limit": 9007199254740993,
    "max_parallel_requests": 5,
    "max_budget": 0.25,
    "budget_duration": "7d",
    "duration": "30d",
    "metadata": {"other": True},
}
EMPTY: dict[str, Any] = dict.fromkeys(FULL) | {"models": [], "metadata": {}}
HELLO = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}]}


@pytest.fixture
def value() -> str:
    return f"sk-{secrets.token_urlsafe(24)}"


def keys(stack: Stack, alias: str) -> list[dict[str, Any]]:
    """What LiteLLM itself has under this alias."""
    query = {"key_alias": alias, "return_full_object": "true"}
    return stack.request("GET", "/key/list", params=query).json()["keys"]


def chat(stack: Stack, key: str, **options: Any) -> int:
    return stack.request("POST", "/v1/chat/completions", key=key, json=HELLO | options).status_code


def test_a_key_is_created_once_and_read_back(stack: Stack, run: Run, name: str, value: str) -> None:
    foretold = run("litellm_key", check=True, key_alias=name, key=value, **FULL)
    assert foretold["changed"]
    assert keys(stack, name) == []

    created = run("litellm_key", key_alias=name, key=value, **FULL)
    assert created["changed"]
    assert created["diff"] == foretold["diff"]
    assert {option: created["key"][option] for option in FULL} == FULL
    assert created["key"]["expires"]
    [live] = keys(stack, name)
    assert {option: live[option] for option in FULL if option not in ("duration", "metadata")}.items() <= FULL.items()

    for check in (True, False):
        again = run("litellm_key", check=check, key_alias=name, key=value, **FULL)
        assert not again["changed"]
        assert again["key"] == created["key"]
    # Without its value it is the same key.
    assert not run("litellm_key", key_alias=name, **FULL)["changed"]
    assert run("litellm_key_info", key_alias=name)["keys"] == [created["key"]]
    assert value not in str([foretold, created, again])
    assert live["token"] == created["key"]["token"]


@pytest.mark.parametrize("option", FULL)
def test_each_field_changes_alone(run: Run, name: str, value: str, option: str) -> None:
    before = run("litellm_key", key_alias=name, key=value, **FULL)["key"]
    for check in (True, False):
        changed = run("litellm_key", check=check, key_alias=name, **{option: OTHER[option]})
        assert changed["diff"] == {"before": {option: FULL[option]}, "after": {option: OTHER[option]}}
    assert not run("litellm_key", key_alias=name, **{option: OTHER[option]})["changed"]
    assert {each: changed["key"][each] for each in FULL} == FULL | {option: OTHER[option]}
    assert (changed["key"]["expires"] == before["expires"]) == (option != "duration")


@pytest.mark.parametrize("option", FULL)
def test_each_field_is_cleared_alone(run: Run, name: str, value: str, option: str) -> None:
    run("litellm_key", key_alias=name, key=value, **FULL)
    cleared = run("litellm_key", key_alias=name, **{option: EMPTY[option]})
    assert cleared["changed"]
    assert not run("litellm_key", key_alias=name, **{option: EMPTY[option]})["changed"]
    assert {each: cleared["key"][each] for each in FULL} == FULL | {option: EMPTY[option]}
    assert (cleared["key"]["expires"] is None) == (option == "duration")


def test_a_key_joins_a_team_by_name_and_leaves_it(stack: Stack, run: Run, name: str, value: str) -> None:
    refused = run("litellm_key", key_alias=name, key=value, team_alias=name)
    assert refused["failed"]
    assert f"There is no team '{name}'" in refused["msg"]
    assert keys(stack, name) == []

    team_id = run("litellm_team", team_alias=name, models=[MODEL])["team"]["team_id"]
    assert run("litellm_key", key_alias=name, key=value, team_alias=name)["key"]["team_id"] == team_id
    assert [key["key_alias"] for key in run("litellm_key_info", team_alias=name)["keys"]] == [name]
    assert not run("litellm_key", key_alias=name, team_id=team_id)["changed"]
    assert run("litellm_key", key_alias=name, team_alias="")["key"]["team_id"] is None


def test_a_key_without_a_place_for_its_value_is_refused(stack: Stack, run: Run, name: str) -> None:
    refused = run("litellm_key", key_alias=name)
    assert refused["failed"]
    assert "its value would be lost" in refused["msg"]
    assert keys(stack, name) == []


def test_a_value_that_another_key_has_is_refused(stack: Stack, run: Run, name: str, value: str) -> None:
    run("litellm_key", key_alias=name, key=value)
    refused = run("litellm_key", key_alias=f"{name}-other", key=value)  # LiteLLM itself answers 200 and stores nothing
    assert refused["failed"]
    assert keys(stack, f"{name}-other") == []


def test_a_key_gets_another_value_only_when_that_is_wanted(stack: Stack, run: Run, name: str, value: str) -> None:
    run("litellm_key", key_alias=name, key=value, **FULL)
    new = f"{value}-new"
    refused = run("litellm_key", key_alias=name, key=new)
    assert refused["failed"]
    assert "recreate" in refused["msg"]
    assert chat(stack, value) == 200

    made_anew = run("litellm_key", key_alias=name, key=new, recreate=True)
    assert made_anew["changed"]
    assert {option: made_anew["key"][option] for option in FULL} == FULL
    assert chat(stack, new) == 200
    assert chat(stack, value) in (401, 403)
    assert new not in str(made_anew)


def test_a_key_chats_and_what_it_spends_is_logged(stack: Stack, run: Run, name: str, value: str) -> None:
    run("litellm_key", key_alias=name, key=value, models=[MODEL])
    answer = stack.request("POST", "/v1/chat/completions", key=value, json=HELLO)
    assert answer.status_code == 200, answer.text
    assert "Hello" in answer.json()["choices"][0]["message"]["content"]
    [token] = [key["token"] for key in keys(stack, name)]
    deadline = time.monotonic() + 30  # LiteLLM writes its log every few seconds
    while not (logs := stack.request("GET", "/spend/logs", params={"api_key": token}).json()):
        assert time.monotonic() < deadline, "nothing was logged within 30 s"
        time.sleep(1)
    assert [log["total_tokens"] for log in logs] == [answer.json()["usage"]["total_tokens"]]


def test_a_key_is_refused_exactly_after_its_limit(stack: Stack, run: Run, name: str, value: str) -> None:
    run("litellm_key", key_alias=name, key=value, rpm_limit=4)
    assert [chat(stack, value) for _attempt in range(7)] == [200] * 4 + [429] * 3
    run("litellm_key", key_alias=name, rpm_limit=None)
    assert chat(stack, value) == 200


def test_the_keys_of_a_team_share_its_limit(stack: Stack, run: Run, name: str, value: str) -> None:
    run("litellm_team", team_alias=name, rpm_limit=3)
    for suffix in ("a", "b"):
        run("litellm_key", key_alias=f"{name}-{suffix}", key=f"{value}{suffix}", team_alias=name)
    assert [chat(stack, f"{value}{suffix}") for suffix in "abababab"] == [200] * 3 + [429] * 5


def test_limits_are_counted_in_valkey(stack: Stack, run: Run, name: str, value: str) -> None:
    run("litellm_key", key_alias=name, key=value, rpm_limit=4)
    chat(stack, value)
    [token] = [key["token"] for key in keys(stack, name)]
    assert any(token in counter for counter in stack.valkey_keys())


def test_a_key_reaches_its_own_models_only(stack: Stack, run: Run, name: str, value: str) -> None:
    refused = run("litellm_key", key_alias=name, key=value, models=["no-such-model"])
    assert refused["failed"]
    assert "no-such-model" in refused["msg"]
    assert keys(stack, name) == []
    run("litellm_key", key_alias=name, key=value, models=["no-default-models"])
    assert chat(stack, value) == 403
    assert chat(stack, value, model="no-such-model") in (400, 403)


def test_a_key_is_deleted_once_and_stops_at_once(stack: Stack, run: Run, name: str, value: str) -> None:
    run("litellm_key", key_alias=name, key=value)
    assert chat(stack, value) == 200
    assert run("litellm_key", check=True, key_alias=name, state="absent")["changed"]
    assert chat(stack, value) == 200
    gone = run("litellm_key", key_alias=name, state="absent")
    assert gone["changed"]
    assert gone["key"] is None
    assert chat(stack, value) in (401, 403)
    assert keys(stack, name) == []
    assert not run("litellm_key", key_alias=name, state="absent")["changed"]
    # Its name is free again.
    assert run("litellm_key", key_alias=name, key=f"{value}-new")["changed"]
