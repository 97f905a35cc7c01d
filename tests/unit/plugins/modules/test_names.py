# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules of all kinds make of a name."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import LiteLLMStandIn

# How each module is told which object is meant, and what else it has to be told.
NAMING: dict[str, tuple[str, dict[str, Any]]] = {
    "budget": ("budget_id", {}),
    "credential": ("credential_name", {}),
    "customer": ("user_id", {}),
    "key": ("key_alias", {}),
    "model": ("model_name", {}),
    "organization": ("organization_alias", {}),
    "team": ("team_alias", {}),
    "team_member": ("user_id", {"team_id": "search"}),
    "user": ("user_id", {}),
}


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("nothing", ["", None])
@pytest.mark.parametrize("noun", NAMING)
def test_an_empty_name_means_nothing(
    litellm: LiteLLMStandIn, run: Run, noun: str, nothing: str | None, state: str
) -> None:
    litellm.add_team(team_id="search", team_alias="search")
    name, besides = NAMING[noun]
    result = run(f"litellm_{noun}", **{name: nothing, "state": state} | besides)
    assert result["failed"]
    assert not litellm.written
    # Ansible itself does not take null for what is required.
    assert f"{name} is None, give a name" in result["msg"] or result["msg"] == f"missing required arguments: {name}"
