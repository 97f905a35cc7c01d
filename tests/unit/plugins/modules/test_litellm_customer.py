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
    "alias": "ACME",
    "blocked": True,
    "budget_id": "free",
    "models": ["chat-small"],
    "default_model": "chat-small",
    "allowed_model_region": "eu",
}
OTHER: dict[str, Any] = {
    "alias": "Acme",
    "blocked": False,
    "budget_id": "paid",
    "models": ["chat-small", "chat-large"],
    "default_model": "chat-large",
    "allowed_model_region": "us",
}
EMPTY: dict[str, Any] = {"alias": None, "blocked": False, "models": [], "default_model": None}
LIMITS: dict[str, Any] = {
    "max_budget": 5,
    "soft_budget": 4,
    "budget_duration": "30d",
    "rpm_limit": 60,
    "tpm_limit": 1000,
    "tpd_limit": 100000,
    "max_parallel_requests": 0,
    "model_max_budget": {"chat-small": {"max_budget": 1, "budget_duration": "1d"}},
}


@pytest.fixture(autouse=True)
def _tiers(litellm: LiteLLMStandIn) -> None:
    litellm.add_budget("free", max_budget=1, rpm_limit=10)
    litellm.add_budget("paid", max_budget=100)


def test_life_of_a_customer(litellm: LiteLLMStandIn, run: Run) -> None:
    foretold = run("litellm_customer", check=True, user_id="acme", **FULL)
    assert foretold["changed"]
    assert not litellm.written

    created = run("litellm_customer", user_id="acme", **FULL)
    assert created["changed"]
    assert created["diff"] == foretold["diff"] == {"before": {}, "after": FULL | {"user_id": "acme"}}
    # With the limits of its budget.
    assert created["customer"] == FULL | dict.fromkeys(LIMITS) | {
        "user_id": "acme",
        "max_budget": 1.0,
        "rpm_limit": 10,
        "model_max_budget": {},
        "object_permission": {},
        "budget_reset_at": None,
        "spend": 0.0,
    }

    again = run("litellm_customer", user_id="acme", **FULL)
    assert not again["changed"]
    assert again["customer"] == created["customer"]
    assert len(litellm.written) == 1

    gone = run("litellm_customer", user_id="acme", state="absent", check=True)
    assert gone["changed"]
    assert len(litellm.written) == 1
    gone = run("litellm_customer", user_id="acme", state="absent")
    assert gone["changed"]
    assert gone["customer"] is None
    assert not litellm.customers
    assert litellm.budgets.keys() == {"free", "paid"}
    assert not run("litellm_customer", user_id="acme", state="absent")["changed"]


@pytest.mark.parametrize("name", OTHER)
def test_each_field_changes_alone(litellm: LiteLLMStandIn, run: Run, name: str) -> None:
    run("litellm_customer", user_id="acme", **FULL)
    for check in (True, False):
        changed = run("litellm_customer", check=check, user_id="acme", **{name: OTHER[name]})
        assert changed["diff"] == {"before": {name: FULL[name]}, "after": {name: OTHER[name]}}
    assert litellm.written[-1].body == {"user_id": "acme", name: OTHER[name]}
    assert {each: changed["customer"][each] for each in FULL} == FULL | {name: OTHER[name]}
    assert not run("litellm_customer", user_id="acme", **{name: OTHER[name]})["changed"]


@pytest.mark.parametrize("name", EMPTY)
def test_null_clears_and_not_given_is_left_alone(litellm: LiteLLMStandIn, run: Run, name: str) -> None:
    run("litellm_customer", user_id="acme", **FULL)
    cleared = run("litellm_customer", user_id="acme", **{name: None})
    assert cleared["diff"] == {"before": {name: FULL[name]}, "after": {name: EMPTY[name]}}
    assert {each: cleared["customer"][each] for each in FULL} == FULL | {name: EMPTY[name]}
    assert not run("litellm_customer", user_id="acme", **{name: None})["changed"]


def test_what_cannot_be_cleared_is_said_before_anything_is_written(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_customer", user_id="acme", budget_id="free")
    for check in (True, False):
        assert run("litellm_customer", check=check, user_id="acme", alias="x", budget_id="")["msg"] == (
            "budget_id of customer 'acme' cannot be cleared: LiteLLM ignores that, give another budget."
        )
    assert len(litellm.written) == 1


@pytest.mark.parametrize("name", LIMITS)
def test_limits_make_a_budget_of_a_new_customers_own(litellm: LiteLLMStandIn, run: Run, name: str) -> None:
    created = run("litellm_customer", user_id="acme", **{name: LIMITS[name]})["customer"]
    assert created[name] == LIMITS[name]
    assert created["budget_id"] not in (None, "free", "paid")
    assert litellm.budgets[created["budget_id"]][name] == LIMITS[name]
    assert not run("litellm_customer", user_id="acme", **{name: LIMITS[name]})["changed"]
    # Where it is changed afterwards.
    run("litellm_budget", budget_id=created["budget_id"], **{name: None})
    assert not run("litellm_customer", user_id="acme", **{name: None})["changed"]


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_that_others_may_share_is_not_changed_here(litellm: LiteLLMStandIn, run: Run, name: str) -> None:
    litellm.add_customer("acme", budget_id="free")
    other = {"budget_duration": "7d", "model_max_budget": {"chat-large": {"max_budget": 2}}}.get(name, 7)
    for check in (True, False):
        result = run("litellm_customer", check=check, user_id="acme", **{name: other})
        assert result["msg"].endswith(
            " it belongs to the customer's budget, change that with litellm_budget, or give budget_id."
        )
    assert not litellm.written


@pytest.mark.parametrize("name", LIMITS)
def test_limits_and_the_name_of_a_budget_exclude_each_other(litellm: LiteLLMStandIn, run: Run, name: str) -> None:
    result = run("litellm_customer", user_id="acme", budget_id="free", **{name: LIMITS[name]})
    assert result["msg"] == f"parameters are mutually exclusive: budget_id|{name}"


def test_a_budget_that_does_not_exist_is_an_error_that_names_it(litellm: LiteLLMStandIn, run: Run) -> None:
    assert run("litellm_customer", user_id="acme", budget_id="fre")["msg"] == (
        "There is no budget 'fre': create it first."
    )
    # An earlier task of the same play may create it.
    foretold = run("litellm_customer", check=True, user_id="acme", budget_id="fre")
    assert foretold["changed"]
    assert "There is no budget 'fre'" in foretold["warnings"]
    assert not litellm.written


def test_an_unknown_model_is_an_error_that_names_it(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_customer", user_id="acme")
    assert run("litellm_customer", user_id="acme", models=["chat-smal"])["msg"] == (
        "models has chat-smal, which LiteLLM does not serve: it serves chat-large, chat-small."
    )
    assert run("litellm_customer", user_id="acme", default_model="chat-smal")["msg"] == (
        "default_model is chat-smal, which LiteLLM does not serve."
    )
    assert len(litellm.written) == 1


def test_a_customer_is_read_without_the_others(litellm: LiteLLMStandIn, run: Run) -> None:
    for user_id in ("acme", "acme-2", "ACME"):
        litellm.add_customer(user_id)
    assert run("litellm_customer", user_id="acme", alias="x")["changed"]
    assert not run("litellm_customer", user_id="acme", alias="x")["changed"]
    assert "/customer/list" not in [request.path for request in litellm.requests]
    assert [customer["alias"] for customer in litellm.customers.values()] == ["x", None, None]


def test_that_a_customer_is_not_found_is_no_proof(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_customer("acme")
    # Something before LiteLLM, or another version of it, knows nothing of the path.
    litellm.faults = [Fault("GET", "/customer/info", status=404, times=9)]
    assert run("litellm_customer", user_id="acme", alias="x")["customer"]["alias"] == "x"
    litellm.faults = [Fault("GET", "/customer/", status=404, times=9)]
    assert "found nothing (404)" in run("litellm_customer", user_id="acme", state="absent")["msg"]
    litellm.faults = [Fault("GET", "/customer/info", status=200, body=b'["something", "else"]', times=9)]
    assert run("litellm_customer", user_id="acme", state="absent")["changed"]


@pytest.mark.parametrize("user_id", ["a b/c?d=e&f#g%h", "älice+x@example.com"])
def test_odd_names_are_found_again(litellm: LiteLLMStandIn, run: Run, user_id: str) -> None:
    assert run("litellm_customer", user_id=user_id, alias="x")["changed"]
    assert not run("litellm_customer", user_id=user_id, alias="x")["changed"]
    assert run("litellm_customer", user_id=user_id, state="absent")["changed"]


def test_nothing_is_created_while_the_database_is_away(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.database = False
    assert "failed in LiteLLM (500)" in run("litellm_customer", user_id="acme")["msg"]
    assert not litellm.written


@pytest.mark.parametrize("path", ["/customer/new", "/customer/update", "/customer/delete"])
@pytest.mark.parametrize("after", [True, False], ids=["done", "not done"])
def test_a_lost_answer_is_cleared_up_by_reading(litellm: LiteLLMStandIn, run: Run, path: str, after: bool) -> None:
    if path != "/customer/new":
        litellm.add_customer("acme")
    litellm.faults = [Fault("POST", path, after=after)]
    state = "absent" if path == "/customer/delete" else "present"
    assert run("litellm_customer", user_id="acme", alias="x", state=state)["changed"]
    assert [customer["alias"] for customer in litellm.customers.values()] == ([] if state == "absent" else ["x"])


def test_a_customer_that_goes_away_meanwhile_is_gone(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_customer("acme")
    litellm.faults = [Fault("POST", "/customer/delete", status=404, after=True)]
    assert run("litellm_customer", user_id="acme", state="absent")["changed"]


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ({"max_budget": -1}, "max_budget is -1.0, give a number of 0 or more, or null for no limit."),
        ({"user_id": " acme"}, "user_id is ' acme', give a name that does not begin or end with a space."),
        ({"allowed_model_region": "de"}, "value of allowed_model_region must be one of: eu, us, got: de"),
    ],
)
def test_a_value_that_cannot_be_is_refused_before_anything_is_asked(
    litellm: LiteLLMStandIn, run: Run, option: dict[str, Any], sentence: str
) -> None:
    assert run("litellm_customer", **{"user_id": "acme"} | option)["msg"] == sentence
    assert not litellm.requests


def test_an_older_litellm_that_cannot_take_a_block_back(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.version = "1.100.3"
    run("litellm_customer", user_id="shop", blocked=True)
    refused = run("litellm_customer", user_id="shop", blocked=False)
    assert refused["msg"] == (
        f"LiteLLM 1.100.3 at {litellm.url} is too old for clearing blocked of customer 'shop':"
        " it takes 1.101.0 or newer."
    )
    assert len(litellm.written) == 1


@pytest.mark.parametrize("odd", ["", " b+c"])
def test_other_things_that_a_customer_may_use(run: Run, odd: str) -> None:
    keeps_object_permission(run, "customer", f"acme{odd}", "alias")
