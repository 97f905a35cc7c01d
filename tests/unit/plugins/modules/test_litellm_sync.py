# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from conftest import OMIT, Run
from kubernetes_stand_in import TOKEN, KubernetesStandIn
from litellm_stand_in import MASTER_KEY, Fault, LiteLLMStandIn, digest

OURS = {"app.kubernetes.io/managed-by": "inference.gateway"}
OWNED = {"inference_gateway_owner": "platform"}
ALWAYS = 10**9


def value(alias: str) -> str:
    """A value for a key, the same for every run."""
    return f"sk-{digest(alias)[:32]}"


def given(alias: str, **options: Any) -> dict[str, Any]:
    """A declared key whose value is given."""
    return {"key_alias": alias, "key": value(alias)} | options


def delivered(alias: str, **options: Any) -> dict[str, Any]:
    """A declared key that is delivered into a Secret."""
    return {"key_alias": alias, "secret": {"name": f"{alias}-llm", "namespace": "apps"}} | options


@pytest.fixture
def sync(run: Run, kubernetes: KubernetesStandIn) -> Run:
    def run_module(**options: Any) -> dict[str, Any]:
        return run("litellm_sync", **{"owner": "platform", "kubeconfig": kubernetes.kubeconfig} | options)

    return run_module


@pytest.fixture(autouse=True)
def _nothing_secret_is_printed(
    run: Run, litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, request: pytest.FixtureRequest
) -> Any:
    """After every test: no value of any key, and nothing that authenticates, is in what the module printed."""
    yield
    values = {MASTER_KEY, TOKEN}
    values |= {request.body["key"] for request in litellm.written if request.path == "/key/generate"}
    values |= {encoded for secret in kubernetes.secrets.values() for encoded in secret["data"].values()}
    for secret in values:
        assert secret not in run.printed  # type: ignore[attr-defined]
        assert digest(secret) not in run.printed  # type: ignore[attr-defined]


def plans(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each["kind"], each["name"], each["action"]) for each in result["plan"]]


def paths(litellm: LiteLLMStandIn) -> list[str]:
    return [request.path for request in litellm.written]


# The life of a declaration


def test_life_of_a_declaration(litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run) -> None:
    declaration: dict[str, Any] = {
        "teams": [{"team_alias": "search", "rpm_limit": 600}, {"team_alias": "chat", "max_budget": 5}],
        "keys": [
            given("backend", team_alias="search", rpm_limit=60),
            delivered("app", team_alias="chat"),
            given("ops"),
        ],
    }
    foretold = sync(check=True, **declaration)
    assert foretold["changed"]
    assert foretold["summary"] == {"created": 5, "updated": 0, "deleted": 0, "unchanged": 0, "failed": 0}
    assert not litellm.written
    assert not kubernetes.written

    created = sync(**declaration)
    assert (created["plan"], created["summary"]) == (foretold["plan"], foretold["summary"])
    assert created["errors"] == []
    assert created["plan"][0] == {
        "kind": "team",
        "name": "search",
        "action": "create",
        "before": {},
        "after": {"team_alias": "search", "rpm_limit": 600, "owner": "platform"},
    }
    assert created["plan"][3] == {
        "kind": "key",
        "name": "app",
        "action": "create",
        "before": {"secret": "does not hold the key"},
        "after": {"key_alias": "app", "team_alias": "chat", "owner": "platform", "secret": "holds the key"},
    }
    assert litellm.key("backend")["team_id"] == litellm.team("search")["team_id"]
    assert litellm.key("backend")["token"] == digest(value("backend"))
    assert litellm.key("app")["token"] == digest(kubernetes.value("app-llm"))
    assert [each["metadata"] for each in (*litellm.teams.values(), *litellm.keys.values())] == [OWNED] * 5

    written = len(litellm.written), len(kubernetes.written)
    for check in (True, False):
        again = sync(check=check, **declaration)
        assert not again["changed"]
        assert again["plan"] == []
        assert again["summary"]["unchanged"] == 5
    assert (len(litellm.written), len(kubernetes.written)) == written

    declaration["teams"][0]["rpm_limit"] = None
    declaration["keys"][0]["team_alias"] = "chat"
    changed = sync(**declaration)
    assert changed["plan"] == [
        {
            "kind": "team",
            "name": "search",
            "action": "update",
            "before": {"rpm_limit": 600},
            "after": {"rpm_limit": None},
        },
        {
            "kind": "key",
            "name": "backend",
            "action": "update",
            "before": {"team_alias": "search"},
            "after": {"team_alias": "chat"},
        },
    ]
    assert changed["summary"] == {"created": 0, "updated": 2, "deleted": 0, "unchanged": 3, "failed": 0}

    declaration["keys"][1:] = [delivered("app", state="absent")]
    gone = sync(prune=True, **declaration | {"teams": declaration["teams"][1:]})
    assert plans(gone) == [("team", "search", "delete"), ("key", "app", "delete"), ("key", "ops", "delete")]
    assert (len(litellm.teams), list(litellm.keys)) == (1, [digest(value("backend"))])
    assert not kubernetes.secrets
    # Blocked before they were deleted, for replicas go on to accept a deleted key for a minute.
    assert all(key["blocked"] for key in litellm.deleted_keys.values())
    assert not sync(prune=True, **declaration | {"teams": declaration["teams"][1:]})["changed"]


def test_the_difference_is_told_for_each_object(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.add_team(team_alias="search", rpm_limit=5, tpm_limit=7, metadata=OWNED)
    team = {"team_alias": "search", "rpm_limit": 6, "tpm_limit": 7}
    assert "diff" not in sync(check=True, teams=[team])
    [difference] = sync(check=True, _ansible_diff=True, teams=[team])["diff"]
    assert difference == {
        "before_header": "team search",
        "after_header": "team search",
        "before": {"rpm_limit": 5},
        "after": {"rpm_limit": 6},
    }


def test_null_clears_and_not_given_is_left_alone(litellm: LiteLLMStandIn, sync: Run) -> None:
    limits = {"rpm_limit": 5, "tpm_limit": 6, "max_budget": 7, "models": ["chat-small"], "metadata": {"a": 1}}
    for alias in ("one", "two"):
        litellm.add_key(value(alias), key_alias=alias, **limits)
    sync(keys=[{"key_alias": "one", "rpm_limit": None, "models": [], "metadata": None}, {"key_alias": "two"}])
    one, two = litellm.key("one"), litellm.key("two")
    assert (one["rpm_limit"], one["tpm_limit"], one["models"], one["metadata"]) == (None, 6, [], OWNED)
    assert (two["rpm_limit"], two["models"], two["metadata"]) == (5, ["chat-small"], {"a": 1} | OWNED)


def test_a_team_is_renamed_by_its_identity_and_a_new_one_gets_what_is_given(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.add_team(team_id="one", team_alias="search")
    teams = [{"team_id": "one", "team_alias": "discovery"}, {"team_id": "two", "team_alias": "chat"}]
    keys = [given("a", team_alias="discovery"), given("b", team_id="two")]
    assert plans(sync(teams=teams, keys=keys))[:2] == [("team", "discovery", "update"), ("team", "chat", "create")]
    assert litellm.teams["one"]["team_alias"] == "discovery"
    assert (litellm.key("a")["team_id"], litellm.key("b")["team_id"]) == ("one", "two")
    assert not sync(teams=teams, keys=keys)["changed"]


# What is wrong with a declaration


def test_all_that_is_wrong_is_told_before_anything_is_asked(litellm: LiteLLMStandIn, sync: Run) -> None:
    result = sync(keys=[{"key_alias": f"key-{number}", "rpm_limt": 5} for number in range(8)], teams=[{}])
    assert result["msg"].startswith("Nothing was changed. teams[0]: missing required arguments: team_alias. keys[0] (")
    assert result["msg"].endswith("perhaps rpm_limit is meant. And 4 more, which errors lists.")
    assert [each["name"] for each in result["errors"]] == ["", *(f"key-{number}" for number in range(8))]
    assert not litellm.requests


@pytest.mark.parametrize("nothing", ["", None])
@pytest.mark.parametrize("prune", [True, False])
def test_an_empty_name_deletes_nothing(litellm: LiteLLMStandIn, sync: Run, nothing: str | None, prune: bool) -> None:
    litellm.add_key(value("mine"), key_alias="mine", metadata=OWNED)
    result = sync(prune=prune, keys=[{"key_alias": nothing, "state": "absent"}])
    assert result["msg"] == (
        "Nothing was changed. keys[0]: key_alias is None, give a name that does not begin or end with a space."
    )
    assert not litellm.requests


def test_prune_wants_an_owner(litellm: LiteLLMStandIn, sync: Run) -> None:
    assert sync(owner=OMIT, prune=True, keys=[])["msg"] == "prune is True but all of the following are missing: owner"
    assert sync(owner=OMIT, take_over_from=["x"])["msg"].startswith("missing parameter(s) required by 'take_over_from'")
    assert not litellm.requests


@pytest.mark.parametrize("owner", ["", " platform"])
def test_an_owner_has_a_name(litellm: LiteLLMStandIn, sync: Run, owner: str) -> None:
    assert sync(owner=owner, prune=True, keys=[])["msg"] == (
        f"owner is {owner!r}, give a name that does not begin or end with a space."
    )
    assert not litellm.requests


def test_a_misspelt_secret_is_not_shown(sync: Run, run: Run) -> None:
    # Whatever makes the module fail: also what Ansible itself checks.
    for options in ({}, {"timeout": "x"}):
        for keys in ([{"key_alias": "a", "kye": value("a")}], [f"key_alias=a key={value('a')}"], value("a")):
            assert sync(keys=keys, **options)["failed"]
    assert sync(keys=["key_alias=a"])["msg"] == "Nothing was changed. keys[0] is not a dictionary of options."
    assert value("a") not in run.printed  # type: ignore[attr-defined]


@pytest.mark.parametrize("option", ["team_alias", "team_id"])
def test_a_team_that_is_neither_declared_nor_there_is_an_error(litellm: LiteLLMStandIn, sync: Run, option: str) -> None:
    teams, keys = [{"team_alias": "search"}], [given("a", team_alias="search"), given("b", **{option: "nobody"})]
    result = sync(teams=teams, keys=keys)
    assert result["msg"].startswith("Nothing was changed. keys[1] ('b'): there is no team ")
    assert len(result["errors"]) == 1
    assert not litellm.written
    # It may come with an earlier task of the same play.
    foretold = sync(check=True, teams=teams, keys=keys)
    assert plans(foretold)[-1] == ("key", "b", "create")
    assert "keys[1] ('b'): there is no team" in foretold["warnings"]
    assert foretold["errors"] == result["errors"]


def test_a_team_of_two_is_an_error_that_names_both(litellm: LiteLLMStandIn, sync: Run) -> None:
    for identity in ("one", "two"):
        litellm.add_team(team_id=identity, team_alias="search")
    sentence = "2 teams have the alias 'search': one, two. Give team_id to say which one is meant, or delete the others"
    assert [each["error"] for each in sync(keys=[given("a", team_alias="search")])["errors"]] == [
        f"keys[0] ('a'): {sentence}"
    ]
    result = sync(teams=[{"team_alias": "search"}], keys=[given("a", team_alias="search")])
    assert [each["error"] for each in result["errors"]] == [f"teams[0] ('search'): {sentence}"]
    assert not litellm.written
    assert sync(keys=[given("a", team_id="two")])["changed"]


def test_two_entries_for_one_team_are_an_error(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.add_team(team_id="one", team_alias="search")
    result = sync(teams=[{"team_alias": "search"}, {"team_alias": "chat", "team_id": "one"}])
    assert [each["error"] for each in result["errors"]] == [
        "teams[1] ('chat'): means the same team as teams[0] ('search'): leave one of them out"
    ]
    assert not litellm.written


def test_a_model_that_is_not_served_is_an_error(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.add_key(value("old"), key_alias="old", models=["retired"], metadata=OWNED)
    keys = [
        given("a", models=["chat-small", "chat-smal"]),
        given("b", models=["all-team-models"]),
        {"key_alias": "old", "models": ["retired"]},
    ]
    result = sync(keys=keys)
    assert [each["error"] for each in result["errors"]] == [
        "keys[0] ('a'): models has chat-smal, which LiteLLM does not serve"
    ]
    assert not litellm.written
    assert "models has chat-smal" in sync(check=True, keys=keys)["warnings"]


def test_what_cannot_be_read_is_no_matter_of_an_entry(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.database = False
    result = sync(teams=[{"team_alias": "a"}], keys=[given("a", team_alias="a")])
    assert result["msg"].startswith(f"GET {litellm.url}/v2/team/list failed in LiteLLM (500)")
    assert not litellm.written


# Who owns what


def test_what_belongs_to_nobody_is_adopted_and_nothing_else_of_it_changes(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.add_team(team_alias="search", rpm_limit=5, metadata={"a": 1, "guardrails": ["x"]})
    adopted = sync(teams=[{"team_alias": "search", "rpm_limit": 5}])
    assert adopted["plan"][0]["before"] == {"owner": None}
    assert adopted["plan"][0]["after"] == {"owner": "platform"}
    assert litellm.team("search")["metadata"] == {"a": 1, "guardrails": ["x"]} | OWNED
    assert litellm.written[-1].body.keys() == {"team_id", "metadata"}


def test_what_belongs_to_another_is_not_changed(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.add_team(team_alias="search", rpm_limit=5, metadata={"inference_gateway_owner": "others"})
    litellm.add_key(value("a"), key_alias="a", metadata={"inference_gateway_owner": "others"})
    sentence = "belongs to the declaration 'others': change it there, or name that one in take_over_from"
    for options in (
        {"teams": [{"team_alias": "search", "rpm_limit": 5}], "keys": [{"key_alias": "a", "state": "absent"}]},
        {"teams": [{"team_alias": "search", "state": "absent"}], "keys": [delivered("a", recreate=True)]},
        {"owner": OMIT, "teams": [{"team_alias": "search", "rpm_limit": 6}], "keys": [delivered("a", key=value("a"))]},
    ):
        result = sync(**options)
        assert [each["error"] for each in result["errors"]] == [
            f"teams[0] ('search'): {sentence}",
            f"keys[0] ('a'): {sentence}",
        ]
    assert not litellm.written
    # What is already as it is to be harms nobody.
    assert not sync(owner=OMIT, teams=[{"team_alias": "search", "rpm_limit": 5}])["changed"]


def test_an_object_moves_from_one_declaration_to_another(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.add_team(team_alias="search", metadata={"inference_gateway_owner": "old"})
    moved = sync(teams=[{"team_alias": "search"}], take_over_from=["older", "old"])
    assert moved["plan"][0]["before"] == {"owner": "old"}
    assert litellm.team("search")["metadata"] == OWNED


def test_only_what_belongs_to_the_declaration_is_pruned_and_only_of_the_kinds_that_are_given(
    litellm: LiteLLMStandIn, sync: Run
) -> None:
    litellm.add_team(team_alias="mine", metadata=OWNED)
    for alias, owner in (("mine", "platform"), ("others", "others"), ("nobody's", None), (None, "platform")):
        litellm.add_key(value(str(alias)), key_alias=alias, metadata={"inference_gateway_owner": owner})
    assert not sync(teams=[{"team_alias": "mine"}], prune=True)["changed"]
    assert not sync(keys=[], prune=False)["changed"]
    pruned = sync(keys=[], prune=True)
    assert plans(pruned) == [("key", "(without an alias)", "delete"), ("key", "mine", "delete")]
    assert [key["key_alias"] for key in litellm.keys.values()] == ["others", "nobody's"]
    assert len(litellm.teams) == 1


# Deleting what others refer to


def test_a_team_with_keys_is_only_deleted_by_force(litellm: LiteLLMStandIn, sync: Run) -> None:
    team_id = litellm.add_team(team_alias="search", metadata=OWNED)
    tokens = [litellm.add_key(value(alias), key_alias=alias, team_id=team_id) for alias in ("a", "b")]
    sentence = "is to be deleted, but keys refer to it (2, as 'a', 'b'): delete them as well"
    result = sync(teams=[{"team_alias": "search", "state": "absent"}])
    assert result["errors"][0]["error"] == f"teams[0] ('search'): {sentence}, or set force to true"
    result = sync(teams=[], prune=True)
    assert result["errors"][0]["error"] == f"team 'search': {sentence}, or set force to true"
    assert not litellm.written

    forced = sync(teams=[{"team_alias": "search", "state": "absent", "force": True}])
    assert plans(forced) == [("team", "search", "delete"), ("key", "a", "delete"), ("key", "b", "delete")]
    assert paths(litellm)[-1] == "/team/delete"
    assert [litellm.deleted_keys[token]["blocked"] for token in tokens] == [True, True]


def test_not_even_force_deletes_a_key_that_is_declared_or_belongs_to_another(
    litellm: LiteLLMStandIn, sync: Run
) -> None:
    team_id = litellm.add_team(team_alias="search", metadata=OWNED)
    litellm.add_key(value("a"), key_alias="a", team_id=team_id, metadata={"inference_gateway_owner": "others"})
    teams = [{"team_alias": "search", "state": "absent", "force": True}]
    [error] = sync(teams=teams)["errors"]
    assert error["error"].startswith("key 'a': belongs to the declaration 'others'")
    for key in (given("b", team_alias="search"), given("b", team_id=team_id)):
        errors = [each["error"] for each in sync(teams=teams, keys=[key])["errors"]]
        assert "teams[0] ('search'): is to be deleted, but keys refer to it (2, as 'b'): delete them as well" in errors
    assert not litellm.written


def test_a_key_leaves_a_team_before_that_is_deleted(litellm: LiteLLMStandIn, sync: Run) -> None:
    team_id = litellm.add_team(team_alias="search", metadata=OWNED)
    for alias in ("moves", "leaves", "goes"):
        litellm.add_key(value(alias), key_alias=alias, team_id=team_id, metadata=OWNED)
    keys = [
        {"key_alias": "moves", "team_alias": "chat"},
        {"key_alias": "leaves", "team_alias": None},
        {"key_alias": "goes", "state": "absent"},
    ]
    teams = [{"team_alias": "search", "state": "absent"}, {"team_alias": "chat"}]
    assert sync(teams=teams, keys=keys)["changed"]
    assert [key["key_alias"] for key in litellm.keys.values()] == ["moves", "leaves"]
    assert litellm.key("moves")["team_id"] == litellm.team("chat")["team_id"]
    assert [team["team_alias"] for team in litellm.teams.values()] == ["chat"]


# Values and Secrets


def test_a_key_whose_value_nobody_would_have_is_not_created(litellm: LiteLLMStandIn, sync: Run) -> None:
    result = sync(keys=[{"key_alias": "a"}, given("b")])
    assert "keys[0] ('a'): Key 'a' does not exist, and its value would be lost" in result["msg"]
    assert not litellm.written


def test_a_value_that_another_key_has_is_refused(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.add_key(value("a"), key_alias="a")
    result = sync(keys=[given("b", key=value("a"))])
    assert result["errors"][0]["error"] == "keys[0] ('b'): key holds the key 'a', not 'b': give each key its own"
    assert not litellm.written


def test_a_key_that_exists_needs_neither_value_nor_secret(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.add_key(value("a"), key_alias="a")
    assert sync(keys=[{"key_alias": "a", "rpm_limit": 5}])["changed"]
    assert not sync(keys=[{"key_alias": "a", "rpm_limit": 5}])["changed"]


def test_a_key_whose_value_is_lost_is_made_anew_when_that_is_asked_for(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run
) -> None:
    team_id = litellm.add_team(team_alias="search", metadata=OWNED)
    sync(keys=[delivered("a", team_alias="search", rpm_limit=5), delivered("b")])
    old = kubernetes.value("a-llm")
    kubernetes.secrets.clear()
    result = sync(keys=[delivered("a")])
    assert "keys[0] ('a'): Key 'a' exists, but its value is lost, Secret apps/a-llm does not hold it" in result["msg"]
    keys = [delivered("a", tpm_limit=7, recreate=True), given("b", key=value("b"), recreate=True)]
    foretold = sync(check=True, keys=keys)
    made = sync(keys=keys)
    assert made["plan"] == foretold["plan"]
    assert [each["action"] for each in made["plan"]] == ["create", "create"]
    assert made["plan"][0]["before"].items() >= {"tpm_limit": None, "secret": "does not hold the key"}.items()
    # It keeps what it had and is not given now.
    key = litellm.key("a")
    assert (key["rpm_limit"], key["tpm_limit"], key["team_id"], key["metadata"]) == (5, 7, team_id, OWNED)
    assert key["token"] == digest(kubernetes.value("a-llm")) != digest(old)
    assert litellm.key("b")["token"] == digest(value("b"))
    assert litellm.deleted_keys[digest(old)]["blocked"]
    assert len(litellm.keys) == 2
    assert not sync(keys=keys)["changed"]


def test_a_key_that_is_made_anew_is_no_more_than_the_one_before(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run
) -> None:
    """What it has spent and when it ends are kept, and what LiteLLM has in metadata, without a licence."""
    kept = {"tags": ["batch"], "logging": [{"callback_name": "langfuse"}]}
    litellm.add_key(value("a"), key_alias="a", duration="30d", spend=1.5, soft_budget=4, metadata=kept)
    keys = [delivered("a", recreate=True)]
    [change] = sync(keys=keys)["plan"]
    assert change["before"] == {"owner": None, "secret": "does not hold the key"}
    key = litellm.key("a")
    assert key["token"] == digest(kubernetes.value("a-llm")) != digest(value("a"))
    assert (key["spend"], key["metadata"]) == (1.5, kept | OWNED)
    assert key["expires"]
    assert not sync(keys=keys)["changed"]


def test_a_key_goes_only_when_another_one_can_take_its_place(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run
) -> None:
    old = litellm.add_key(value("a"), key_alias="a", rpm_limit=5, spend=1.5, duration="30d")
    before = dict(litellm.keys[old])
    # For which LiteLLM wants a licence.
    refused = sync(keys=[delivered("a", recreate=True, tags=["x"])])
    assert "enterprise licence" in refused["msg"]
    assert refused["msg"].endswith("Key 'a' is as it was before.")
    assert (litellm.keys, kubernetes.secrets) == ({old: before}, {})
    sync(keys=[delivered("a", recreate=True)])
    [key] = litellm.keys.values()
    assert (key["rpm_limit"], key["spend"], key["token"]) == (5, 1.5, digest(kubernetes.value("a-llm")))


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("path", ["/key/generate", "/key/block", "/key/delete", "/key/update"])
def test_a_key_is_made_anew_however_often_that_is_interrupted(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run, path: str, after: bool, known: bool
) -> None:
    """With a value that is given, and with one that is made up, which only the Secret has."""
    litellm.add_key(value("a"), key_alias="a", rpm_limit=5, metadata=OWNED)
    keys = [{"key_alias": "a", "recreate": True, "key": value("new")} if known else delivered("a", recreate=True)]
    litellm.faults = [Fault("POST", path, None, after=after, times=ALWAYS)]
    sync(keys=keys)
    assert any(key["rpm_limit"] == 5 and not key["blocked"] for key in litellm.keys.values())
    litellm.faults = []
    sync(keys=keys, prune=True)
    [key] = litellm.keys.values()
    assert (key["key_alias"], key["rpm_limit"], key["metadata"]) == ("a", 5, OWNED)
    assert key["token"] == digest(value("new") if known else kubernetes.value("a-llm"))
    assert not sync(keys=keys, prune=True)["changed"]


def test_the_other_generations_of_a_key_stay_and_go_with_it(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run, run: Run
) -> None:
    keys = [delivered("a")]
    sync(keys=keys)
    where = {"secret": {"name": "a-llm", "namespace": "apps"}, "kubeconfig": kubernetes.kubeconfig}
    run("litellm_key", key_alias="a", rotation={"generation": "2"}, **where)
    run.printed = ""  # type: ignore[attr-defined] - litellm_key tells the identity, which is no secret
    assert len(litellm.keys) == 2
    assert not sync(keys=keys, prune=True)["changed"]
    exported = run("litellm_export", kinds=["keys"])
    assert [each["key_alias"] for each in exported["declaration"]["keys"]] == ["a"]
    assert exported["left_out"] == {"keys": 1}
    for gone in ({"keys": [], "prune": True}, {"keys": [delivered("a", state="absent")], "prune": True}):
        foretold = sync(check=True, **gone)
        assert [each["action"] for each in foretold["plan"]] == ["delete", "delete"]
    sync(keys=[delivered("a", state="absent")])
    assert not litellm.keys
    assert not kubernetes.secrets


def test_options_of_which_only_one_can_be_given(litellm: LiteLLMStandIn, sync: Run, run: Run) -> None:
    result = sync(keys=[given("a", soft_budget=1, budget_id="shared")])
    assert "budget_id|soft_budget" in result["msg"]
    assert not litellm.requests
    sync(keys=[given("a", key_type="read_only")])
    [exported] = run("litellm_export")["declaration"]["keys"]
    assert "key_type" not in exported
    assert exported["allowed_routes"] == ["info_routes"]
    assert not sync(keys=[exported])["changed"]


def test_what_is_fixed_is_said_before_anything_is_written(litellm: LiteLLMStandIn, sync: Run) -> None:
    sync(keys=[given("a", key_type="read_only")])
    written = len(litellm.written)
    result = sync(keys=[given("a", key_type="llm_api"), given("b")])
    assert "key_type of key 'a' is 'read_only' and cannot become 'llm_api'" in result["msg"]
    assert len(litellm.written) == written


def test_secrets_are_read_by_page_and_written_one_by_one(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ansible_collections.inference.gateway.plugins.module_utils._secret.SECRETS_PER_PAGE", 10)
    keys = [delivered(f"key-{number}") for number in range(25)]
    keys += [delivered("web", secret={"name": "web-llm", "namespace": "shop"})]
    assert sync(keys=keys)["summary"]["created"] == 26
    assert len(kubernetes.written) == 26
    kubernetes.requests.clear()
    assert not sync(keys=keys)["changed"]
    read = [path for method, path in kubernetes.requests if "secrets" in path]
    assert sorted(read) == ["/api/v1/namespaces/apps/secrets"] * 3 + ["/api/v1/namespaces/shop/secrets"]


def test_several_keys_in_one_secret(litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run) -> None:
    kubernetes.add_secret("shared", OURS, other="x")
    keys = [delivered(each, secret={"name": "shared", "namespace": "apps", "key": each}) for each in "abcdefgh"]
    assert sync(keys=keys)["summary"]["created"] == 8
    assert {digest(kubernetes.value("shared", each)) for each in "abcdefgh"} == set(litellm.keys)
    assert not sync(keys=keys)["changed"]
    absent = [each | {"state": "absent"} for each in keys]
    assert sync(keys=absent)["summary"]["deleted"] == 8
    assert list(kubernetes.secrets["apps", "shared"]["data"]) == ["other"]
    assert not sync(keys=absent)["changed"]


def test_a_secret_that_was_left_behind_is_taken_away(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run
) -> None:
    kubernetes.add_secret("a-llm", OURS, **{"api-key": "sk-never-made"})
    keys = [delivered("a", state="absent")]
    gone = sync(keys=keys)
    assert gone["plan"][0]["before"] == {"secret": "holds the key"}
    assert gone["plan"][0]["after"] == {"secret": "does not hold the key"}
    assert not kubernetes.secrets
    assert not sync(keys=keys)["changed"]


def test_a_value_is_put_back_into_a_secret_that_lost_it(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run
) -> None:
    keys = [delivered("a", key=value("a"))]
    sync(keys=keys)
    kubernetes.secrets.clear()
    restored = sync(keys=keys)
    assert plans(restored) == [("key", "a", "update")]
    assert kubernetes.value("a-llm") == value("a")
    assert len(litellm.written) == 1


def test_a_secret_of_somebody_else_is_not_touched(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run
) -> None:
    kubernetes.add_secret("a-llm", {"app": "shop"}, password="x")
    for state in ("present", "absent"):
        result = sync(keys=[delivered("a", state=state), delivered("b")])
        assert [each["name"] for each in result["errors"]] == ["a"]
        assert "keys[0] ('a'): Secret apps/a-llm exists already and belongs to something else" in result["msg"]
    assert not litellm.written
    assert not kubernetes.written


def test_secrets_that_may_not_be_listed(litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run) -> None:
    kubernetes.forbidden = {"LIST"}
    assert sync(keys=[delivered("a")])["msg"].startswith("Cannot list the Secrets of namespace apps (403): secrets is")
    assert not litellm.written


def test_a_namespace_that_is_not_there_is_told_before_anything_is_changed(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run
) -> None:
    kubernetes.missing = {"shop", "blog"}
    keys = [delivered("a"), delivered("gone", state="absent", secret={"name": "gone-llm", "namespace": "gone"})]
    keys += [
        delivered(f"{place}-{number}", secret={"name": f"{number}-llm", "namespace": place})
        for place in ("shop", "blog")
        for number in range(3)
    ]
    sentences = [
        f"keys[{index}] ('{place}-0'): There is no namespace '{place}' for Secret {place}/0-llm: make it first"
        for index, place in ((2, "shop"), (5, "blog"))
    ]
    result = sync(teams=[{"team_alias": "search"}], keys=keys)
    assert result["msg"].startswith("Nothing was changed. ")
    assert [each["error"] for each in result["errors"]] == sentences
    assert not litellm.written
    asked = [path for _method, path in kubernetes.requests if path.count("/") == 4]
    assert sorted(asked) == [f"/api/v1/namespaces/{place}" for place in ("apps", "blog", "shop")]
    # It may come with an earlier task of the same play.
    foretold = sync(check=True, keys=keys)
    assert all(sentence in foretold["warnings"] for sentence in sentences)
    kubernetes.missing, kubernetes.requests = set(), []
    assert sync(keys=keys)["summary"]["created"] == 7
    kubernetes.requests = []
    assert not sync(keys=keys)["changed"]
    assert not [path for _method, path in kubernetes.requests if path.count("/") == 4]


def test_a_key_that_may_come_to_be_later_has_a_holder(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run
) -> None:
    litellm.faults = [Fault("POST", "/key/generate", status=504, late=100), Fault("POST", "/key/generate", status=400)]
    result = sync(keys=[delivered("a")])
    assert result["errors"][0]["error"].endswith(
        "Secret apps/a-llm holds a key that may not exist, or not yet, which the next run mends"
    )
    for request in [*litellm.working.values()]:
        litellm.answer(request)
    assert list(litellm.keys) == [digest(kubernetes.value("a-llm"))]
    assert not sync(keys=[delivered("a")])["changed"]


def test_a_value_that_litellm_repeats_is_not_told(litellm: LiteLLMStandIn, sync: Run, run: Run) -> None:
    for key in ("sk-ab+0123456789abc", "sk-0123456789+abc/de=", "sk-ab%0123456789abc"):
        said = json.dumps({"error": {"message": f"no key: {key}"}}).encode()
        litellm.faults = [Fault("POST", "/key/generate", status=400, body=said)]
        result = sync(keys=[{"key_alias": "a", "key": key}])
        assert "was refused (400): no key: " in result["msg"]
        assert "789" not in run.printed  # type: ignore[attr-defined]


def test_a_secret_that_cannot_be_written_is_the_matter_of_its_key_alone(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run
) -> None:
    elsewhere = {"name": "a-llm", "namespace": "nowhere"}
    # Who may not ask for namespaces learns of a missing one late.
    kubernetes.missing, kubernetes.forbidden = {"nowhere"}, {"NAMESPACE"}
    result = sync(keys=[delivered("a", secret=elsewhere), delivered("b")])
    assert result["changed"]
    assert [each["error"] for each in result["errors"]] == [
        "keys[0] ('a'): Cannot create Secret nowhere/a-llm (404): namespaces \"nowhere\" not found"
    ]
    assert list(litellm.keys) == [digest(kubernetes.value("b-llm"))]


def test_the_secret_is_as_before_when_litellm_does_not_make_the_key(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run
) -> None:
    kubernetes.add_secret("a-llm", OURS, other="x")
    litellm.faults = [Fault("POST", "/key/generate", status=400, times=2)]
    result = sync(keys=[delivered("a"), delivered("b")])
    assert "was refused (400): a fault. Secret apps/a-llm is as it was before" in result["errors"][0]["error"]
    assert list(kubernetes.secrets) == [("apps", "a-llm")]
    assert list(kubernetes.secrets["apps", "a-llm"]["data"]) == ["other"]
    assert sync(keys=[delivered("a"), delivered("b")])["summary"]["created"] == 2


# What goes wrong on the way


def test_what_can_be_done_is_done_and_the_rest_is_told(litellm: LiteLLMStandIn, sync: Run) -> None:
    teams = [{"team_alias": alias} for alias in ("a", "b")]
    keys = [given(f"{team}{number}", team_alias=team) for team in "ab" for number in range(3)]
    litellm.faults = [Fault("POST", "/team/new", status=500)]
    result = sync(teams=teams, keys=keys, parallel=1)
    assert result["changed"]
    assert result["summary"] == {"created": 4, "updated": 0, "deleted": 0, "unchanged": 0, "failed": 4}
    assert result["msg"].startswith(
        f"4 of 8 changes failed. teams[0] ('a'): POST {litellm.url}/team/new failed in Lite"
    )
    assert "keys[0] ('a0'): was not tried, for team 'a' could not be created" in result["msg"]
    assert sorted(key["key_alias"] for key in litellm.keys.values()) == ["b0", "b1", "b2"]
    assert sync(teams=teams, keys=keys)["summary"] == {
        "created": 4,
        "updated": 0,
        "deleted": 0,
        "unchanged": 4,
        "failed": 0,
    }


def test_a_team_whose_key_could_not_be_deleted_stays(litellm: LiteLLMStandIn, sync: Run) -> None:
    team_id = litellm.add_team(team_alias="search", metadata=OWNED)
    litellm.add_key(value("a"), key_alias="a", team_id=team_id, metadata=OWNED)
    litellm.faults = [Fault("POST", "/key/block", status=500)]
    result = sync(teams=[], keys=[], prune=True)
    assert not result["changed"]
    assert result["errors"][1]["error"] == (
        "team 'search': was not tried, for key 'a' refers to it and could not be changed"
    )
    assert len(litellm.teams) == len(litellm.keys) == 1
    assert sync(teams=[], keys=[], prune=True)["summary"]["deleted"] == 2


@pytest.mark.parametrize("alone", [True, False], ids=["read back alone", "read back by page"])
def test_a_field_that_the_server_drops_is_an_error_that_names_it(
    litellm: LiteLLMStandIn, sync: Run, alone: bool
) -> None:
    for number in range(150 if alone else 1):
        litellm.add_key(value(f"x{number}"), key_alias=f"x{number}")
    litellm.dropped = {"tpm_limit"}
    result = sync(keys=[given("a", tpm_limit=9), {"key_alias": "x0", "rpm_limit": 5}][: 1 if alone else 2])
    assert [each["name"] for each in result["errors"]] == ["a"]
    assert "LiteLLM accepted key 'a' but did not keep tpm_limit (wanted 9, kept None)" in result["msg"]
    assert litellm.key("a")


def test_few_changes_are_read_back_one_by_one(litellm: LiteLLMStandIn, sync: Run) -> None:
    for number in range(300):
        litellm.add_key(value(f"x{number}"), key_alias=f"x{number}", metadata=OWNED)
    assert sync(keys=[{"key_alias": "x5", "rpm_limit": 5}, given("new"), {"key_alias": "x6", "state": "absent"}])
    # 3 pages, then two new states and one that is gone.
    assert len([request for request in litellm.requests if request.path == "/key/list"]) == 3 + 2 + 1


def test_what_the_servers_defaults_put_into_a_new_object_is_cleared(litellm: LiteLLMStandIn, sync: Run) -> None:
    litellm.defaults = {"max_budget": 10}
    assert sync(teams=[{"team_alias": "a", "max_budget": None}])["changed"]
    assert litellm.team("a")["max_budget"] is None


WORK = {
    "teams": [{"team_alias": "a"}, {"team_alias": "b", "rpm_limit": 5}, {"team_alias": "gone", "state": "absent"}],
    "keys": [
        delivered("new", team_alias="a"),
        given("given", team_alias="b"),
        {"key_alias": "old", "rpm_limit": 7},
        delivered("lost", recreate=True),
        {"key_alias": "dead", "state": "absent"},
    ],
}
WRITES = ["/team/new", "/team/update", "/team/delete", "/key/generate", "/key/update", "/key/block", "/key/delete"]


def furnish(litellm: LiteLLMStandIn) -> None:
    """What is there before WORK is done."""
    litellm.add_team(team_alias="b", metadata=OWNED)
    litellm.add_team(team_alias="gone", metadata=OWNED)
    for alias in ("old", "lost", "dead"):
        litellm.add_key(value(alias), key_alias=alias, metadata=OWNED)


def assert_worked(litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn) -> None:
    """What is there after WORK is done, however often something went wrong."""
    assert sorted(team["team_alias"] for team in litellm.teams.values()) == ["a", "b"]
    assert sorted(key["key_alias"] for key in litellm.keys.values()) == ["given", "lost", "new", "old"]
    assert (litellm.team("b")["rpm_limit"], litellm.key("old")["rpm_limit"]) == (5, 7)
    assert litellm.key("new")["team_id"] == litellm.team("a")["team_id"]
    assert litellm.key("given")["team_id"] == litellm.team("b")["team_id"]
    for alias in ("new", "lost"):
        assert litellm.key(alias)["token"] == digest(kubernetes.value(f"{alias}-llm"))
    assert all(each["metadata"] == OWNED for each in (*litellm.teams.values(), *litellm.keys.values()))
    assert digest(value("lost")) in litellm.deleted_keys


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429},
        {"status": 503},
        {"status": 502, "after": True},
        {"seconds": 0.05},
        {"after": True},
        {"twice": True},
        {"twice": True, "times": ALWAYS},
    ],
    ids="-".join,
)
def test_trouble_that_passes_is_overcome(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run, path: str, fault: dict[str, Any]
) -> None:
    furnish(litellm)
    litellm.faults = [Fault("POST", path, **fault)]
    result = sync(**WORK)
    assert "failed" not in result
    assert result["summary"] == {"created": 4, "updated": 2, "deleted": 2, "unchanged": 0, "failed": 0}
    assert_worked(litellm, kubernetes)
    assert not sync(**WORK)["changed"]


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize("after", [False, True])
def test_trouble_that_lasts_is_told_and_the_next_run_goes_on(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run, path: str, after: bool
) -> None:
    furnish(litellm)
    litellm.faults = [Fault("POST", path, status=500, after=after, times=ALWAYS)]
    result = sync(**WORK)
    assert after or result["failed"]
    litellm.faults = []
    sync(**WORK)
    assert_worked(litellm, kubernetes)
    assert not sync(**WORK)["changed"]


def test_when_litellm_is_gone_the_rest_is_not_tried(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run
) -> None:
    keys = [delivered(f"key-{number}") for number in range(100)]
    litellm.faults = [Fault("POST", skip=20, times=ALWAYS), Fault("GET", skip=2, times=ALWAYS)]
    result = sync(keys=keys, teams=[{"team_alias": "a", "state": "absent"}], parallel=4)
    assert result["summary"]["failed"] == 100  # none could be read back
    errors = [each["error"] for each in result["errors"]]
    assert sum("was not tried, for there was no answer to others" in each for each in errors) > 70
    assert any("may hold a key that does not exist, which the next run mends" in each for each in errors)
    assert len(litellm.written) < 30
    litellm.faults = []
    assert sync(keys=keys)["summary"] == {"created": 80, "updated": 0, "deleted": 0, "unchanged": 20, "failed": 0}
    assert {digest(kubernetes.value(f"key-{number}-llm")) for number in range(100)} == set(litellm.keys)


def test_when_kubernetes_is_gone_the_rest_is_not_tried(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, sync: Run
) -> None:
    keys = [delivered(f"key-{number}") for number in range(50)]
    kubernetes.gone_after = 20
    result = sync(keys=keys, parallel=2)
    assert "the Kubernetes API does not answer" in result["msg"]
    assert (result["summary"]["created"], result["summary"]["failed"]) == (20, 30)
    kubernetes.gone_after = None
    assert sync(keys=keys)["summary"]["created"] == 30


class KilledError(BaseException):
    """Nothing in the module catches this, as nothing catches a signal that kills it."""


@pytest.mark.parametrize("after", [False, True], ids=["before the request", "after the request"])
def test_a_run_that_is_killed_anywhere_is_completed_by_the_next(
    litellm: LiteLLMStandIn,
    kubernetes: KubernetesStandIn,
    sync: Run,
    monkeypatch: pytest.MonkeyPatch,
    after: bool,
) -> None:
    """The run dies with its first request, another with its second, and so on; each begins where the last one ended."""
    from ansible_collections.inference.gateway.plugins.module_utils import _client

    send = _client.Client.send
    for deadline in itertools.count(1):
        litellm.teams.clear(), litellm.keys.clear(), litellm.deleted_keys.clear(), kubernetes.secrets.clear()
        furnish(litellm)
        sent = itertools.count(1)

        def dying(client: Any, *request: Any, deadline: int = deadline, sent: Any = sent) -> Any:
            number = next(sent)
            if after and number <= deadline:
                send(client, *request)
            if number >= deadline:
                raise KilledError
            return None if after else send(client, *request)

        with monkeypatch.context() as patched:
            patched.setattr(_client.Client, "send", dying)
            try:
                survived = sync(parallel=1, **WORK)
            except KilledError:
                survived = None
        sync(**WORK)
        assert_worked(litellm, kubernetes)
        assert not sync(**WORK)["changed"]
        if survived:
            break
    assert deadline > 10


# What it costs


@pytest.mark.parametrize("number", [150, 450])
def test_the_requests_of_a_run_without_a_change_grow_with_pages(
    litellm: LiteLLMStandIn, sync: Run, number: int
) -> None:
    teams = [{"team_alias": f"team-{each}"} for each in range(50)]
    keys = [given(f"key-{each}", team_alias=f"team-{each % 50}") for each in range(number)]
    sync(teams=teams, keys=keys)
    litellm.requests.clear()
    assert not sync(teams=teams, keys=keys)["changed"]
    # The version, the teams, and a hundred keys at once.
    assert len(litellm.requests) == 1 + 1 + -(-number // 100)
    assert not litellm.written
