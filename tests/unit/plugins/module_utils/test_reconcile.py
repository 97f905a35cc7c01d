# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litellm_stand_in import LiteLLMStandIn

from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import KEPT_IN_METADATA, Kind
from ansible_collections.inference.gateway.plugins.module_utils._kinds.credential import CREDENTIAL
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._kinds.model import MODEL
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import Goal, make_plan, writes

THERE = {
    "token": "f00",
    "key_alias": "backend",
    "models": ["a", "b"],
    "max_budget": 5.0,
    "metadata": {"mine": 1, "tags": ["x"], "inference_gateway_duration": "90d"},
}


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
KEY_LIMITS = LIMITS | {"max_parallel_requests": NUMBERS, "duration": DURATIONS}


def listed(stand_in: LiteLLMStandIn, kind: Kind) -> Any:
    """The one object, as the plan is given it."""
    query = kind.listing.query | ({kind.listing.size: 100} if kind.listing.size else {})
    rows = map(kind.read, stand_in.do("GET", kind.listing.path, query)[kind.listing.items])
    return copy.deepcopy(next((row for row in rows if row[kind.alias] == "it"), None))


def settle(stand_in: LiteLLMStandIn, kind: Kind, options: dict[str, Any]) -> tuple[Any, Any]:
    """Carry out what is planned for the one object, without HTTP; return it before and after."""
    before = listed(stand_in, kind)
    plan = make_plan(Goal(kind, "it", {kind.alias: "it"} | options), before)
    for request in writes(plan):
        stand_in.do(*request)
    return before, listed(stand_in, kind)


@pytest.mark.parametrize(("kind", "limits"), [(TEAM, LIMITS), (KEY, KEY_LIMITS)], ids=["team", "key"])
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_plan_leads_to_what_is_wanted_and_a_second_one_is_empty(
    kind: Kind, limits: dict[str, st.SearchStrategy[Any]], data: st.DataObject
) -> None:
    stand_in = LiteLLMStandIn()
    stand_in._server.server_close()
    for _run in range(2):
        options = data.draw(st.fixed_dictionaries({}, optional=limits))
        before, after = settle(stand_in, kind, options)
        assert not make_plan(Goal(kind, "it", {kind.alias: "it"} | options), after).changed
        if before:
            left_alone = set(kind.options()) - set(options) - {"metadata"}
            was, now = kind.view(before), kind.view(after)
            assert {name: was[name] for name in left_alone} == {name: now[name] for name in left_alone}
            # What LiteLLM keeps in metadata survives whatever is changed, unless it was named.
            named = {"inference_gateway_duration", *options.get("metadata", ())}
            for name in (before["metadata"].keys() & KEPT_IN_METADATA) - named:
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
            assert not make_plan(goal, listed(stand_in, kind)).changed


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
