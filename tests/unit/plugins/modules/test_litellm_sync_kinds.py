# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What litellm_sync and litellm_export do with the kinds of objects that have something of their own."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import OMIT, Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litellm_stand_in import Fault, LiteLLMStandIn, digest

OWNED = {"inference_gateway_owner": "platform"}
SECRETS = ["value-of-a-credential", "value-of-a-parameter", "Bearer value-beneath", "value-in-a-list", "value-misspelt"]
CREDENTIAL = {"credential_name": "openai", "credential_values": {"api_key": SECRETS[0], "more": {"list": [SECRETS[3]]}}}
MODEL = {
    "model_name": "chat",
    "litellm_params": {
        "model": "openai/gpt",
        "api_key": SECRETS[1],
        "extra_headers": {"Authorization": SECRETS[2]},
        "rpm": 5,
    },
    "model_info": {"access_groups": ["all-chats"]},
}
EVERYTHING: dict[str, list[dict[str, Any]]] = {
    "credentials": [CREDENTIAL],
    "models": [MODEL],
    "budgets": [{"budget_id": "trial", "max_budget": 5}],
    "organizations": [{"organization_alias": "acme", "models": ["chat"]}],
    "teams": [{"team_alias": "search", "organization_alias": "acme", "models": ["chat", "all-chats"]}],
    "users": [{"user_id": "alice", "user_email": "alice@example.com"}],
    "team_members": [
        {"team_alias": "search", "user_id": "alice", "max_budget_in_team": 2},
        {"team_alias": "search", "user_email": "Bob@example.com"},
    ],
    "keys": [{"key_alias": "app", "key": f"sk-{digest('app')}", "team_alias": "search"}],
    "customers": [{"user_id": "shop", "budget_id": "trial", "default_model": "chat-small"}],
}
OF_ALL = 10


@pytest.fixture
def sync(run: Run, litellm: LiteLLMStandIn) -> Run:
    litellm.licence = True
    return lambda **options: run("litellm_sync", **{"owner": "platform"} | options)


@pytest.fixture(autouse=True)
def _nothing_secret_is_printed(run: Run, litellm: LiteLLMStandIn) -> Any:
    yield
    for secret in SECRETS:
        assert secret not in run.printed  # type: ignore[attr-defined]


def plans(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each["kind"], each["name"], each["action"]) for each in result["plan"]]


def errors(result: dict[str, Any]) -> list[str]:
    return [each["error"] for each in result["errors"]]


IDENTIFYING = {"credential_name", "model_name", "budget_id", "organization_alias", "team_alias"}
IDENTIFYING |= {"user_id", "user_email", "key_alias"}


def absent(declaration: dict[str, Any]) -> dict[str, Any]:
    """The same objects, none of which is to be there."""
    return {
        section: [{name: each[name] for name in each.keys() & IDENTIFYING} | {"state": "absent"} for each in entries]
        for section, entries in declaration.items()
    }


def test_life_of_every_kind(litellm: LiteLLMStandIn, sync: Run) -> None:
    foretold = sync(check=True, _ansible_diff=True, **EVERYTHING)
    assert not litellm.written
    created = sync(_ansible_diff=True, **EVERYTHING)
    assert created["errors"] == []
    assert created["summary"] == {"created": OF_ALL, "updated": 0, "deleted": 0, "unchanged": 0, "failed": 0}
    assert (created["plan"], created["diff"]) == (foretold["plan"], foretold["diff"])
    assert [kind for kind, _name, _action in plans(created)] == [
        "credential", "model", "budget", "organization", "team", "user", "member", "member", "key", "customer",
    ]  # fmt: skip
    assert plans(created)[6:8] == [
        ("member", "alice in search", "create"),
        ("member", "bob@example.com in search", "create"),
    ]
    team = litellm.team("search")
    assert team["organization_id"] == litellm.organization("acme")["organization_id"]
    assert litellm.member(team["team_id"], "alice")["max_budget"] == 2
    assert litellm.credentials["openai"]["credential_values"] == CREDENTIAL["credential_values"]
    assert litellm.deployment("chat")["litellm_params"] == MODEL["litellm_params"]
    assert litellm.customers["shop"]["budget_id"] == "trial"
    owned = [litellm.credentials["openai"]["credential_info"], litellm.deployment("chat")["model_info"]]
    owned += [each["metadata"] for each in (litellm.organization("acme"), team, litellm.users["alice"])]
    assert all(each.items() >= OWNED.items() for each in owned)

    written = len(litellm.written)
    for prune in (False, True):
        again = sync(prune=prune, **EVERYTHING)
        assert (again["changed"], again["plan"], again["summary"]["unchanged"]) == (False, [], OF_ALL)
    assert len(litellm.written) == written

    gone = sync(**absent(EVERYTHING))
    assert gone["errors"] == []
    assert gone["summary"]["deleted"] == OF_ALL
    for rows in (litellm.credentials, litellm.deployments, litellm.budgets, litellm.organizations, litellm.teams):
        assert not rows
    assert not litellm.users
    assert not litellm.keys
    assert not litellm.customers
    assert not sync(**absent(EVERYTHING))["changed"]


@pytest.mark.parametrize("section", EVERYTHING)
def test_a_kind_that_is_not_given_is_not_read(litellm: LiteLLMStandIn, sync: Run, section: str) -> None:
    sync(**EVERYTHING)
    litellm.requests.clear()
    assert not sync(**{section: EVERYTHING[section]})["changed"]
    asked = {request.path for request in litellm.requests} - {"/public/model_hub/info"}
    referred = {"teams": {"/organization/list"}, "team_members": {"/team/info"}, "keys": {"/v2/team/list"}}
    referred["customers"] = {"/budget/list"}
    assert len(asked - referred.get(section, set())) == 1


def test_only_what_can_have_an_owner_is_pruned(litellm: LiteLLMStandIn, sync: Run) -> None:
    sync(**EVERYTHING)
    litellm.add_model("others")
    pruned = sync(prune=True, **{section: [] for section in EVERYTHING})
    assert pruned["errors"] == []
    assert {kind for kind, _name, _action in plans(pruned)} == {
        "credential", "model", "organization", "team", "user", "key",
    }  # fmt: skip
    assert [row["model_name"] for row in litellm.deployments.values()] == ["others"]
    assert litellm.budgets.keys() >= {"trial"}
    assert litellm.customers.keys() == {"shop"}
    left = sync(prune=True, budgets=[], team_members=[], customers=[])
    assert (left["changed"], left["errors"]) == (False, [])


def test_what_belongs_to_another_is_not_changed(litellm: LiteLLMStandIn, sync: Run) -> None:
    others = {name: EVERYTHING[name] for name in ("credentials", "models", "organizations", "users")}
    sync(owner="others", **others)
    written = len(litellm.written)
    assert [each["name"] for each in sync(**others)["errors"]] == ["openai", "chat", "acme", "alice"]
    assert len(litellm.written) == written
    assert sync(take_over_from=["others"], **others)["summary"]["updated"] == 4


# Secrets


@pytest.mark.parametrize(
    "entries",
    [
        {"credentials": [CREDENTIAL | {"credential_vlaues": {"api_key": SECRETS[4]}}]},
        {"credentials": [CREDENTIAL | {"state": SECRETS[0]}]},
        {"models": [MODEL | {"state": SECRETS[1], "litellm_parms": {"api_key": SECRETS[4]}}]},
        {"models": [MODEL | {"model_info": [SECRETS[1]]}]},
        {"models": [MODEL | {"litellm_params": f"api_key={SECRETS[1]} model"}]},
        {"models": [MODEL | {"litellm_params": [SECRETS[1]]}]},
    ],
)
def test_no_secret_is_in_what_is_told_of_a_wrong_entry(litellm: LiteLLMStandIn, sync: Run, entries: Any) -> None:
    assert sync(**entries)["failed"]
    assert sync(timeout="x", **entries)["failed"]
    assert not litellm.requests


def test_no_secret_is_in_what_litellm_answers(litellm: LiteLLMStandIn, sync: Run) -> None:
    said = f"cannot use {SECRETS[0]}, {SECRETS[1]} and {SECRETS[2]}"
    body = f'{{"error": {{"message": "{said}", "code": "400"}}}}'.encode()
    litellm.faults = [Fault("POST", path, status=400, body=body) for path in ("/credentials", "/model/new")]
    for entries in (
        {"credentials": [CREDENTIAL | {"credential_values": dict(enumerate(SECRETS))}]},
        {"models": [MODEL | {"litellm_params": MODEL["litellm_params"] | {"token": SECRETS[0]}}]},
    ):
        assert "cannot use ***" in sync(**entries)["msg"].replace("*" * 8, "***")


def test_a_secret_that_changes_is_foretold_and_written(litellm: LiteLLMStandIn, sync: Run) -> None:
    sync(**EVERYTHING)
    changed = EVERYTHING | {
        "credentials": [CREDENTIAL | {"credential_values": {"api_key": SECRETS[3]}}],
        "models": [MODEL | {"litellm_params": {"api_key": SECRETS[0], "extra_headers": {"Authorization": SECRETS[3]}}}],
    }
    foretold = sync(check=True, **changed)
    result = sync(**changed)
    assert result["plan"] == foretold["plan"]
    assert plans(result) == [("credential", "openai", "update"), ("model", "chat", "update")]
    assert result["plan"][1]["after"]["litellm_params"] == {
        "api_key": "(hidden, another value)",
        "extra_headers": "(hidden, another value)",
    }
    assert litellm.deployment("chat")["litellm_params"]["api_key"] == SECRETS[0]
    assert litellm.credentials["openai"]["credential_values"] == {"api_key": SECRETS[3]}
    assert not sync(**changed)["changed"]


# Models


def test_several_models_of_one_name(litellm: LiteLLMStandIn, sync: Run) -> None:
    two = [MODEL | {"model_id": each} for each in ("one", "two")]
    assert sync(models=two)["summary"]["created"] == 2
    assert litellm.deployments.keys() == {"one", "two"}
    assert not sync(models=two)["changed"]
    assert errors(sync(models=[MODEL])) == [
        "models[0] ('chat'): 2 models have the alias 'chat': one, two. Give model_id to say which one is meant, or"
        " delete the others"
    ]
    assert errors(sync(models=[MODEL, two[1]])) == [
        "models[0] ('chat'): others have this model_name too, give each its model_id"
    ]
    assert errors(sync(models=[two[0], two[0]])) == [
        "models[1] ('chat'): model_id is also that of models[0] ('chat'), give each its own"
    ]
    assert plans(sync(models=two[:1], prune=True)) == [("model", "chat", "delete")]
    assert litellm.deployments.keys() == {"one"}


def test_what_comes_from_the_configuration_file_is_an_error(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.add_credential("fixed", source="config", api_key="x" * 9)
    result = sync(
        models=[MODEL | {"model_name": "chat-small"}],
        credentials=[{"credential_name": "fixed", "state": "absent"}],
    )
    assert [each["name"] for each in result["errors"]] == ["fixed", "chat-small"]
    assert all("comes from LiteLLM's configuration file" in each for each in errors(result))
    assert not litellm.written
    assert not sync(models=[], credentials=[], prune=True)["changed"]


def test_what_a_new_model_lacks_is_told(litellm: LiteLLMStandIn, sync: Run) -> None:
    result = sync(models=[{"model_name": "chat"}], credentials=[{"credential_name": "openai"}])
    assert errors(result)[0].endswith("it cannot be created: give credential_values")
    assert errors(result)[1].endswith("give litellm_params with at least model, as in openai/gpt-4.1")
    assert not litellm.written


def test_replicas_may_learn_of_a_change_late(
    litellm: LiteLLMStandIn, sync: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ansible_collections.inference.gateway.plugins.module_utils._reconcile.REFRESH", 5.0)
    models = [MODEL | {"model_name": f"model-{number}"} for number in range(20)]
    litellm.lag = 3
    assert sync(models=models)["summary"]["created"] == 20
    assert len([each for each in litellm.written if each.path == "/model/new"]) == 20
    # One to see what is there, then once for all until they are there.
    assert len([each for each in litellm.requests if each.path == "/v2/model/info"]) == 1 + 4
    litellm.lag = 3
    assert sync(models=[], prune=True)["summary"]["deleted"] == 20


def test_what_is_refused_is_not_waited_for(litellm: LiteLLMStandIn, sync: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.inference.gateway.plugins.module_utils._reconcile.REFRESH", 600.0)
    litellm.faults = [Fault("POST", "/model/new", status=400)]
    assert errors(sync(models=[MODEL])) == [
        f"models[0] ('chat'): POST {litellm.url}/model/new was refused (400): a fault"
    ]


def test_a_model_that_is_neither_declared_nor_served(litellm: LiteLLMStandIn, sync: Run) -> None:
    result = sync(
        models=[MODEL, MODEL | {"model_name": "vendor/*"}],
        teams=[{"team_alias": "search", "models": ["chat", "all-chats", "vendor/x", "chat-small", "chatt"]}],
        customers=[{"user_id": "shop", "default_model": "chatt"}],
    )
    assert errors(result) == [
        "teams[0] ('search'): models has chatt, which LiteLLM does not serve",
        "customers[0] ('shop'): default_model has chatt, which LiteLLM does not serve",
    ]
    assert not litellm.written


# What refers to what


def test_organizations_need_a_licence_only_when_they_are_declared(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.licence = False
    assert sync(teams=[{"team_alias": "search"}])["changed"]
    result = sync(organizations=[{"organization_alias": "acme"}])
    assert "needs an enterprise licence" in result["msg"]
    assert "needs an enterprise licence" in sync(teams=[{"team_alias": "a", "organization_alias": "acme"}])["msg"]


def test_what_belongs_to_an_organization_falls_with_it_by_force(litellm: LiteLLMStandIn, sync: Run) -> None:
    sync(**EVERYTHING)
    litellm.add_key("sk-of-the-organization", organization_id=litellm.organization("acme")["organization_id"])
    gone = {"organization_alias": "acme", "state": "absent"}
    refused = sync(organizations=[gone])
    assert "is to be deleted, but teams refer to it (1, as 'search'): delete them as well, or set" in refused["msg"]
    assert len(litellm.organizations) == 1
    assert plans(sync(organizations=[gone | {"force": True}])) == [
        ("organization", "acme", "delete"),
        ("team", "search", "delete"),
        ("key", "app", "delete"),
        ("key", "(without an alias)", "delete"),
    ]
    assert not litellm.keys
    assert all(key["blocked"] for key in litellm.deleted_keys.values())


def test_a_key_may_leave_an_organization_that_is_deleted(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.licence = True
    key = {"key_alias": "k", "key": "sk-of-the-organization"}
    sync(organizations=[{"organization_alias": "acme"}], keys=[key | {"organization_alias": "acme"}])
    gone = {"organization_alias": "acme", "state": "absent"}
    assert "keys refer to it (1, as 'k')" in sync(organizations=[gone], keys=[key])["msg"]
    assert plans(sync(organizations=[gone], keys=[key | {"organization_alias": ""}])) == [
        ("organization", "acme", "delete"),
        ("key", "k", "update"),
    ]
    assert (litellm.key("k")["org_id"], litellm.organizations) == (None, {})


def test_an_organization_stays_when_a_key_of_it_cannot_be_deleted(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.licence = True
    sync(organizations=[{"organization_alias": "acme"}])
    sync(keys=[{"key_alias": "k", "key": "sk-of-the-organization", "organization_alias": "acme"}])
    litellm.faults = [Fault("POST", "/key/delete", 500, times=10**9)]
    absent = [{"key_alias": "k", "state": "absent"}]
    result = sync(organizations=[{"organization_alias": "acme", "state": "absent"}], keys=absent)
    assert result["errors"][1]["error"].endswith("was not tried, for key 'k' refers to it and could not be changed")
    assert len(litellm.organizations) == 1


@pytest.mark.parametrize(
    ("section", "entry"),
    [("users", {"user_id": "alice"}), ("team_members", {"team_alias": "search", "user_id": "alice"})],
)
def test_keys_fall_with_whom_they_belong_to_by_force(
    litellm: LiteLLMStandIn, sync: Run, section: str, entry: dict[str, Any]
) -> None:
    sync(**EVERYTHING)
    litellm.add_key("sk-mine", key_alias="mine", user_id="alice", team_id=litellm.team("search")["team_id"])
    gone = entry | {"state": "absent"}
    assert "keys refer to it (1, as 'mine'): delete them as well, or set force" in sync(**{section: [gone]})["msg"]
    assert sync(**{section: [gone | {"force": True}]})["summary"]["deleted"] == 2
    assert litellm.deleted_keys[digest("sk-mine")]["blocked"]
    assert not sync(**{section: [gone]})["changed"]


def test_a_budget_that_is_needed_is_deleted_by_force_only(litellm: LiteLLMStandIn, sync: Run) -> None:
    sync(**EVERYTHING)
    gone = {"budget_id": "trial", "state": "absent"}
    assert "customers refer to it (1, as 'shop')" in sync(budgets=[gone])["msg"]
    assert "customers refer to it" in sync(budgets=[gone | {"force": True}], customers=EVERYTHING["customers"])["msg"]
    assert sync(budgets=[gone | {"force": True}])["summary"]["deleted"] == 1
    result = sync(customers=EVERYTHING["customers"])
    assert errors(result) == ["customers[0] ('shop'): there is no budget with the budget_id 'trial'"]


def test_the_budget_of_a_keys_soft_limit_is_deleted_by_force_only(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.add_key("sk-mine", key_alias="mine", soft_budget=4)
    gone = {"budget_id": litellm.key("mine")["budget_id"], "state": "absent"}
    for keys in ([], [{"key_alias": "mine", "rpm_limit": 5}]):
        assert "keys refer to it (1, as 'mine')" in sync(budgets=[gone], keys=keys)["msg"]
    litellm.add_budget("other")
    moved = sync(budgets=[gone], keys=[{"key_alias": "mine", "budget_id": "other"}])
    assert moved["summary"] == {"created": 0, "updated": 1, "deleted": 1, "unchanged": 0, "failed": 0}


def test_a_budget_of_a_key_must_be_there(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.add_key("sk-mine", key_alias="mine")
    keys = [{"key_alias": "mine", "budget_id": "trial"}]
    assert errors(sync(keys=keys)) == ["keys[0] ('mine'): there is no budget with the budget_id 'trial'"]
    assert not litellm.written
    assert sync(budgets=EVERYTHING["budgets"], keys=keys)["summary"]["failed"] == 0
    assert litellm.key("mine")["budget_id"] == "trial"


@pytest.mark.parametrize("state", ["present", "absent"])
def test_one_member_is_not_declared_twice_by_two_names_of_its_team(
    litellm: LiteLLMStandIn, sync: Run, state: str
) -> None:
    team = litellm.add_team(team_alias="search")
    twice = [{"team_alias": "search", "user_id": "a", "state": state}, {"team_id": team, "user_id": "a"}]
    assert errors(sync(team_members=twice)) == [
        "team_members[1] ('a'): means the same member as team_members[0] ('a'): leave one of them out"
    ]
    assert not litellm.written
    others = [{"team_alias": "search", "user_id": "a"}, {"team_id": team, "user_id": "b"}]
    assert sync(team_members=others)["summary"]["created"] == 2


def test_an_address_is_that_of_one_user(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.add_user("old", user_email="Alice@example.com")
    litellm.add_user("alice")
    assert errors(sync(users=EVERYTHING["users"])) == [
        "users[0] ('alice'): user_email is alice@example.com, which is that of user 'old' already"
    ]
    twice = [{"user_id": each, "user_email": "one@example.com"} for each in ("a", "b")]
    assert errors(sync(users=twice)) == ["users[1] ('b'): user_email is also that of users[0] ('a'), give each its own"]
    assert not litellm.written
    moved = [*EVERYTHING["users"], {"user_id": "old", "user_email": "old@example.com"}]
    assert sync(users=moved)["summary"]["updated"] == 2


# Members


def test_members_of_several_teams_are_not_mixed(litellm: LiteLLMStandIn, sync: Run) -> None:
    teams = [{"team_alias": "search"}, {"team_alias": "chat"}]
    members = [{"team_alias": each["team_alias"], "user_id": "alice", "rpm_limit": 5} for each in teams]
    assert sync(teams=teams, team_members=members)["summary"]["created"] == 4
    members[0]["rpm_limit"] = None
    members[1]["rpm_limit"] = 6
    changed = sync(teams=teams, team_members=members)
    assert plans(changed) == [("member", "alice in search", "update"), ("member", "alice in chat", "update")]
    search, chat = (litellm.member(litellm.team(each)["team_id"], "alice") for each in ("search", "chat"))
    assert (search["rpm_limit"], chat["rpm_limit"]) == (None, 6)
    assert plans(sync(team_members=[members[0] | {"state": "absent"}, members[1]])) == [
        ("member", "alice in search", "delete")
    ]
    assert not sync(team_members=[members[0] | {"state": "absent"}, members[1]])["changed"]
    twice = [{"team_alias": "search", "user_email": each} for each in ("A@example.com", "a@example.com")]
    assert errors(sync(team_members=twice)) == [
        "team_members[1] ('a@example.com'): user_email is also that of team_members[0] ('a@example.com'),"
        " give each its own"
    ]


def test_members_of_what_goes(litellm: LiteLLMStandIn, sync: Run) -> None:
    sync(**{name: EVERYTHING[name] for name in ("teams", "organizations", "models", "users", "team_members")})
    teams, users = [{"team_alias": "search", "state": "absent"}], [{"user_id": "alice", "state": "absent"}]
    for gone in ({"teams": teams}, {"users": users}):
        assert "members refer to it" in sync(team_members=EVERYTHING["team_members"], **gone)["msg"]
    # Of a team that is not there, nobody is a member.
    assert sync(teams=teams, users=users)["summary"]["deleted"] == 2
    assert not sync(team_members=[{"team_alias": "search", "user_id": "alice", "state": "absent"}])["changed"]


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"user_id": "a"}, "one of the following is required: team_alias, team_id"),
        ({"team_alias": "a"}, "one of the following is required: user_id, user_email"),
        ({"team_alias": "a", "team_id": "b", "user_id": "c"}, "parameters are mutually exclusive: team_alias|team_id"),
        ({"team_id": "b", "user_id": "c", "user_email": "d"}, "parameters are mutually exclusive: user_id|user_email"),
    ],
)
def test_a_member_has_one_team_and_one_name(sync: Run, entry: dict[str, Any], sentence: str) -> None:
    assert sentence in sync(team_members=[entry])["msg"]


# Exports


@pytest.mark.parametrize("owner", [OMIT, "platform"])
def test_an_export_of_every_kind_changes_nothing(litellm: LiteLLMStandIn, run: Run, sync: Run, owner: Any) -> None:
    sync(**EVERYTHING)
    litellm.add_customer("own-limits", max_budget=3, blocked=True)
    written = len(litellm.written)
    exported = run("litellm_export", kinds=list(EVERYTHING), owner=owner)
    declaration = exported["declaration"]
    assert declaration["credentials"] == [{"credential_name": "openai"}]
    [model] = declaration["models"]
    assert model["litellm_params"].items() >= {"model": "openai/gpt", "rpm": 5}.items()
    assert not {"api_key", "extra_headers"} & model["litellm_params"].keys()
    assert model["model_info"]["access_groups"] == ["all-chats"]
    assert model["model_id"] == litellm.deployment("chat")["model_id"]
    assert [each.get("organization_alias") for each in declaration["teams"]] == ["acme"]
    assert exported["left_out"]["models"] == (2 if owner is OMIT else 0)
    if owner is OMIT:
        assert [each["user_id"] for each in declaration["customers"]] == ["own-limits", "shop"]
        assert {"team_alias": "search", "user_id": "alice", "max_budget_in_team": 2.0}.items() <= next(
            each.items() for each in declaration["team_members"] if each["user_id"] == "alice"
        )
    result = sync(owner=owner, prune=owner is not OMIT, **declaration)
    assert (result.get("msg"), result["changed"], result["plan"]) == (None, False, [])
    assert len(litellm.written) == written


def test_customers_are_exported_on_demand_and_organizations_with_a_licence(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_customer("shop")
    every = run("litellm_export")["declaration"].keys()
    assert every == EVERYTHING.keys() - {"customers", "organizations"}
    assert run("litellm_export", kinds=["customers"])["declaration"] == {"customers": [{"user_id": "shop"}]}
    assert "needs an enterprise licence" in run("litellm_export", kinds=["organizations"])["msg"]
    litellm.database = False
    assert run("litellm_export")["failed"]


# Whatever is declared


def entries(names: dict[str, list[str]], **options: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    naming = {name: st.sampled_from(values) for name, values in names.items()}
    states = {"state": st.sampled_from(["present", "present", "absent"])}
    entry = st.fixed_dictionaries(naming, optional=options | states)
    return st.lists(entry, unique_by=lambda each: tuple(each[name] for name in names), max_size=3)


LIMIT, MODELS = st.sampled_from([None, 0, 5]), st.sampled_from([[], ["chat-small"], ["m1"]])
FORCE, BUDGETS, USERS, TEAMS = st.booleans(), ["b1", "b2"], ["u1", "u2"], ["t1", "t2"]
VALUES = st.sampled_from([{"api_key": SECRETS[0]}, {"api_key": SECRETS[1], "x": "y"}])
PARAMETERS = st.sampled_from([{"model": "a/b", "api_key": SECRETS[0]}, {"model": "a/c", "rpm": 5}])
DECLARATIONS = st.fixed_dictionaries(
    {},
    optional={
        "credentials": entries({"credential_name": ["c1", "c2"]}, credential_values=VALUES),
        "models": entries({"model_name": ["m1", "m2"]}, litellm_params=PARAMETERS, blocked=st.booleans()),
        "budgets": entries({"budget_id": BUDGETS}, max_budget=LIMIT, force=FORCE),
        "organizations": entries({"organization_alias": ["o1"]}, rpm_limit=LIMIT, models=MODELS, force=FORCE),
        "teams": entries({"team_alias": TEAMS}, rpm_limit=LIMIT, force=FORCE, organization_alias=st.just("o1")),
        "users": entries({"user_id": USERS}, rpm_limit=LIMIT, force=FORCE, user_email=st.just("u@example.com")),
        "team_members": entries({"team_alias": TEAMS, "user_id": USERS}, rpm_limit=LIMIT, force=FORCE),
        "customers": entries({"user_id": USERS}, blocked=st.booleans(), budget_id=st.sampled_from(BUDGETS)),
    },
)


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(first=DECLARATIONS, second=DECLARATIONS, prune=st.booleans())
def test_a_run_does_what_it_foretells_and_leaves_nothing_to_do(
    litellm: LiteLLMStandIn, sync: Run, first: Any, second: Any, prune: bool
) -> None:
    # Each example begins with nothing.
    for rows in (litellm.credentials, litellm.credentials_in_memory, litellm.deployments, litellm.organizations):
        rows.clear()
    for rows in (litellm.budgets, litellm.teams, litellm.users, litellm.memberships, litellm.emails, litellm.customers):
        rows.clear()
    for declaration in (first, second):
        litellm.requests.clear()
        foretold = sync(check=True, prune=prune, **declaration)
        assert not litellm.written
        result = sync(prune=prune, **declaration)
        if result.get("failed"):
            # Nothing goes wrong on the way here: it is what is declared, which is told before anything is written.
            assert result["msg"].startswith("Nothing was changed. ")
            assert not litellm.written
        else:
            assert (foretold["plan"], foretold["summary"]) == (result["plan"], result["summary"])
            again = sync(prune=prune, **declaration)
            assert (again.get("msg"), again["changed"], again["plan"]) == (None, False, [])


def test_an_older_litellm_is_told_of_before_anything_is_written(sync: Run, litellm: LiteLLMStandIn) -> None:
    litellm.version = "1.100.3"
    litellm.add_user("bob", rpm_limit=5, metadata=OWNED)
    declared = {
        "budgets": [{"budget_id": "trial", "max_budget": 5}],
        "customers": [{"user_id": "shop", "models": ["chat-small"]}],
        "users": [{"user_id": "alice", "rpm_limit": None}, {"user_id": "bob", "rpm_limit": None}],
    }
    old = f"LiteLLM 1.100.3 at {litellm.url} is too old for"
    sentences = [
        f"users[1] ('bob'): {old} clearing rpm_limit of user 'bob': it takes 1.106.0 or newer",
        f"customers[0] ('shop'): {old} models of customer 'shop': it takes 1.106.0 or newer",
    ]
    assert errors(sync(**declared)) == sentences
    foretold = sync(check=True, **declared)
    assert errors(foretold) == sentences
    assert "A real run fails here" in foretold["warnings"]
    assert not litellm.written


def test_a_model_with_a_credential_that_is_neither_declared_nor_there(sync: Run, litellm: LiteLLMStandIn) -> None:
    litellm.add_credential("live", api_key="x")
    models = [
        MODEL | {"model_name": name, "litellm_params": MODEL["litellm_params"] | {"litellm_credential_name": name}}
        for name in ("openai", "live", "none")
    ]
    sentence = "models[2] ('none'): there is no credential 'none', neither declared nor in LiteLLM"
    assert errors(sync(credentials=[CREDENTIAL], models=models)) == [sentence]
    assert errors(sync(check=True, credentials=[CREDENTIAL], models=models)) == [sentence]
    assert not litellm.written
    assert sync(credentials=[CREDENTIAL], models=models[:2])["summary"]["created"] == 3
    assert not sync(credentials=[CREDENTIAL], models=models[:2])["changed"]
