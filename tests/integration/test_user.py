# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from object_permission import keeps_object_permission
from releases import clearing
from stack import MODEL, Stack

from ansible_collections.inference.gateway.plugins.module_utils._kinds.user import USER

FULL: dict[str, Any] = {
    "user_alias": "Alice",
    "user_role": "internal_user",
    "models": [MODEL],
    "rpm_limit": 60,
    "tpm_limit": 1000,
    "max_parallel_requests": 4,
    "max_budget": 5.0,
    "budget_duration": "30d",
    "metadata": {"cost_center": "4711", "nested": {"list": [1, 2.5, None, "ü"]}},
}
OTHER: dict[str, Any] = {
    "user_alias": "Älice B.",
    "user_role": "proxy_admin_viewer",
    "models": ["all-proxy-models"],
    "rpm_limit": 0,
    "tpm_limit": 9007199254740993,  # more than a double holds
    "max_parallel_requests": 0,
    "max_budget": 0.0,
    "budget_duration": "7d",
    "model_max_budget": {MODEL: {"max_budget": 1.5, "budget_duration": "1d"}},
    "metadata": {"other": True},
}
EMPTY: dict[str, Any] = clearing(
    USER,
    {
        "user_alias": None,
        "rpm_limit": None,
        "tpm_limit": None,
        "max_budget": None,
        "budget_duration": None,
        "model_max_budget": {},
        "metadata": {},
    },
)


def user(stack: Stack, user_id: str) -> dict[str, Any] | None:
    """What LiteLLM itself has of this user."""
    answer = stack.request("GET", "/user/list", params={"user_ids": user_id, "page_size": 100})
    return next((each for each in answer.json()["users"] if each["user_id"] == user_id), None)


def keys(stack: Stack, user_id: str) -> list[str]:
    return stack.request("GET", "/key/list", params={"user_id": user_id}).json()["keys"]


def new_key(stack: Stack, user_id: str) -> str:
    return stack.request("POST", "/key/generate", json={"user_id": user_id}).json()["key"]


def chat(stack: Stack, key: str) -> int:
    hello = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}]}
    return stack.request("POST", "/v1/chat/completions", key=key, json=hello).status_code


def test_a_user_is_created_once_and_read_back(stack: Stack, run: Run, name: str) -> None:
    options = FULL | {"user_email": f"{name}@example.com", "sso_user_id": f"sso-{name}"}
    foretold = run("litellm_user", check=True, user_id=name, **options)
    assert foretold["changed"]
    assert user(stack, name) is None

    created = run("litellm_user", user_id=name, **options)
    assert created["changed"]
    assert created["diff"] == foretold["diff"]
    assert {option: created["user"][option] for option in options} == options
    live = user(stack, name)
    assert {option: live[option] for option in options} == options
    assert keys(stack, name) == []

    for check in (True, False):
        again = run("litellm_user", check=check, user_id=name, **options)
        assert not again["changed"]
        assert again["user"] == created["user"]
    assert run("litellm_user_info", user_id=name)["users"] == [created["user"]]
    assert run("litellm_user_info", user_email=f"{name}@example.com")["users"] == [created["user"]]
    assert created["user"] in run("litellm_user_info")["users"]


@pytest.mark.parametrize("option", OTHER)
def test_each_field_changes_alone(stack: Stack, run: Run, name: str, option: str) -> None:
    run("litellm_user", user_id=name, **FULL)
    for check in (True, False):
        changed = run("litellm_user", check=check, user_id=name, **{option: OTHER[option]})
        assert changed["diff"] == {"before": {option: FULL.get(option, {})}, "after": {option: OTHER[option]}}
    assert not run("litellm_user", user_id=name, **{option: OTHER[option]})["changed"]
    live = user(stack, name)
    assert {each: live[each] for each in FULL} | {option: live[option]} == FULL | {option: OTHER[option]}


@pytest.mark.parametrize("option", EMPTY)
def test_each_field_is_cleared_alone(stack: Stack, run: Run, name: str, option: str) -> None:
    run("litellm_user", user_id=name, **FULL)
    run("litellm_user", user_id=name, **OTHER)
    cleared = run("litellm_user", user_id=name, **{option: EMPTY[option]})
    assert cleared["changed"]
    assert {each: cleared["user"][each] for each in OTHER} == OTHER | {option: EMPTY[option]}
    assert not run("litellm_user", user_id=name, **{option: EMPTY[option]})["changed"]


@pytest.mark.parametrize("option", ["user_email", "user_role", "models", "max_parallel_requests"])
def test_litellm_still_has_no_way_to_clear_a_field_that_is_refused(
    stack: Stack, run: Run, name: str, option: str
) -> None:
    full = FULL | {"user_email": f"{name}@example.com"}
    run("litellm_user", user_id=name, **full)
    empty = [] if option == "models" else None
    assert run("litellm_user", user_id=name, **{option: empty})["failed"]
    stack.request("POST", "/user/update", json={"user_id": name, option: empty}).raise_for_status()
    assert user(stack, name)[option] == full[option]


def test_the_address_is_changed_but_not_to_that_of_another(stack: Stack, run: Run, name: str) -> None:
    run("litellm_user", user_id=f"{name}-1", user_email=f"{name}-1@example.com")
    for user_id in (f"{name}-2", f"{name}-3"):
        run("litellm_user", user_id=f"{name}-2", user_email=f"{name}-2@example.com")
        refused = run("litellm_user", user_id=user_id, user_email=f"{name.upper()}-1@example.com")
        assert refused["failed"]
        assert f"the address of user '{name}-1'" in refused["msg"]
    assert run("litellm_user", user_id=f"{name}-2", user_email=f"{name}-22@example.com")["changed"]
    assert user(stack, f"{name}-2")["user_email"] == f"{name}-22@example.com"
    assert user(stack, f"{name}-3") is None


def test_the_identity_of_single_sign_on_is_that_of_a_new_user(stack: Stack, run: Run, name: str) -> None:
    run("litellm_user", user_id=name, sso_user_id=f"sso-{name}")
    assert "LiteLLM takes it of a new user only" in run("litellm_user", user_id=name, sso_user_id="other")["msg"]
    stack.request("POST", "/user/update", json={"user_id": name, "sso_user_id": "other"})
    assert user(stack, name)["sso_user_id"] == f"sso-{name}"


def test_metadata_keeps_what_litellm_keeps_there(stack: Stack, run: Run, name: str) -> None:
    run("litellm_user", user_id=name, metadata={"old": 1})
    limits = {"user_id": name, "model_rpm_limit": {MODEL: 3}}
    stack.request("POST", "/user/update", json=limits).raise_for_status()
    for metadata in ({"new": 2}, {}):
        assert run("litellm_user", user_id=name, metadata=metadata)["changed"]
        assert user(stack, name)["metadata"] == metadata | {"model_rpm_limit": {MODEL: 3}}


@pytest.mark.parametrize("odd", ["a b/c?d=e&f#g%h", "CORP\\alice", "cn=alice,ou=people", "älice+x@example.com", "a_b"])
def test_odd_names_are_found_again(stack: Stack, run: Run, name: str, odd: str) -> None:
    assert run("litellm_user", user_id=f"{name}{odd}", rpm_limit=1)["changed"]
    assert not run("litellm_user", user_id=f"{name}{odd}", rpm_limit=1)["changed"]
    assert run("litellm_user", user_id=f"{name}{odd}", rpm_limit=2)["changed"]
    assert run("litellm_user", user_id=f"{name}{odd}", state="absent")["changed"]
    assert not run("litellm_user", user_id=f"{name}{odd}", state="absent")["changed"]


def test_a_name_that_is_part_of_another_is_another(stack: Stack, run: Run, name: str) -> None:
    run("litellm_user", user_id=f"{name}-eu", rpm_limit=1)
    run("litellm_user", user_id=name.upper(), rpm_limit=1)
    assert run("litellm_user", user_id=name, rpm_limit=2)["diff"]["before"] == {}
    assert user(stack, f"{name}-eu")["rpm_limit"] == 1


def test_a_user_with_keys_is_deleted_with_force_only(stack: Stack, run: Run, name: str) -> None:
    run("litellm_user", user_id=name)
    key = new_key(stack, name)
    assert stack.request("GET", "/v1/models", key=key).status_code == 200
    refused = run("litellm_user", user_id=name, state="absent")
    assert refused["failed"]
    assert "set force to true" in refused["msg"]
    gone = run("litellm_user", user_id=name, state="absent", force=True)
    assert gone["changed"]
    assert gone["user"] is None
    assert user(stack, name) is None
    assert not run("litellm_user", user_id=name, state="absent")["changed"]
    assert stack.request("GET", "/v1/models", key=key).status_code in (401, 403)


def test_the_limits_of_a_user_hold_for_the_keys_together(stack: Stack, run: Run, name: str) -> None:
    run("litellm_user", user_id=name, rpm_limit=2)
    one, other = new_key(stack, name), new_key(stack, name)
    assert [chat(stack, one), chat(stack, other), chat(stack, one), chat(stack, other)] == [200, 200, 429, 429]


@pytest.mark.parametrize("odd", ["", " b+c"])
def test_other_things_that_a_user_may_use(run: Run, name: str, odd: str) -> None:
    keeps_object_permission(run, "user", f"{name}{odd}", "user_alias")


def test_what_a_directory_says_of_a_user_is_not_lost(stack: Stack, run: Run, name: str) -> None:
    said = {"scim_active": False, "scim_metadata": {"givenName": "Ann"}, "scim_roles": [{"value": "dev"}]}
    new = {"user_id": name, "auto_create_key": False, "metadata": said}
    stack.request("POST", "/user/new", json=new).raise_for_status()
    [listed] = stack.request("GET", "/user/list", params={"user_ids": name}).json()["users"]
    result = run("litellm_user", user_id=name, metadata={"a": 1})
    # An older LiteLLM shows all of it, so that it can be sent along.
    assert bool(result.get("failed")) == ("scim_roles" not in listed["metadata"])
    assert run("litellm_user", user_id=name, rpm_limit=5)["changed"]
    [after] = stack.request("GET", "/user/list", params={"user_ids": name}).json()["users"]
    assert after["metadata"].items() >= listed["metadata"].items()


def test_a_user_who_was_deactivated_stays_so(stack: Stack, run: Run, name: str) -> None:
    new = {"user_id": name, "auto_create_key": False, "metadata": {"scim_active": False}}
    stack.request("POST", "/user/new", json=new).raise_for_status()
    assert run("litellm_user", user_id=name, metadata={"a": 1})["user"]["metadata"] == {"a": 1}
    [after] = stack.request("GET", "/user/list", params={"user_ids": name}).json()["users"]
    assert after["metadata"] == {"scim_active": False, "a": 1}
