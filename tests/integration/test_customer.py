# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from object_permission import keeps_object_permission
from releases import clearing, having
from stack import MODEL, Stack

from ansible_collections.inference.gateway.plugins.module_utils._kinds.customer import CUSTOMER

FULL: dict[str, Any] = having(
    CUSTOMER,
    {
        "alias": "ACME",
        "blocked": True,
        "models": [MODEL],
        "default_model": MODEL,
        "allowed_model_region": "eu",
    },
)
OTHER: dict[str, Any] = clearing(
    CUSTOMER,
    {
        "alias": "Äcme",
        "blocked": False,
        "models": ["all-proxy-models"],
        "allowed_model_region": "us",
    },
)
EMPTY: dict[str, Any] = clearing(CUSTOMER, {"alias": None, "blocked": False, "models": [], "default_model": None})
LIMITS: dict[str, Any] = having(
    CUSTOMER,
    {
        "max_budget": 5.0,
        "soft_budget": 4.5,
        "budget_duration": "30d",
        "rpm_limit": 60,
        "tpm_limit": 1000,
        "tpd_limit": 100000,
        "max_parallel_requests": 4,
        "model_max_budget": {MODEL: {"max_budget": 1.5, "budget_duration": "1d"}},
    },
)


def customer(stack: Stack, user_id: str) -> dict[str, Any] | None:
    """What LiteLLM itself has under this name."""
    answer = stack.request("GET", "/customer/info", params={"end_user_id": user_id})
    return None if answer.status_code == 404 else answer.json()


def chat(stack: Stack, user_id: str) -> int:
    hello = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}], "user": user_id}
    return stack.request("POST", "/v1/chat/completions", json=hello).status_code


@pytest.fixture
def tier(run: Run, name: str) -> str:
    """A budget that several customers may share."""
    run("litellm_budget", budget_id=f"tier-{name}", max_budget=1, rpm_limit=2)
    return f"tier-{name}"


def test_a_customer_is_created_once_read_back_and_deleted_once(stack: Stack, run: Run, name: str, tier: str) -> None:
    options = FULL | {"budget_id": tier}
    foretold = run("litellm_customer", check=True, user_id=name, **options)
    assert foretold["changed"]
    assert customer(stack, name) is None

    created = run("litellm_customer", user_id=name, **options)
    assert created["changed"]
    assert created["diff"] == foretold["diff"]
    assert {option: created["customer"][option] for option in options} == options
    assert (created["customer"]["max_budget"], created["customer"]["rpm_limit"]) == (1.0, 2)
    live = customer(stack, name)
    assert {option: live[option] for option in options} == options

    for check in (True, False):
        again = run("litellm_customer", check=check, user_id=name, **options)
        assert not again["changed"]
        assert again["customer"] == created["customer"]
    assert run("litellm_customer_info", user_id=name)["customers"] == [created["customer"]]
    assert created["customer"] in run("litellm_customer_info")["customers"]

    assert run("litellm_customer", check=True, user_id=name, state="absent")["changed"]
    assert customer(stack, name)
    assert run("litellm_customer", user_id=name, state="absent")["changed"]
    assert customer(stack, name) is None
    assert not run("litellm_customer", user_id=name, state="absent")["changed"]


@pytest.mark.parametrize("option", OTHER)
def test_each_field_changes_alone(stack: Stack, run: Run, name: str, option: str) -> None:
    run("litellm_customer", user_id=name, **FULL)
    for check in (True, False):
        changed = run("litellm_customer", check=check, user_id=name, **{option: OTHER[option]})
        assert changed["diff"] == {"before": {option: FULL[option]}, "after": {option: OTHER[option]}}
    assert not run("litellm_customer", user_id=name, **{option: OTHER[option]})["changed"]
    live = customer(stack, name)
    assert {each: live[each] for each in FULL} == FULL | {option: OTHER[option]}


@pytest.mark.parametrize("option", EMPTY)
def test_each_field_is_cleared_alone(run: Run, name: str, option: str) -> None:
    run("litellm_customer", user_id=name, **FULL)
    cleared = run("litellm_customer", user_id=name, **{option: EMPTY[option]})
    assert cleared["changed"]
    assert {each: cleared["customer"][each] for each in FULL} == FULL | {option: EMPTY[option]}
    assert not run("litellm_customer", user_id=name, **{option: EMPTY[option]})["changed"]


def test_litellm_still_has_no_way_to_clear_a_field_that_is_refused(
    stack: Stack, run: Run, name: str, tier: str
) -> None:
    run("litellm_customer", user_id=name, budget_id=tier, allowed_model_region="eu")
    assert "cannot be cleared" in run("litellm_customer", user_id=name, budget_id=None)["msg"]
    for option in ("budget_id", "allowed_model_region"):
        for empty in (None, ""):
            stack.request("POST", "/customer/update", json={"user_id": name, option: empty})
    live = customer(stack, name)
    assert (live["budget_id"], live["allowed_model_region"]) == (tier, "eu")


def test_another_budget_is_given(stack: Stack, run: Run, name: str, tier: str) -> None:
    run("litellm_budget", budget_id=f"other-{name}", max_budget=7)
    run("litellm_customer", user_id=name, budget_id=tier)
    changed = run("litellm_customer", user_id=name, budget_id=f"other-{name}")
    assert changed["diff"] == {"before": {"budget_id": tier}, "after": {"budget_id": f"other-{name}"}}
    assert changed["customer"]["max_budget"] == 7.0
    refused = run("litellm_customer", user_id=name, budget_id=f"none-{name}")
    assert refused["msg"] == f"There is no budget 'none-{name}': create it first."
    assert customer(stack, name)["budget_id"] == f"other-{name}"


@pytest.mark.parametrize("limit", LIMITS)
def test_limits_make_a_budget_of_a_new_customers_own(stack: Stack, run: Run, name: str, limit: str) -> None:
    created = run("litellm_customer", user_id=name, **{limit: LIMITS[limit]})["customer"]
    assert created[limit] == LIMITS[limit]
    assert not run("litellm_customer", user_id=name, **{limit: LIMITS[limit]})["changed"]
    assert "change that with litellm_budget" in run("litellm_customer", user_id=name, **{limit: None})["msg"]
    run("litellm_budget", budget_id=created["budget_id"], **{limit: None})
    assert not run("litellm_customer", user_id=name, **{limit: None})["changed"]


def test_a_budget_that_customers_are_linked_to_is_deleted_with_force_only(
    stack: Stack, run: Run, name: str, tier: str
) -> None:
    run("litellm_customer", user_id=name, budget_id=tier)
    refused = run("litellm_budget", budget_id=tier, state="absent")
    assert refused["failed"]
    assert "customers (1)" in refused["msg"]
    assert run("litellm_budget", budget_id=tier, state="absent", force=True)["changed"]
    assert customer(stack, name)["budget_id"] is None


@pytest.mark.parametrize("odd", ["a b/c?d=e&f#g%h", "CORP\\acme", "a,b", "äcme+x@example.com"])
def test_odd_names_are_found_again(run: Run, name: str, odd: str) -> None:
    assert run("litellm_customer", user_id=f"{name}{odd}", alias="x")["changed"]
    assert not run("litellm_customer", user_id=f"{name}{odd}", alias="x")["changed"]
    assert run("litellm_customer", user_id=f"{name}{odd}", state="absent")["changed"]
    assert not run("litellm_customer", user_id=f"{name}{odd}", state="absent")["changed"]


def test_a_model_that_is_not_served_is_refused(stack: Stack, run: Run, name: str) -> None:
    for option, value in having(CUSTOMER, {"models": ["no-such-model"], "default_model": "no-such-model"}).items():
        assert "no-such-model" in run("litellm_customer", user_id=name, **{option: value})["msg"]
    assert customer(stack, name) is None


def test_the_limits_of_a_budget_hold_for_each_customer(stack: Stack, run: Run, name: str, tier: str) -> None:
    for user_id in (name, f"{name}-2"):
        run("litellm_customer", user_id=user_id, budget_id=tier)
        assert [chat(stack, user_id) for _request in range(3)] == [200, 200, 429]
    run("litellm_budget", budget_id=f"{tier}-suspended", rpm_limit=0)
    run("litellm_customer", user_id=f"{name}-3", budget_id=f"{tier}-suspended")
    assert chat(stack, f"{name}-3") == 429


def test_a_customer_that_a_request_brought_is_taken_over(run: Run, stack: Stack, name: str) -> None:
    assert chat(stack, name) == 200
    assert run("litellm_customer", user_id=name, alias="ACME")["customer"]["alias"] == "ACME"


@pytest.mark.parametrize("odd", ["", " b+c"])
def test_other_things_that_a_customer_may_use(run: Run, name: str, odd: str) -> None:
    keeps_object_permission(run, "customer", f"{name}{odd}", "alias")
