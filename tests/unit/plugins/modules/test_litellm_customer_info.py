# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import LiteLLMStandIn


@pytest.mark.parametrize(
    ("asked", "found"),
    [({}, ["acme", "acme-2"]), ({"user_id": "acme"}, ["acme"]), ({"user_id": "acm"}, [])],
)
def test_customers_by_what_is_asked_for(
    litellm: LiteLLMStandIn, run: Run, asked: dict[str, Any], found: list[str]
) -> None:
    litellm.add_customer("acme-2")
    litellm.add_customer("acme")
    for check in (True, False):
        result = run("litellm_customer_info", check=check, **asked)
        assert not result["changed"]
        assert [customer["user_id"] for customer in result["customers"]] == found
    assert not litellm.written


def test_what_is_said_of_a_customer(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_budget("free", max_budget=5, budget_duration="1d")
    litellm.add_customer("acme", budget_id="free", alias="ACME")
    assert run("litellm_customer_info")["customers"] == [
        {
            "user_id": "acme",
            "alias": "ACME",
            "blocked": False,
            "budget_id": "free",
            "max_budget": 5.0,
            "soft_budget": None,
            "budget_duration": "1d",
            "budget_reset_at": litellm.budgets["free"]["budget_reset_at"],
            "rpm_limit": None,
            "tpm_limit": None,
            "tpd_limit": None,
            "max_parallel_requests": None,
            "model_max_budget": {},
            "models": [],
            "object_permission": {},
            "default_model": None,
            "allowed_model_region": None,
            "spend": 0.0,
        }
    ]
