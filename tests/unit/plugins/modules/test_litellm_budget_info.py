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
    [({}, ["free", "free-eu"]), ({"budget_id": "free"}, ["free"]), ({"budget_id": "fre"}, [])],
)
def test_budgets_by_what_is_asked_for(
    litellm: LiteLLMStandIn, run: Run, asked: dict[str, Any], found: list[str]
) -> None:
    litellm.add_budget("free-eu")
    litellm.add_budget("free")
    for check in (True, False):
        result = run("litellm_budget_info", check=check, **asked)
        assert not result["changed"]
        assert [budget["budget_id"] for budget in result["budgets"]] == found
    assert not litellm.written


def test_what_is_said_of_a_budget(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_budget("free", max_budget=5)
    assert run("litellm_budget_info")["budgets"] == [
        {
            "budget_id": "free",
            "max_budget": 5.0,
            "soft_budget": None,
            "budget_duration": None,
            "budget_reset_at": None,
            "rpm_limit": None,
            "tpm_limit": None,
            "tpd_limit": None,
            "max_parallel_requests": None,
            "model_max_budget": {},
        }
    ]
