# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import Fault, LiteLLMStandIn

FULL: dict[str, Any] = {
    "max_budget": 5,
    "soft_budget": 4,
    "budget_duration": "30d",
    "rpm_limit": 60,
    "tpm_limit": 1000,
    "tpd_limit": 100000,
    "max_parallel_requests": 4,
}
OTHER: dict[str, Any] = dict.fromkeys(FULL, 0) | {"budget_duration": "7d"}
EMPTY: dict[str, Any] = dict.fromkeys(FULL)


def test_life_of_a_budget(litellm: LiteLLMStandIn, run: Run) -> None:
    foretold = run("litellm_budget", check=True, budget_id="free", **FULL)
    assert foretold["changed"]
    assert foretold["budget"] == FULL | {"budget_id": "free", "model_max_budget": {}, "budget_reset_at": None}
    assert not litellm.written

    created = run("litellm_budget", budget_id="free", **FULL)
    assert created["changed"]
    assert created["diff"] == foretold["diff"] == {"before": {}, "after": FULL | {"budget_id": "free"}}
    assert {name: created["budget"][name] for name in FULL} == FULL

    again = run("litellm_budget", budget_id="free", **FULL)
    assert not again["changed"]
    assert again["budget"] == created["budget"]
    assert len(litellm.written) == 1

    gone = run("litellm_budget", budget_id="free", state="absent", check=True)
    assert gone["changed"]
    assert len(litellm.written) == 1
    gone = run("litellm_budget", budget_id="free", state="absent")
    assert gone["changed"]
    assert gone["budget"] is None
    assert gone["diff"] == {"before": FULL | {"budget_id": "free"}, "after": {}}
    assert not litellm.budgets
    assert not run("litellm_budget", budget_id="free", state="absent")["changed"]


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("to", [OTHER, EMPTY], ids=["changed", "cleared"])
def test_each_field_is_changed_and_cleared_alone(
    litellm: LiteLLMStandIn, run: Run, name: str, to: dict[str, Any]
) -> None:
    run("litellm_budget", budget_id="free", **FULL)
    for check in (True, False):
        changed = run("litellm_budget", check=check, budget_id="free", **{name: to[name]})
        assert changed["diff"] == {"before": {name: FULL[name]}, "after": {name: to[name]}}
    end = {"budget_reset_at": None} if name == "budget_duration" and to[name] is None else {}
    assert litellm.written[-1].body == {"budget_id": "free", name: to[name]} | end
    assert {each: changed["budget"][each] for each in FULL} == FULL | {name: to[name]}
    assert not run("litellm_budget", budget_id="free", **{name: to[name]})["changed"]


def test_limits_of_models_are_changed_and_cleared(litellm: LiteLLMStandIn, run: Run) -> None:
    limits = {"chat-small": {"max_budget": 1, "budget_duration": "1d"}}
    assert (
        "You must have an enterprise license" in run("litellm_budget", budget_id="free", model_max_budget=limits)["msg"]
    )
    litellm.licence = True
    for wanted in (limits, {"chat-large": {"rpm_limit": 3}}, {}):
        changed = run("litellm_budget", budget_id="free", model_max_budget=wanted)
        assert changed["changed"]
        assert changed["budget"]["model_max_budget"] == wanted
        assert not run("litellm_budget", budget_id="free", model_max_budget=wanted)["changed"]


def test_a_budget_period_is_only_begun_anew_when_the_duration_changes(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_budget", budget_id="free", **FULL)
    began = litellm.budgets["free"]["budget_reset_at"]
    run("litellm_budget", budget_id="free", **FULL | {"max_budget": 6})
    assert litellm.budgets["free"]["budget_reset_at"] == began


def test_a_name_that_is_part_of_another_is_another(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_budget("free-eu", rpm_limit=1)
    litellm.add_budget("FREE", rpm_limit=1)
    assert run("litellm_budget", budget_id="free", rpm_limit=2)["changed"]
    assert [budget["rpm_limit"] for budget in litellm.budgets.values()] == [1, 1, 2]


def test_a_budget_that_something_is_linked_to_is_only_deleted_by_force(litellm: LiteLLMStandIn, run: Run) -> None:
    for name in ("free", "paid"):
        litellm.add_budget(name)
        litellm.add_customer(f"{name}-1", budget_id=name)
    litellm.add_customer("free-2", budget_id="free")
    litellm.add_key("sk-backend", key_alias="backend", budget_id="free")
    for check in (True, False):
        assert run("litellm_budget", budget_id="free", state="absent", check=check)["msg"] == (
            "Budget 'free' has customers (2) or keys (1), which would be without limits:"
            " give them another budget first, or set force to true."
        )
    assert run("litellm_budget", budget_id="free", state="absent", force=True, check=True)["changed"]
    assert not litellm.written
    assert run("litellm_budget", budget_id="free", state="absent", force=True)["changed"]
    assert litellm.customers["free-1"]["budget_id"] is None
    assert litellm.customers["paid-1"]["budget_id"] == "paid"


def test_the_budget_of_a_soft_limit_is_linked_to_its_key(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_key("sk-backend", key_alias="backend", soft_budget=4)
    budget = litellm.key("backend")["budget_id"]
    assert "has customers (0) or keys (1)" in run("litellm_budget", budget_id=budget, state="absent")["msg"]
    assert litellm.key("backend")["budget_id"] == budget
    assert run("litellm_budget", budget_id=budget, state="absent", force=True)["changed"]


def test_nothing_is_created_while_the_database_is_away(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_budget("free")
    litellm.database = False
    assert "failed in LiteLLM (500)" in run("litellm_budget", budget_id="free", rpm_limit=1)["msg"]
    assert not litellm.written


@pytest.mark.parametrize("path", ["/budget/new", "/budget/update", "/budget/delete"])
@pytest.mark.parametrize("after", [True, False], ids=["done", "not done"])
def test_a_lost_answer_is_cleared_up_by_reading(litellm: LiteLLMStandIn, run: Run, path: str, after: bool) -> None:
    if path != "/budget/new":
        litellm.add_budget("free")
    litellm.faults = [Fault("POST", path, after=after)]
    state = "absent" if path == "/budget/delete" else "present"
    assert run("litellm_budget", budget_id="free", rpm_limit=9, state=state)["changed"]
    assert [budget["rpm_limit"] for budget in litellm.budgets.values()] == ([] if state == "absent" else [9])


def test_a_field_that_litellm_drops_is_an_error_that_names_it(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.dropped = {"tpd_limit"}
    result = run("litellm_budget", budget_id="free", tpd_limit=7)
    assert result["msg"].startswith("LiteLLM accepted budget 'free' but did not keep tpd_limit (wanted 7, kept None)")


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ({"tpd_limit": -1}, "tpd_limit is -1, give a number of 0 or more, or null for no limit."),
        ({"soft_budget": -0.5}, "soft_budget is -0.5, give a number of 0 or more, or null for no limit."),
        ({"budget_id": "free "}, "budget_id is 'free ', give a name that does not begin or end with a space."),
    ],
)
def test_a_value_that_cannot_be_is_refused_before_anything_is_asked(
    litellm: LiteLLMStandIn, run: Run, option: dict[str, Any], sentence: str
) -> None:
    assert run("litellm_budget", **{"budget_id": "free"} | option)["msg"] == sentence
    assert not litellm.requests


def test_an_older_litellm_is_told_to_forget_the_end_of_a_period(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.version = "1.100.3"
    run("litellm_budget", budget_id="free", max_budget=5, budget_duration="30d")
    assert run("litellm_budget", budget_id="free", budget_duration=None)["budget"]["budget_reset_at"] is None
