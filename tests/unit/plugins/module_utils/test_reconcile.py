# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy
from typing import Any

import pytest
from conftest import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litellm_stand_in import MASTER_KEY, LiteLLMStandIn

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._connection import Connection
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import KEPT_IN_METADATA, Kind
from ansible_collections.inference.gateway.plugins.module_utils._kinds.budget import BUDGET
from ansible_collections.inference.gateway.plugins.module_utils._kinds.credential import CREDENTIAL
from ansible_collections.inference.gateway.plugins.module_utils._kinds.customer import CUSTOMER
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._kinds.member import MEMBER
from ansible_collections.inference.gateway.plugins.module_utils._kinds.model import MODEL
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM
from ansible_collections.inference.gateway.plugins.module_utils._kinds.user import USER
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import Goal, listed, make_plan, writes

THERE = {
    "token": "f00",
    "key_alias": "backend",
    "models": ["a", "b"],
    "max_budget": 5.0,
    "expires": "2027-01-31T12:00:00Z",
    "metadata": {"mine": 1, "tags": ["x"], "inference_gateway_duration": "90d"},
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("metadata", "x"),
        ("metadata", [1]),
        ("model_max_budget", "x"),
        ("object_permission", 5),
        ("budget_limits", {"a": 1}),
    ],
)
@pytest.mark.parametrize("module", ["litellm_key", "litellm_key_info", "litellm_export", "litellm_sync"])
def test_a_field_of_another_shape_is_an_error_that_names_it(
    litellm: LiteLLMStandIn, run: Run, module: str, field: str, value: Any
) -> None:
    litellm.add_key("sk-a", key_alias="backend")
    litellm.key("backend")[field] = value
    goal = {"litellm_key": {"key_alias": "backend"}, "litellm_sync": {"keys": [{"key_alias": "backend"}]}}
    assert run(module, **goal.get(module, {}))["msg"] == (
        f"GET {litellm.url}/key/list did not answer as LiteLLM does: {field} of key 'backend' is a"
        f" {type(value).__name__}. Put that right in LiteLLM first."
    )


def test_what_is_no_budget_window_is_shown_as_an_empty_one(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_key("sk-a", key_alias="backend")
    litellm.key("backend")["budget_limits"] = ["x"]
    [key] = run("litellm_key_info")["keys"]
    assert key["budget_limits"] == [{"max_budget": None, "budget_duration": None}]


@pytest.mark.parametrize("known", [5, [1], "x"])
def test_what_are_no_fingerprints_tell_nothing(litellm: LiteLLMStandIn, run: Run, known: Any) -> None:
    run("litellm_model", model_name="mine", litellm_params={"model": "openai/x"})
    run("litellm_credential", credential_name="mine", credential_values={"token": "a-long-secret"})
    [model] = litellm.deployments.values()
    model["model_info"]["inference_gateway_fingerprints"] = known
    litellm.credentials["mine"]["credential_info"]["inference_gateway_fingerprints"] = known
    litellm.reload()
    assert run("litellm_model_info", model_name="mine")["models"][0]["litellm_params"]["model"] == "openai/x"
    assert run("litellm_credential_info")["credentials"][0]["credential_name"] == "mine"


@pytest.mark.parametrize(
    ("found", "wanted", "same"),
    [
        (5, 5.0, True),
        (True, True, True),
        (True, 1, False),
        (0, False, False),
        ({"a": [{"b": True}]}, {"a": [{"b": 1}]}, False),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1.0}]}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ([1, 2], [1], False),
        (None, False, False),
    ],
)
def test_true_is_not_the_number_one(found: Any, wanted: Any, same: bool) -> None:
    for kind, row in ((KEY, {"token": "f00"}), (MODEL, {"model_id": "1", "db_model": True})):
        there = row | {kind.alias: "x", kind.metadata: {"flag": found}}
        plan = make_plan(Goal(kind, "x", {kind.metadata: {"flag": wanted}}), there)
        assert plan.action == ("none" if same else "update")


@pytest.mark.parametrize(
    ("there", "options", "action", "requests"),
    [
        (None, None, "none", []),
        (
            None,
            {"key_alias": "backend", "rpm_limit": 0, "tpm_limit": None, "models": [], "metadata": {}},
            "create",
            [("/key/generate", {"key_alias": "backend", "rpm_limit": 0})],
        ),
        (
            None,
            {"key_alias": "backend", "duration": "90d"},
            "create",
            [
                (
                    "/key/generate",
                    {"key_alias": "backend", "duration": "90d", "metadata": {"inference_gateway_duration": "90d"}},
                )
            ],
        ),
        (THERE, None, "delete", [("/key/block", {"key": "f00"}), ("/key/delete", {"keys": ["f00"]})]),
        (THERE, {}, "none", []),
        (THERE, {"models": ["b", "a"], "max_budget": 5, "duration": "90d", "rpm_limit": None}, "none", []),
        (THERE, {"metadata": {"mine": 1}}, "none", []),
        (THERE, {"metadata": {"mine": 1, "tags": ["x"]}}, "none", []),
        (THERE, {"models": []}, "update", [("/key/update", {"key": "f00", "models": []})]),
        (THERE, {"max_budget": None}, "update", [("/key/update", {"key": "f00", "max_budget": None})]),
        (
            THERE,
            {"metadata": {}},
            "update",
            [("/key/update", {"key": "f00", "metadata": {"tags": ["x"], "inference_gateway_duration": "90d"}})],
        ),
        (
            THERE,
            {"metadata": {"tags": []}},
            "update",
            [("/key/update", {"key": "f00", "metadata": {"tags": [], "inference_gateway_duration": "90d"}})],
        ),
        (
            THERE,
            {"duration": None},
            "update",
            [("/key/update", {"key": "f00", "duration": None, "metadata": {"mine": 1, "tags": ["x"]}})],
        ),
        (
            THERE,
            {"duration": "1d", "metadata": {"mine": 2}},
            "update",
            [
                (
                    "/key/update",
                    {
                        "key": "f00",
                        "duration": "1d",
                        "metadata": {"mine": 2, "tags": ["x"], "inference_gateway_duration": "1d"},
                    },
                )
            ],
        ),
    ],
)
def test_plans(there: Any, options: Any, action: str, requests: list[Any]) -> None:
    plan = make_plan(Goal(KEY, "backend", options), there)
    assert plan.action == action
    assert writes(plan) == [("POST", *request) for request in requests]
    assert set(plan.after) == set(plan.before) or action in ("create", "delete")


@pytest.mark.parametrize("options", [{"metadata": {}}, {"owner": None}, {"metadata": {}, "owner": None}])
def test_metadata_that_cannot_be_empty_is_left_with_nothing_of_the_users(options: Any) -> None:
    mine, owner = ({"mine": 1}, {}) if "owner" not in options else ({}, {"inference_gateway_owner": "play"})
    plan = make_plan(Goal(USER, "alice", options), {"user_id": "alice", "metadata": mine | owner})
    assert writes(plan) == [
        ("POST", "/user/update", {"user_id": "alice", "metadata": {"inference_gateway_owner": None}})
    ]


TEAM_THERE = {
    "team_id": "t1",
    "team_alias": "search",
    "team_member_permissions": ["/key/generate"],
    "object_permission": {"object_permission_id": "o1", "agents": ["a"], "vector_stores": [], "mcp_servers": ["b"]},
    "metadata": {"mine": 1, "model_rpm_limit": {"a": 1}, "rpm_limit_type": "best_effort_throughput"},
}


@pytest.mark.parametrize(
    ("options", "requests"),
    [
        # With all of metadata: some versions lose what is not sent along.
        ({"team_member_budget": 5}, [("/team/update", {"team_member_budget": 5, "metadata": TEAM_THERE["metadata"]})]),
        (
            {"model_rpm_limit": {"a": 2}},
            [("/team/update", {"model_rpm_limit": {"a": 2}, "metadata": TEAM_THERE["metadata"]})],
        ),
        (
            {"model_rpm_limit": {}},
            [("/team/update", {"metadata": {"mine": 1, "rpm_limit_type": "best_effort_throughput"}})],
        ),
        (
            {"rpm_limit_type": None, "metadata": {"mine": 2}},
            [
                (
                    "/team/update",
                    {"rpm_limit_type": None, "metadata": {"mine": 2, "model_rpm_limit": {"a": 1}}},
                )
            ],
        ),
        (
            {"team_member_permissions": [], "rpm_limit": 5},
            [
                ("/team/update", {"rpm_limit": 5}),
                ("/team/permissions_update", {"team_member_permissions": []}),
            ],
        ),
        (
            {"team_member_permissions": ["/key/delete"]},
            [("/team/permissions_update", {"team_member_permissions": ["/key/delete"]})],
        ),
        (
            {"object_permission": {"agents": ["c"]}},
            [("/team/update", {"object_permission": {"agents": ["c"], "mcp_servers": []}})],
        ),
        ({"object_permission": {"agents": ["a"], "mcp_servers": ["b"]}, "model_rpm_limit": {"a": 1}}, []),
    ],
)
def test_requests_for_a_team(options: Any, requests: list[Any]) -> None:
    plan = make_plan(Goal(TEAM, "search", options), TEAM_THERE)
    assert writes(plan) == [("POST", path, {"team_id": "t1"} | body) for path, body in requests]


@pytest.mark.parametrize(
    ("there", "options", "request_"),
    [
        (
            None,
            {"user_id": "ann", "max_budget_in_team": 5},
            ("/team/member_add", {"member": {"role": "user", "user_id": "ann"}, "max_budget_in_team": 5}),
        ),
        (
            {"user_id": "ann", "own": {"rpm_limit": 1}},
            {"rpm_limit": None, "role": "admin"},
            ("/team/member_update", {"user_id": "ann", "rpm_limit": None, "role": "admin"}),
        ),
        ({"user_id": "ann"}, None, ("/team/member_delete", {"user_id": "ann"})),
    ],
)
def test_every_request_about_a_member_says_which_team(there: Any, options: Any, request_: tuple[str, Any]) -> None:
    goal = Goal(MEMBER, "ann", options, within="t1")
    path, body = request_
    assert writes(make_plan(goal, there)) == [("POST", path, {"team_id": "t1"} | body)]
    assert str(goal) == "member 'ann' of team_id t1"


def test_members_are_listed_by_what_is_known_of_them_and_of_their_team(litellm: LiteLLMStandIn) -> None:
    identities = [litellm.add_team(team_alias=alias) for alias in ("search", "search-eu")]
    for team_id in identities:
        litellm.add_member(team_id, user_id="ann", max_budget_in_team=3)
    with Client(Connection(litellm.url), MASTER_KEY, print) as client:
        assert len(listed(client, MEMBER)) == 4
        assert [member["user_id"] for member in listed(client, MEMBER, team_id=identities[0])] == [
            "default_user_id",
            "ann",
        ]
        [ann] = listed(client, MEMBER, team_alias="search", user_id="ann")
    assert ann["team_id"] == identities[0]
    assert MEMBER.view(ann)["max_budget_in_team"] == 3


def test_the_secret_that_goes_along_is_not_shown() -> None:
    assert "hidden" not in repr(Goal(KEY, "backend", {}, extra={"key": "hidden"}))


NUMBERS = st.none() | st.integers(0, 10**9)
MONEY = st.none() | st.floats(0, 10**6, allow_nan=False) | st.integers(0, 10**6)
DURATIONS = st.none() | st.from_regex(r"[1-9][0-9]?(s|m|h|d|w|mo)", fullmatch=True)
MODELS = st.lists(st.sampled_from(["a", "b", "c/*"]), max_size=4)
METADATA = st.dictionaries(
    st.sampled_from(["mine", "yours", "tags", "rpm_limit_type"]), st.sampled_from([0, "", "x", [], [1], {"a": None}])
)

LIMITS = {
    "models": MODELS,
    "rpm_limit": NUMBERS,
    "tpm_limit": NUMBERS,
    "max_budget": MONEY,
    "budget_duration": DURATIONS,
    "metadata": METADATA,
}
# What LiteLLM cannot clear is never empty.
USER_LIMITS = LIMITS | {"models": MODELS.filter(bool), "max_parallel_requests": st.integers(0, 10**9)}
BUDGET_LIMITS = {
    "max_budget": MONEY,
    "soft_budget": MONEY,
    "budget_duration": DURATIONS,
    "rpm_limit": NUMBERS,
    "tpd_limit": NUMBERS,
}
CUSTOMER_LIMITS = {"alias": st.none() | st.text(min_size=1), "blocked": st.booleans(), "models": MODELS}
PER_MODEL = st.dictionaries(st.sampled_from(["a", "b"]), st.integers(0, 9), max_size=2)
LIMIT_TYPES = st.sampled_from([None, "guaranteed_throughput", "best_effort_throughput"])
TEAM_LIMITS = LIMITS | {
    "blocked": st.booleans(),
    "model_aliases": st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(["a", "b"])),
    "object_permission": st.dictionaries(st.sampled_from(["agents", "vector_stores"]), st.just(["one"])),
    "rpm_limit_type": LIMIT_TYPES,
    "model_rpm_limit": PER_MODEL,
    "default_estimated_output_tokens": NUMBERS,
    "budget_limits": st.lists(st.fixed_dictionaries({"max_budget": st.just(1.0), "budget_duration": st.just("1d")})),
    "team_member_budget": MONEY,
    "team_member_budget_duration": DURATIONS,
    "team_member_rpm_limit": NUMBERS,
    "team_member_key_duration": DURATIONS,
    "team_member_permissions": st.lists(st.sampled_from(["/key/generate", "/key/delete"]), unique=True),
    "tags": st.lists(st.sampled_from(["x", "y"]), unique=True),
    "disable_global_guardrails": st.booleans(),
    "enforced_file_expires_after": st.none() | st.just({"anchor": "created_at", "seconds": 1}),
    "router_settings": st.dictionaries(st.just("num_retries"), st.integers(0, 3)),
}
SOME = st.lists(st.sampled_from(["x", "y"]), unique=True)
KEY_LIMITS = LIMITS | {
    "max_parallel_requests": NUMBERS,
    "duration": DURATIONS,
    "blocked": st.booleans(),
    "user_id": st.sampled_from([None, "somebody"]),
    "organization_id": st.sampled_from([None, "acme"]),
    "aliases": st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(["a", "b"])),
    "access_group_ids": SOME,
    "permissions": st.dictionaries(st.just("pii"), st.booleans()),
    "object_permission": st.dictionaries(st.sampled_from(["agents", "vector_stores"]), st.just(["one"])),
    "rpm_limit_type": st.sampled_from([None, "guaranteed_throughput", "dynamic"]),
    "model_rpm_limit": PER_MODEL,
    "tag_rpm_limit": PER_MODEL,
    "soft_budget": MONEY,
    "budget_limits": st.lists(st.fixed_dictionaries({"max_budget": st.just(1.0), "budget_duration": st.just("1d")})),
    "budget_fallbacks": st.dictionaries(st.just("a"), st.just(["b"])),
    "temp_budget_increase": MONEY,
    "throttle_on_budget_exceeded": st.booleans(),
    "end_user_budget_id": st.sampled_from([None, "visitors"]),
    "tags": SOME,
    "router_settings": st.dictionaries(st.just("num_retries"), st.integers(0, 3)),
}


def the_one(stand_in: LiteLLMStandIn, kind: Kind) -> Any:
    """The one object, as the plan is given it."""
    query = kind.listing.query | ({kind.listing.size: 100} if kind.listing.size else {})
    answer = stand_in.do("GET", kind.listing.path, query)
    rows = map(kind.read, answer[kind.listing.items] if kind.listing.items else answer)
    row = next((row for row in rows if row[kind.alias] == "it"), None)
    return copy.deepcopy(stand_in.team_with_relations(row) if row and kind is TEAM else row)


def settle(stand_in: LiteLLMStandIn, kind: Kind, options: dict[str, Any]) -> tuple[Any, Any]:
    """Carry out what is planned for the one object, without HTTP; return it before and after.

    As often as it takes: a new object gets what the server has for new objects, besides what was asked for.
    """
    goal, before = Goal(kind, "it", {kind.alias: "it"} | options), the_one(stand_in, kind)
    for _round in range(2):
        for request in writes(make_plan(goal, the_one(stand_in, kind))):
            stand_in.do(*request)
    return before, the_one(stand_in, kind)


@pytest.mark.parametrize(
    ("kind", "limits"),
    [
        (TEAM, TEAM_LIMITS),
        (KEY, KEY_LIMITS),
        (USER, USER_LIMITS),
        (BUDGET, BUDGET_LIMITS),
        (CUSTOMER, CUSTOMER_LIMITS),
    ],
    ids=lambda each: each.noun if isinstance(each, Kind) else "",
)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_plan_leads_to_what_is_wanted_and_a_second_one_is_empty(
    kind: Kind, limits: dict[str, st.SearchStrategy[Any]], data: st.DataObject
) -> None:
    stand_in = LiteLLMStandIn()
    stand_in._server.server_close()
    stand_in.licence = True
    for _run in range(2):
        options = data.draw(st.fixed_dictionaries({}, optional=limits))
        # What is given twice is refused.
        own = {each.name_in(kind.metadata) for each in kind.fields if each.name in options}
        if "metadata" in options:
            options["metadata"] = {name: value for name, value in options["metadata"].items() if name not in own}
        before, after = settle(stand_in, kind, options)
        assert not make_plan(Goal(kind, "it", {kind.alias: "it"} | options), after).changed
        if before:
            # What is named in metadata is changed by that, also when it is an option too.
            named = options.get("metadata", {}).keys()
            left_alone = {
                each.name
                for each in kind.fields
                if each.option and each.name not in {*options, "metadata"} and each.name_in(kind.metadata) not in named
            }
            was, now = kind.view(before), kind.view(after)
            assert {name: was[name] for name in left_alone} == {name: now[name] for name in left_alone}
            # What LiteLLM keeps in metadata survives whatever is changed, unless it was named.
            for name in (before.get("metadata", {}).keys() & KEPT_IN_METADATA) - own - named:
                assert after["metadata"][name] == before["metadata"][name]


SECRETS = st.sampled_from(["one", "another", {"deep": ["one"]}, "os.environ/BASE"])
PARAMETERS = st.fixed_dictionaries(
    {"model": st.sampled_from(["openai/a", "openai/b"])},
    optional={"rpm": st.integers(0, 9), "api_key": SECRETS, "api_base": SECRETS, "extra_headers": SECRETS},
)
VALUES = st.dictionaries(st.sampled_from(["api_key", "api_base", "other"]), SECRETS, min_size=1)
ANYTHING = st.dictionaries(st.sampled_from(["mine", "yours"]), st.sampled_from([0, "x", [1], {"a": None}]))


@pytest.mark.parametrize(
    ("kind", "always", "optional"),
    [
        (MODEL, {"litellm_params": PARAMETERS}, {"model_info": ANYTHING, "blocked": st.booleans()}),
        (CREDENTIAL, {"credential_values": VALUES}, {"credential_info": ANYTHING, "display_name": st.just("x")}),
    ],
    ids=["model", "credential"],
)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_plan_for_what_litellm_does_not_give_back_leads_there_as_well(
    kind: Kind,
    always: dict[str, st.SearchStrategy[Any]],
    optional: dict[str, st.SearchStrategy[Any]],
    data: st.DataObject,
) -> None:
    stand_in = LiteLLMStandIn()
    stand_in._server.server_close()
    for _run in range(3):
        options = data.draw(st.fixed_dictionaries(always, optional=optional))
        goal = Goal(kind, "it", {kind.alias: "it"} | options)
        _before, after = settle(stand_in, kind, options)
        assert not make_plan(goal, after).changed
        # The values themselves, which LiteLLM has and does not list.
        name = next(iter(always))
        [row] = (stand_in.deployments if kind is MODEL else stand_in.credentials).values()
        assert row[name].items() >= options[name].items()
        if kind is CREDENTIAL:
            assert row[name] == options[name]
            stand_in.reload()
            assert not make_plan(goal, the_one(stand_in, kind)).changed


def test_a_plan_does_not_hold_what_is_secret() -> None:
    options = {"model_name": "it", "litellm_params": {"model": "openai/a", "api_key": "hidden-value"}}
    plan = make_plan(Goal(MODEL, "it", options), None)
    assert "hidden-value" not in repr(plan)
    assert "hidden-value" in repr(writes(plan))


def test_an_owner_is_remembered_where_litellm_adds_to_what_it_has() -> None:
    for kind, options in (
        (MODEL, {"litellm_params": {"model": "openai/a", "api_key": "one"}}),
        (CREDENTIAL, {"credential_values": {"api_key": "one"}}),
    ):
        stand_in = LiteLLMStandIn()
        stand_in._server.server_close()
        for owner in ("me", "you"):
            _before, after = settle(stand_in, kind, options | {"owner": owner})
            assert kind.kept(after)["owner"] == owner
            assert not make_plan(Goal(kind, "it", {kind.alias: "it"} | options), after).changed
