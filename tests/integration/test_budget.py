# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from releases import having
from stack import MODEL, Stack

from ansible_collections.inference.gateway.plugins.module_utils._kinds.budget import BUDGET

FULL: dict[str, Any] = having(
    BUDGET,
    {
        "max_budget": 5.0,
        "soft_budget": 4.5,
        "budget_duration": "30d",
        "rpm_limit": 60,
        "tpm_limit": 1000,
        "tpd_limit": 100000,
        "max_parallel_requests": 4,
    },
)
OTHER: dict[str, Any] = {
    "max_budget": 0.0,
    "soft_budget": 0.0,
    "budget_duration": "1mo",
    "rpm_limit": 0,
    "tpm_limit": 9007199254740993,  # more than a double holds
    "tpd_limit": 9007199254740993,
    "max_parallel_requests": 0,
}
EMPTY: dict[str, Any] = dict.fromkeys(FULL)


def budget(stack: Stack, budget_id: str) -> dict[str, Any] | None:
    """What LiteLLM itself has under this name."""
    return next(iter(stack.request("POST", "/budget/info", json={"budgets": [budget_id]}).json()), None)


def test_a_budget_is_created_once_read_back_and_deleted_once(stack: Stack, run: Run, name: str) -> None:
    foretold = run("litellm_budget", check=True, budget_id=name, **FULL)
    assert foretold["changed"]
    assert budget(stack, name) is None

    created = run("litellm_budget", budget_id=name, **FULL)
    assert created["changed"]
    assert created["diff"] == foretold["diff"]
    assert created["budget"]["budget_reset_at"]
    assert {option: created["budget"][option] for option in FULL} == FULL
    live = budget(stack, name)
    assert {option: live[option] for option in FULL} == FULL

    for check in (True, False):
        again = run("litellm_budget", check=check, budget_id=name, **FULL)
        assert not again["changed"]
        assert again["budget"] == created["budget"]
    assert run("litellm_budget_info", budget_id=name)["budgets"] == [created["budget"]]
    assert created["budget"] in run("litellm_budget_info")["budgets"]

    assert run("litellm_budget", check=True, budget_id=name, state="absent")["changed"]
    assert budget(stack, name)
    assert run("litellm_budget", budget_id=name, state="absent")["changed"]
    assert budget(stack, name) is None
    assert not run("litellm_budget", budget_id=name, state="absent")["changed"]


@pytest.mark.parametrize("option", FULL)
@pytest.mark.parametrize("to", [OTHER, EMPTY], ids=["changed", "cleared"])
def test_each_field_is_changed_and_cleared_alone(
    stack: Stack, run: Run, name: str, option: str, to: dict[str, Any]
) -> None:
    run("litellm_budget", budget_id=name, **FULL)
    for check in (True, False):
        changed = run("litellm_budget", check=check, budget_id=name, **{option: to[option]})
        assert changed["diff"] == {"before": {option: FULL[option]}, "after": {option: to[option]}}
    assert not run("litellm_budget", budget_id=name, **{option: to[option]})["changed"]
    live = budget(stack, name)
    assert {each: live[each] for each in FULL} == FULL | {option: to[option]}
    assert bool(live["budget_reset_at"]) == bool(live["budget_duration"])


def test_a_budget_period_goes_on_when_something_else_changes(run: Run, name: str) -> None:
    began = run("litellm_budget", budget_id=name, **FULL)["budget"]["budget_reset_at"]
    assert run("litellm_budget", budget_id=name, max_budget=6)["budget"]["budget_reset_at"] == began


def test_limits_of_models_want_a_licence_but_to_be_empty(stack: Stack, run: Run, name: str) -> None:
    refused = run("litellm_budget", budget_id=name, model_max_budget={MODEL: {"max_budget": 1}})
    assert "enterprise license" in refused["msg"]
    assert budget(stack, name) is None
    assert run("litellm_budget", budget_id=name, model_max_budget={})["changed"]
    assert not run("litellm_budget", budget_id=name, model_max_budget={})["changed"]


def test_a_budget_that_a_key_is_linked_to_is_deleted_with_force_only(stack: Stack, run: Run, name: str) -> None:
    run("litellm_budget", budget_id=name)
    token = stack.request("POST", "/key/generate", json={"budget_id": name}).json()["token"]
    refused = run("litellm_budget", budget_id=name, state="absent")
    assert refused["failed"]
    assert "keys (1)" in refused["msg"]
    assert run("litellm_budget", budget_id=name, state="absent", force=True)["changed"]
    assert budget(stack, name) is None
    assert stack.request("GET", "/key/info", params={"key": token}).json()["info"]["budget_id"] is None
