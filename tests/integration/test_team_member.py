# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from stack import MODEL, Stack

FULL: dict[str, Any] = {
    "max_budget_in_team": 5.0,
    "budget_duration": "30d",
    "rpm_limit": 60,
    "tpm_limit": 9007199254740993,
    "allowed_models": [MODEL],
}
OTHER: dict[str, Any] = {
    "max_budget_in_team": 0.25,
    "budget_duration": "7d",
    "rpm_limit": 0,
    "tpm_limit": 1,
    "allowed_models": ["all-team-models"],
}
EMPTY: dict[str, Any] = dict.fromkeys(FULL) | {"allowed_models": []}


@pytest.fixture
def ann(run: Run, name: str) -> dict[str, str]:
    """A user, and a team of the same name that the user is not in."""
    run("litellm_team", team_alias=name)
    return {"team_alias": name, "user_id": f"ann-{name}"}


def members(stack: Stack, team_id: str) -> list[str]:
    answer = stack.request("GET", "/team/info", params={"team_id": team_id}).json()
    return [member["user_id"] for member in answer["team_info"]["members_with_roles"]]


def test_life_of_a_member(stack: Stack, run: Run, name: str, ann: dict[str, str]) -> None:
    foretold = run("litellm_team_member", check=True, **ann, **FULL)
    assert foretold["changed"]
    created = run("litellm_team_member", **ann, **FULL)
    assert created["diff"] == foretold["diff"]
    assert {option: created["member"][option] for option in FULL} == FULL
    team_id = created["member"]["team_id"]
    assert ann["user_id"] in members(stack, team_id)

    for check in (True, False):
        again = run("litellm_team_member", check=check, **ann, **FULL)
        assert not again["changed"]
        assert again["member"] == created["member"]
    for asked in (ann, {"team_id": team_id, "user_id": ann["user_id"]}):
        assert run("litellm_team_member_info", **asked)["members"] == [created["member"]]

    for check in (True, False):
        gone = run("litellm_team_member", check=check, **ann, state="absent")
        assert gone["changed"]
        assert (ann["user_id"] in members(stack, team_id)) == check
    assert not run("litellm_team_member", **ann, state="absent")["changed"]


@pytest.mark.parametrize("option", FULL)
def test_each_limit_changes_and_is_cleared_alone(run: Run, ann: dict[str, str], option: str) -> None:
    run("litellm_team_member", **ann, **FULL)
    for given, before, after in [
        (OTHER[option], FULL[option], OTHER[option]),
        (None, OTHER[option], EMPTY[option]),
        (FULL[option], EMPTY[option], FULL[option]),
        (EMPTY[option], FULL[option], EMPTY[option]),
    ]:
        foretold = run("litellm_team_member", check=True, **ann, **{option: given})
        changed = run("litellm_team_member", **ann, **{option: given})
        assert changed["diff"] == foretold["diff"] == {"before": {option: before}, "after": {option: after}}
        again = run("litellm_team_member", **ann, **{option: given})
        assert not again["changed"]
        assert {each: again["member"][each] for each in FULL} == FULL | {option: after}


@pytest.mark.parametrize("option", FULL)
def test_one_limit_alone(run: Run, ann: dict[str, str], option: str) -> None:
    assert run("litellm_team_member", **ann, **{option: FULL[option]})["member"][option] == FULL[option]
    assert not run("litellm_team_member", **ann, **{option: FULL[option]})["changed"]
    assert run("litellm_team_member", **ann, **{option: None})["changed"]
    assert not run("litellm_team_member", **ann, **EMPTY)["changed"]


def test_members_without_limits_have_those_of_the_team(run: Run, name: str, ann: dict[str, str]) -> None:
    run("litellm_team", team_alias=name, team_member_budget=9, team_member_rpm_limit=3)
    if run("litellm_team_member", **ann)["member"]["max_budget_in_team"]:
        pytest.skip("This LiteLLM gives each new member a copy of the team's limits.")
    assert not run("litellm_team_member", **ann, **EMPTY)["changed"]
    # The first limit of their own takes the others along, and the team's stay as they are.
    changed = run("litellm_team_member", **ann, max_budget_in_team=1)["member"]
    assert (changed["max_budget_in_team"], changed["rpm_limit"]) == (1, 3)
    assert not run("litellm_team_member", **ann, max_budget_in_team=1)["changed"]
    assert run("litellm_team_info", team_alias=name)["teams"][0]["team_member_budget"] == 9
    assert run("litellm_team_member", **ann, **EMPTY)["changed"]
    assert not run("litellm_team_member", **ann, **EMPTY)["changed"]


def test_models_of_a_new_member_that_the_team_has_for_new_members(run: Run, name: str, ann: dict[str, str]) -> None:
    run("litellm_team", team_alias=name, default_team_member_models=[MODEL])
    assert run("litellm_team_member", **ann)["member"]["allowed_models"] == [MODEL]
    bob = {"team_alias": name, "user_id": f"bob-{name}"}
    assert run("litellm_team_member", **bob, allowed_models=[])["member"]["allowed_models"] == []
    assert not run("litellm_team_member", **bob, allowed_models=[])["changed"]


def test_a_member_by_email_in_any_case_of_letters(stack: Stack, run: Run, name: str, ann: dict[str, str]) -> None:
    email = f"Eve-{name}@Example.com"
    user = {"user_id": f"eve-{name}", "user_email": email, "auto_create_key": False}
    stack.request("POST", "/user/new", json=user).raise_for_status()
    eve = {"team_alias": name, "user_email": email.swapcase()}
    added = run("litellm_team_member", **eve, rpm_limit=5)
    assert added["member"]["user_id"] == user["user_id"]
    assert added["member"]["user_email"] == email.lower()
    for again in (eve, {"team_alias": name, "user_id": user["user_id"]}):
        assert not run("litellm_team_member", **again, rpm_limit=5)["changed"]
    # A user whom LiteLLM does not know yet.
    new = {"team_alias": name, "user_email": f"New-{name}@example.com"}
    assert run("litellm_team_member", **new, rpm_limit=5)["member"]["user_id"]
    assert not run("litellm_team_member", **new, rpm_limit=5)["changed"]
    assert run("litellm_team_member", **new, state="absent")["changed"]
    assert not run("litellm_team_member", **new, state="absent")["changed"]


def test_an_admin_needs_a_licence(run: Run, ann: dict[str, str]) -> None:
    assert "needs an enterprise licence of LiteLLM" in run("litellm_team_member", **ann, role="admin")["msg"]
    run("litellm_team_member", **ann, role="user")
    assert "needs an enterprise licence of LiteLLM" in run("litellm_team_member", **ann, role="admin")["msg"]
    assert not run("litellm_team_member", **ann, role=None)["changed"]


def test_a_member_with_keys_is_taken_out_with_force_only(stack: Stack, run: Run, ann: dict[str, str]) -> None:
    team_id = run("litellm_team_member", **ann)["member"]["team_id"]
    mine = {"team_id": team_id, "user_id": ann["user_id"]}
    key = stack.request("POST", "/key/generate", json=mine).json()["key"]
    assert stack.request("GET", "/v1/models", key=key).status_code == 200
    assert "set force to true" in run("litellm_team_member", **ann, state="absent")["msg"]
    assert run("litellm_team_member", **ann, state="absent", force=True)["changed"]
    assert stack.request("GET", "/v1/models", key=key).status_code in (401, 403)


def test_a_team_or_a_model_that_does_not_exist(run: Run, name: str, ann: dict[str, str]) -> None:
    missing = run("litellm_team_member", team_alias=f"{name}-none", user_id="ann")["msg"]
    assert missing == f"There is no team '{name}-none': create it first."
    assert not run("litellm_team_member", team_alias=f"{name}-none", user_id="ann", state="absent")["changed"]
    assert "no-such-model" in run("litellm_team_member", **ann, allowed_models=["no-such-model"])["msg"]
