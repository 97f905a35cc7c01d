# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import Fault, LiteLLMStandIn
from object_permission import keeps_object_permission

FULL: dict[str, Any] = {
    "user_email": "alice@example.com",
    "user_alias": "Alice",
    "user_role": "internal_user",
    "sso_user_id": "00u1",
    "models": ["chat-small"],
    "rpm_limit": 60,
    "tpm_limit": 1000,
    "max_parallel_requests": 4,
    "max_budget": 5,
    "budget_duration": "30d",
    "metadata": {"cost_center": "4711"},
}
OTHER: dict[str, Any] = {
    "user_email": "alice@example.org",
    "user_alias": "Alice B.",
    "user_role": "proxy_admin_viewer",
    "models": ["all-proxy-models"],
    "rpm_limit": 0,
    "tpm_limit": 1001,
    "max_parallel_requests": 0,
    "max_budget": 0,
    "budget_duration": "7d",
    "model_max_budget": {"chat-small": {"max_budget": 1, "budget_duration": "1d"}},
    "metadata": {"other": [1]},
}
EMPTY: dict[str, Any] = {
    "user_alias": None,
    "rpm_limit": None,
    "tpm_limit": None,
    "max_budget": None,
    "budget_duration": None,
    "model_max_budget": {},
    "metadata": {},
}


def test_life_of_a_user(litellm: LiteLLMStandIn, run: Run) -> None:
    foretold = run("litellm_user", check=True, user_id="alice", **FULL)
    assert foretold["changed"]
    assert foretold["user"] == FULL | {
        "user_id": "alice",
        "model_max_budget": {},
        "object_permission": {},
        "teams": None,
        "spend": None,
        "budget_reset_at": None,
    }
    assert not litellm.written

    created = run("litellm_user", user_id="alice", **FULL)
    assert created["changed"]
    assert created["diff"] == foretold["diff"] == {"before": {}, "after": FULL | {"user_id": "alice"}}
    assert {name: created["user"][name] for name in FULL} == FULL
    assert (created["user"]["teams"], created["user"]["spend"]) == ([], 0.0)

    again = run("litellm_user", user_id="alice", **FULL)
    assert not again["changed"]
    assert again["user"] == created["user"]
    assert len(litellm.written) == 1

    gone = run("litellm_user", user_id="alice", state="absent", check=True)
    assert gone["changed"]
    assert len(litellm.written) == 1
    gone = run("litellm_user", user_id="alice", state="absent")
    assert gone["changed"]
    assert gone["user"] is None
    assert gone["diff"] == {"before": FULL | {"user_id": "alice"}, "after": {}}
    assert not litellm.users
    assert not run("litellm_user", user_id="alice", state="absent")["changed"]


@pytest.mark.parametrize("name", OTHER)
def test_each_field_changes_alone(litellm: LiteLLMStandIn, run: Run, name: str) -> None:
    run("litellm_user", user_id="alice", **FULL)
    before = dict(litellm.users["alice"])
    for check in (True, False):
        changed = run("litellm_user", check=check, user_id="alice", **{name: OTHER[name]})
        assert changed["diff"] == {"before": {name: before[name]}, "after": {name: OTHER[name]}}
    assert litellm.written[-1].body == {"user_id": "alice", name: OTHER[name]}
    after = litellm.users["alice"]
    assert {other for other in after if after[other] != before[other]} - {"budget_reset_at"} == {name}
    assert not run("litellm_user", user_id="alice", **{name: OTHER[name]})["changed"]


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("null", [True, False], ids=["null", "empty"])
def test_null_and_empty_clear_and_not_given_is_left_alone(
    litellm: LiteLLMStandIn, run: Run, name: str, null: bool
) -> None:
    run("litellm_user", user_id="alice", **FULL)
    run("litellm_user", user_id="alice", **OTHER)
    empty = None if null else "" if name in ("user_alias", "budget_duration") else EMPTY[name]
    cleared = run("litellm_user", user_id="alice", **{name: empty})
    assert cleared["diff"] == {"before": {name: OTHER[name]}, "after": {name: EMPTY[name]}}
    assert {each: cleared["user"][each] for each in OTHER} == OTHER | {name: EMPTY[name]}
    assert not run("litellm_user", user_id="alice", **{name: empty})["changed"]


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("user_email", "LiteLLM ignores that, give another address"),
        ("models", "LiteLLM ignores that, give all-proxy-models, which means every model as well"),
        ("max_parallel_requests", "LiteLLM ignores that, give another number"),
    ],
)
def test_what_cannot_be_cleared_is_said_before_anything_is_written(
    litellm: LiteLLMStandIn, run: Run, name: str, advice: str
) -> None:
    run("litellm_user", user_id="alice", **FULL)
    for check in (True, False):
        refused = run("litellm_user", check=check, user_id="alice", rpm_limit=1, **{name: None})
        assert refused["msg"] == f"{name} of user 'alice' cannot be cleared: {advice}."
    assert len(litellm.written) == 1
    # What is empty already may be said to be.
    run("litellm_user", user_id="bob")
    assert not run("litellm_user", user_id="bob", **{name: None})["changed"]


def test_the_identity_of_single_sign_on_cannot_change(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_user", user_id="alice", sso_user_id="00u1")
    assert run("litellm_user", user_id="alice", sso_user_id="00u2")["msg"] == (
        "sso_user_id of user 'alice' is '00u1' and cannot become '00u2': LiteLLM takes it of a new user only."
    )
    assert len(litellm.written) == 1


def test_a_user_is_created_without_a_key(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_user", user_id="alice")
    assert litellm.written[-1].body == {"user_id": "alice", "auto_create_key": False}
    assert not litellm.keys


def test_a_name_that_is_part_of_another_is_another(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_user("alice-2", rpm_limit=1)
    litellm.add_user("ALICE", rpm_limit=1)
    assert run("litellm_user", user_id="alice", rpm_limit=2)["changed"]
    assert {user_id: user["rpm_limit"] for user_id, user in litellm.users.items()} == {
        "alice-2": 1,
        "ALICE": 1,
        "alice": 2,
    }


@pytest.mark.parametrize("user_id", ["a b/c?d=e&f#g%h", "CORP\\alice", "cn=alice,ou=people", "älice+x@example.com"])
def test_odd_names_are_found_again(litellm: LiteLLMStandIn, run: Run, user_id: str) -> None:
    assert run("litellm_user", user_id=user_id, rpm_limit=1)["changed"]
    assert not run("litellm_user", user_id=user_id, rpm_limit=1)["changed"]
    assert run("litellm_user", user_id=user_id, state="absent")["changed"]


def test_only_the_user_is_asked_for(litellm: LiteLLMStandIn, run: Run) -> None:
    for number in range(250):
        litellm.add_user(f"user-{number:03}")
    assert not run("litellm_user", user_id="user-007")["changed"]
    assert len(litellm.requests) == 1


def test_an_address_that_another_user_has_is_refused(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_user("alice", user_email="Alice@example.com")
    litellm.add_user("malice", user_email="malice@example.com")
    litellm.add_user("bob")
    sentence = "user_email is alice@EXAMPLE.com, which is the address of user 'alice'."
    for user_id in ("bob", "carol"):
        assert run("litellm_user", user_id=user_id, user_email="alice@EXAMPLE.com")["msg"] == sentence
    assert sentence in run("litellm_user", check=True, user_id="bob", user_email="alice@EXAMPLE.com")["warnings"]
    assert not litellm.written
    # One's own may be written in another way.
    assert run("litellm_user", user_id="alice", user_email="alice@example.com")["changed"]


def test_a_budget_period_is_only_begun_anew_when_the_duration_changes(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_user", user_id="alice", **FULL)
    began = litellm.users["alice"]["budget_reset_at"]
    run("litellm_user", user_id="alice", **FULL | {"max_budget": 6, "metadata": {"a": 1}})
    assert litellm.users["alice"]["budget_reset_at"] == began


def test_what_a_directory_says_of_a_user_is_not_lost(litellm: LiteLLMStandIn, run: Run) -> None:
    said = {"scim_active": False, "scim_metadata": {"givenName": "Alice"}, "scim_roles": [{"value": "dev"}]}
    litellm.add_user("alice", metadata=said)
    result = run("litellm_user", user_id="alice", metadata={"a": 1})
    assert result["msg"] == (
        "metadata of user 'alice' is {} and cannot become {'a': 1}: a directory keeps this user by SCIM, and LiteLLM"
        " would lose what it does not show of that (scim_enterprise, scim_entitlements, scim_roles)."
    )
    assert "directory" in run("litellm_sync", owner="platform", users=[{"user_id": "alice", "rpm_limit": 5}])["msg"]
    assert not litellm.written
    assert run("litellm_user", user_id="alice", rpm_limit=5)["user"]["metadata"] == {}
    assert not run("litellm_user", user_id="alice", metadata={})["changed"]
    assert (litellm.users["alice"]["rpm_limit"], litellm.users["alice"]["metadata"]) == (5, said)


def test_a_user_who_was_deactivated_stays_so(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_user("alice", metadata={"scim_active": False})
    run("litellm_user", user_id="alice", metadata={"a": 1})
    assert litellm.users["alice"]["metadata"] == {"scim_active": False, "a": 1}


def test_metadata_keeps_what_litellm_keeps_there(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_user("alice", model_rpm_limit={"chat-small": 3}, metadata={"old": 1})
    for metadata in ({"new": 2}, {}):
        assert run("litellm_user", user_id="alice", metadata=metadata)["user"]["metadata"] == metadata
        assert litellm.users["alice"]["metadata"] == metadata | {"model_rpm_limit": {"chat-small": 3}}


def test_a_user_with_keys_is_only_deleted_by_force(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_user("alice")
    tokens = [litellm.add_key(f"sk-{name}", key_alias=name, user_id="alice") for name in ("a", "b")]
    other = litellm.add_key("sk-other", key_alias="other", user_id="alice-2")
    for check in (True, False):
        assert run("litellm_user", user_id="alice", state="absent", check=check)["msg"] == (
            "User 'alice' has keys (2), which would be deleted with it: delete them first, or set force to true."
        )
    assert not litellm.written
    assert run("litellm_user", user_id="alice", state="absent", force=True, check=True)["changed"]
    assert not litellm.written
    assert run("litellm_user", user_id="alice", state="absent", force=True)["changed"]
    # Blocked before they were deleted, for replicas go on to accept a deleted key for a minute.
    assert [litellm.deleted_keys[token]["blocked"] for token in tokens] == [True, True]
    assert litellm.keys[other]["blocked"] is None


def test_an_unknown_model_is_an_error_that_names_it(litellm: LiteLLMStandIn, run: Run) -> None:
    assert run("litellm_user", user_id="alice", models=["no-default-models"])["changed"]
    result = run("litellm_user", user_id="alice", models=["chat-small", "chat-smal"])
    assert result["msg"] == "models has chat-smal, which LiteLLM does not serve: it serves chat-large, chat-small."


def test_what_the_server_puts_into_a_new_user_is_taken_out_when_that_was_asked_for(
    litellm: LiteLLMStandIn, run: Run
) -> None:
    litellm.defaults = {"max_budget": 10.0, "rpm_limit": 5}
    run("litellm_user", user_id="alice", max_budget=None)
    assert litellm.users["alice"]["max_budget"] is None
    assert litellm.users["alice"]["rpm_limit"] == 5


def test_model_budgets_of_a_new_user_want_a_licence(litellm: LiteLLMStandIn, run: Run) -> None:
    result = run("litellm_user", user_id="alice", model_max_budget=OTHER["model_max_budget"])
    assert "You must have an enterprise license to set model_max_budget" in result["msg"]


def test_nothing_is_created_while_the_database_is_away(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_user("alice")
    litellm.database = False
    assert "failed in LiteLLM (500)" in run("litellm_user", user_id="alice", rpm_limit=1)["msg"]
    assert not litellm.written


@pytest.mark.parametrize("path", ["/user/new", "/user/update", "/user/delete"])
@pytest.mark.parametrize("after", [True, False], ids=["done", "not done"])
def test_a_lost_answer_is_cleared_up_by_reading(litellm: LiteLLMStandIn, run: Run, path: str, after: bool) -> None:
    if path != "/user/new":
        litellm.add_user("alice")
    litellm.faults = [Fault("POST", path, after=after)]
    state = "absent" if path == "/user/delete" else "present"
    assert run("litellm_user", user_id="alice", rpm_limit=9, state=state)["changed"]
    assert [user["rpm_limit"] for user in litellm.users.values()] == ([] if state == "absent" else [9])


@pytest.mark.parametrize("name", ["rpm_limit", "max_parallel_requests"])
def test_a_field_that_litellm_drops_is_an_error_that_names_it(litellm: LiteLLMStandIn, run: Run, name: str) -> None:
    litellm.dropped = {name}
    result = run("litellm_user", user_id="alice", **{name: 7})
    assert result["msg"].startswith(f"LiteLLM accepted user 'alice' but did not keep {name} (wanted 7")


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ({"rpm_limit": -1}, "rpm_limit is -1, give a number of 0 or more, or null for no limit."),
        ({"user_id": ""}, "user_id is None, give a name that does not begin or end with a space."),
        (
            {"budget_duration": "1 month"},
            "budget_duration is '1 month', give a number and a unit (s, m, h, d, w or mo), as in 30d,"
            " or null for none.",
        ),
        (
            {"user_role": "admin"},
            "value of user_role must be one of: proxy_admin, proxy_admin_viewer, internal_user, internal_user_viewer,"
            " got: admin",
        ),
    ],
)
def test_a_value_that_cannot_be_is_refused_before_anything_is_asked(
    litellm: LiteLLMStandIn, run: Run, option: dict[str, Any], sentence: str
) -> None:
    assert run("litellm_user", **{"user_id": "alice"} | option)["msg"] == sentence
    assert not litellm.requests


@pytest.mark.parametrize(("option", "since"), [("rpm_limit", "1.106.0"), ("budget_duration", "1.102.0")])
def test_an_older_litellm_that_cannot_clear_a_limit(litellm: LiteLLMStandIn, run: Run, option: str, since: str) -> None:
    litellm.version = "1.101.6"
    run("litellm_user", user_id="alice", **FULL)
    sentence = (
        f"LiteLLM 1.101.6 at {litellm.url} is too old for clearing {option} of user 'alice': it takes {since} or newer."
    )
    assert run("litellm_user", user_id="alice", **{option: None})["msg"] == sentence
    foretold = run("litellm_user", check=True, user_id="alice", **{option: None})
    assert foretold["changed"]
    assert f"{sentence} A real run fails here" in foretold["warnings"]
    assert len(litellm.written) == 1
    litellm.version = since
    assert run("litellm_user", user_id="alice", **{option: None})["user"][option] is None


@pytest.mark.parametrize("odd", ["", " b+c"])
def test_other_things_that_a_user_may_use(run: Run, odd: str) -> None:
    keeps_object_permission(run, "user", f"acme{odd}", "user_alias")
