# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import OMIT, Run
from litellm_stand_in import Fault, LiteLLMStandIn, digest

ANN = {"team_alias": "search", "user_id": "ann"}
FULL: dict[str, Any] = {
    "max_budget_in_team": 5.0,
    "budget_duration": "30d",
    "rpm_limit": 60,
    "tpm_limit": 1000,
    "allowed_models": ["chat-small"],
}
OTHER: dict[str, Any] = {
    "max_budget_in_team": 0.0,
    "budget_duration": "7d",
    "rpm_limit": 0,
    "tpm_limit": 1,
    "allowed_models": ["chat-large", "chat-small"],
}
EMPTY: dict[str, Any] = dict.fromkeys(FULL) | {"allowed_models": []}


@pytest.fixture
def team(litellm: LiteLLMStandIn) -> str:
    litellm.add_team(team_alias="search-eu")
    return litellm.add_team(team_alias="search")


def own(litellm: LiteLLMStandIn, team: str, user: str) -> dict[str, Any]:
    """A member's own limits, by the names of the options."""
    budget = litellm.member(team, user)
    return {name: budget["max_budget" if name == "max_budget_in_team" else name] for name in FULL}


def test_life_of_a_member(litellm: LiteLLMStandIn, run: Run, team: str) -> None:
    foretold = run("litellm_team_member", check=True, **ANN, **FULL)
    assert foretold["changed"]
    assert foretold["member"] == FULL | {
        "team_id": None,
        "team_alias": None,
        "user_id": "ann",
        "user_email": None,
        "role": "user",
        "spend": None,
    }
    assert not litellm.written

    created = run("litellm_team_member", **ANN, **FULL)
    assert created["diff"] == foretold["diff"] == {"before": {}, "after": FULL | {"user_id": "ann"}}
    known = {"team_id": team, "team_alias": "search", "user_id": "ann", "user_email": None, "role": "user"}
    assert created["member"] == FULL | known | {"spend": 0.0}
    assert own(litellm, team, "ann") == FULL
    # Limits per minute are only taken by an update.
    assert [request.path for request in litellm.written] == ["/team/member_add", "/team/member_update"]
    assert litellm.written[-1].body == {"team_id": team, "user_id": "ann", "rpm_limit": 60, "tpm_limit": 1000}

    for check in (True, False):
        again = run("litellm_team_member", check=check, **ANN, **FULL)
        assert not again["changed"]
        assert again["member"] == created["member"]

    for check in (True, False):
        gone = run("litellm_team_member", check=check, **ANN, state="absent")
        assert gone["changed"]
        assert gone["member"] is None
        assert gone["diff"] == {"before": FULL | {"user_id": "ann"}, "after": {}}
        assert ((team, "ann") in litellm.memberships) == check
    assert not run("litellm_team_member", **ANN, state="absent")["changed"]


@pytest.mark.parametrize("name", FULL)
def test_each_limit_changes_and_is_cleared_alone(litellm: LiteLLMStandIn, run: Run, team: str, name: str) -> None:
    run("litellm_team_member", **ANN, **FULL)
    foretold = run("litellm_team_member", check=True, **ANN, **{name: OTHER[name]})
    changed = run("litellm_team_member", **ANN, **{name: OTHER[name]})
    assert changed["diff"] == foretold["diff"] == {"before": {name: FULL[name]}, "after": {name: OTHER[name]}}
    assert own(litellm, team, "ann") == FULL | {name: OTHER[name]}
    assert not run("litellm_team_member", **ANN, **{name: OTHER[name]})["changed"]
    for empty in (None, EMPTY[name]):
        cleared = run("litellm_team_member", **ANN, **{name: empty})
        assert cleared["member"][name] == EMPTY[name]
        assert own(litellm, team, "ann") == FULL | {name: EMPTY[name]}
        assert not run("litellm_team_member", **ANN, **{name: empty})["changed"]
        run("litellm_team_member", **ANN, **FULL)


def test_members_without_limits_have_those_of_the_team(litellm: LiteLLMStandIn, run: Run, team: str) -> None:
    run("litellm_team", team_alias="search", team_member_budget=9, team_member_rpm_limit=3)
    shared = litellm.team("search")["metadata"]["team_member_budget_id"]
    assert run("litellm_team_member", **ANN)["member"]["max_budget_in_team"] is None
    assert litellm.memberships[team, "ann"] == shared
    # No limit of their own is what they have.
    assert not run("litellm_team_member", **ANN, **EMPTY)["changed"]
    # The first one of their own takes the others along.
    changed = run("litellm_team_member", **ANN, max_budget_in_team=9)["member"]
    assert (changed["max_budget_in_team"], changed["rpm_limit"]) == (9, 3)
    assert litellm.team_budgets[shared]["max_budget"] == 9
    run("litellm_team_member", **ANN, max_budget_in_team=1)
    assert litellm.team_budgets[shared]["max_budget"] == 9
    assert run("litellm_team_member", **ANN, **EMPTY)["changed"]
    assert litellm.memberships[team, "ann"] is None
    assert not run("litellm_team_member", **ANN, **EMPTY)["changed"]


def test_a_member_by_email(litellm: LiteLLMStandIn, run: Run, team: str) -> None:
    ann = {"team_alias": "search", "user_email": "Ann@Example.com"}
    foretold = run("litellm_team_member", check=True, **ann)
    assert foretold["member"]["user_id"] is None
    created = run("litellm_team_member", **ann, rpm_limit=5)
    assert created["member"]["user_email"] == "ann@example.com"
    identity = created["member"]["user_id"]
    assert litellm.emails == {identity: "ann@example.com"}
    assert not run("litellm_team_member", **ann, rpm_limit=5)["changed"]
    assert run("litellm_team_member", **ann, rpm_limit=6)["diff"]["before"] == {"rpm_limit": 5}
    assert litellm.written[-1].body == {"team_id": team, "user_id": identity, "rpm_limit": 6}
    assert run("litellm_team_member", **ann, state="absent")["changed"]
    # A user whom LiteLLM knows, in other letters.
    litellm.emails["bob"] = "Bob@example.com"
    for changed in (True, False):
        result = run("litellm_team_member", team_alias="search", user_email="bob@Example.com")
        assert result["changed"] == changed
        assert result["member"]["user_id"] == "bob"


def test_a_member_whom_litellm_knows_by_the_email_alone(litellm: LiteLLMStandIn, run: Run, team: str) -> None:
    for email in ("Ann@Example.com", "bob@example.com"):
        litellm.invite(team, email)
    # A key of nobody is none of theirs.
    litellm.add_key("sk-service", key_alias="service", team_id=team)
    litellm.keys[digest("sk-service")]["user_id"] = None
    ann = {"team_alias": "search", "user_email": "ann@example.com"}
    assert not run("litellm_team_member", **ann)["changed"]
    assert run("litellm_team_member", **ann, state="absent")["changed"]
    # In the letters that LiteLLM has.
    assert litellm.written[-1].body == {"team_id": team, "user_email": "Ann@Example.com"}
    assert not run("litellm_team_member", **ann, state="absent")["changed"]
    assert [each["user_email"] for each in litellm.teams[team]["members_with_roles"]] == [None, "bob@example.com"]
    # Two of them are two, also where all members are read.
    litellm.invite(team, "Ann@Example.com")
    bob = ann | {"user_email": "bob@example.com"}
    assert not run("litellm_sync", team_members=[ann, bob])["changed"]
    assert run("litellm_export", kinds=["team_members"])["left_out"] == {"team_members": 2}
    members = [each | {"state": "absent"} for each in (ann, bob)]
    assert run("litellm_sync", team_members=members)["summary"]["deleted"] == 2
    assert not run("litellm_sync", team_members=members)["changed"]
    assert [key["key_alias"] for key in litellm.keys.values()] == ["service"]


def test_two_members_with_one_email_are_an_error_that_names_both(litellm: LiteLLMStandIn, run: Run, team: str) -> None:
    litellm.emails |= {"one": "ann@example.com", "two": "Ann@example.com"}
    litellm.add_member(team, user_id="one")
    litellm.add_member(team, user_id="two")
    result = run("litellm_team_member", team_id=team, user_email="ann@example.com", rpm_limit=1)
    assert result["msg"] == (
        "2 members have the alias 'ann@example.com': one, two."
        " Give user_id to say which one is meant, or delete the others."
    )


def test_the_team_by_its_identity(litellm: LiteLLMStandIn, run: Run, team: str) -> None:
    assert run("litellm_team_member", team_id=team, user_id="ann")["changed"]
    assert not run("litellm_team_member", **ANN)["changed"]


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ({"team_alias": "none"}, "There is no team 'none': create it first."),
        ({"team_id": "none"}, "There is no team with the team_id 'none': create it first."),
        ({"team_alias": ""}, "team_id is empty: say what the member belongs to."),
    ],
)
def test_a_team_that_does_not_exist(
    litellm: LiteLLMStandIn, run: Run, team: str, where: dict[str, str], sentence: str
) -> None:
    assert run("litellm_team_member", user_id="ann", **where)["msg"] == sentence
    foretold = run("litellm_team_member", check=True, user_id="ann", **where)
    if "" in where.values():
        assert foretold["msg"] == sentence
    else:
        assert foretold["changed"]
        assert sentence in foretold["warnings"]
        assert not run("litellm_team_member", user_id="ann", state="absent", **where)["changed"]
    assert not litellm.written


@pytest.mark.parametrize("state", ["present", "absent"])
def test_nothing_is_done_while_litellm_cannot_tell_who_is_there(
    litellm: LiteLLMStandIn, run: Run, team: str, state: str
) -> None:
    litellm.add_member(team, user_id="ann")
    # As it answers when the database goes away after the team was found.
    litellm.faults = [Fault("GET", "/team/info", status=404)]
    assert "found nothing (404)" in run("litellm_team_member", **ANN, state=state, rpm_limit=5)["msg"]
    litellm.database = False
    assert "failed in LiteLLM (500)" in run("litellm_team_member", **ANN, state=state, rpm_limit=5)["msg"]
    assert not litellm.written


def test_role(litellm: LiteLLMStandIn, run: Run, team: str) -> None:
    refused = run("litellm_team_member", **ANN, role="admin")["msg"]
    assert "this needs an enterprise licence of LiteLLM" in refused
    litellm.licence = True
    assert run("litellm_team_member", **ANN, role="admin")["changed"]
    assert not run("litellm_team_member", **ANN, role="admin", rpm_limit=OMIT)["changed"]
    assert not run("litellm_team_member", **ANN)["changed"]
    assert run("litellm_team_member", **ANN, role=None)["diff"]["after"] == {"role": "user"}
    assert litellm.member(team, "ann")["role"] == "user"


def test_a_member_with_keys_is_only_taken_out_by_force(litellm: LiteLLMStandIn, run: Run, team: str) -> None:
    litellm.add_member(team, user_id="ann")
    mine = litellm.add_key("sk-mine", key_alias="mine", team_id=team, user_id="ann")
    litellm.add_key("sk-elsewhere", key_alias="elsewhere", user_id="ann")
    litellm.add_key("sk-others", key_alias="others", team_id=team, user_id="bob")
    for check in (True, False):
        assert run("litellm_team_member", **ANN, state="absent", check=check)["msg"] == (
            "Member 'ann' has keys in the team (1), which would be deleted with the membership:"
            " delete them first, or set force to true."
        )
    assert not litellm.written
    assert run("litellm_team_member", **ANN, state="absent", force=True)["changed"]
    assert {alias: key["blocked"] for alias, key in litellm.deleted_keys.items()} == {mine: True}


def test_an_unknown_model_is_an_error_that_names_it(litellm: LiteLLMStandIn, run: Run, team: str) -> None:
    result = run("litellm_team_member", **ANN, allowed_models=["chat-smal"])
    assert (
        result["msg"] == "allowed_models has chat-smal, which LiteLLM does not serve: it serves chat-large, chat-small."
    )
    assert not litellm.written


@pytest.mark.parametrize("path", ["/team/member_add", "/team/member_update", "/team/member_delete"])
@pytest.mark.parametrize("after", [True, False], ids=["done", "not done"])
def test_a_lost_answer_is_cleared_up_by_reading(
    litellm: LiteLLMStandIn, run: Run, team: str, path: str, after: bool
) -> None:
    if path != "/team/member_add":
        litellm.add_member(team, user_id="ann")
    litellm.faults = [Fault("POST", path, after=after)]
    state = "absent" if path == "/team/member_delete" else "present"
    assert run("litellm_team_member", **ANN, max_budget_in_team=9, state=state)["changed"]
    assert ((team, "ann") in litellm.memberships) == (state == "present")


def test_a_member_who_goes_away_meanwhile_is_gone(litellm: LiteLLMStandIn, run: Run, team: str) -> None:
    litellm.add_member(team, user_id="ann")
    litellm.faults = [Fault("POST", "/team/member_delete", status=400, after=True)]
    assert run("litellm_team_member", **ANN, state="absent")["changed"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (ANN | {"rpm_limit": -1}, "rpm_limit is -1, give a number of 0 or more, or null for no limit."),
        (ANN | {"budget_duration": "x"}, "budget_duration is 'x', give a number and a unit"),
        ({"team_alias": "search", "user_id": ""}, "user_id is None, give a name that does not begin or end with"),
        ({"team_alias": "search", "user_email": ""}, "user_email is None, give a name that does not begin or end"),
        ({"team_alias": "search"}, "one of the following is required: user_id, user_email"),
        ({"user_id": "ann"}, "one of the following is required: team_alias, team_id"),
    ],
)
def test_what_cannot_be_is_refused(
    litellm: LiteLLMStandIn, run: Run, team: str, options: dict[str, Any], sentence: str
) -> None:
    result = run("litellm_team_member", **options)
    assert result["failed"]
    assert result["msg"].startswith(sentence)
    assert not litellm.written
