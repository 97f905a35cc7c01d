# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules say, and do not do, when LiteLLM or its database is away."""

from __future__ import annotations

import secrets
import socket
from typing import Any

import pytest
from conftest import Run
from stack import MODEL, Stack

MODULES: dict[str, dict[str, Any]] = {
    "litellm_team": {"team_alias": "nobody"},
    "litellm_team_info": {},
    "litellm_key": {"key_alias": "nobody", "state": "absent"},
    "litellm_key_info": {},
    "litellm_user": {"user_id": "nobody"},
    "litellm_user_info": {},
    "litellm_budget": {"budget_id": "nothing"},
    "litellm_budget_info": {},
    "litellm_customer": {"user_id": "nobody"},
    "litellm_customer_info": {},
    "litellm_team_member": {"team_alias": "nobody", "user_id": "nobody"},
    "litellm_team_member_info": {},
    "litellm_organization": {"organization_alias": "nobody"},
    "litellm_organization_info": {},
    "litellm_chat": {"model": MODEL, "prompt": "Hello"},
    "litellm_health_info": {},
    "litellm_metrics_info": {},
    "litellm_model": {"model_name": "nobody", "state": "absent"},
    "litellm_model_info": {},
    "litellm_credential": {"credential_name": "nobody", "state": "absent"},
    "litellm_credential_info": {},
    "litellm_sync": {"teams": [{"team_alias": "nobody"}]},
    "litellm_export": {},
}


def assert_one_sentence(result: dict[str, Any], *parts: str) -> None:
    assert result["failed"]
    assert all(part in result["msg"] for part in parts), result["msg"]
    assert "\n" not in result["msg"]
    assert "Traceback" not in str(result)


@pytest.mark.once
@pytest.mark.parametrize("module", MODULES)
def test_litellm_is_not_there(run: Run, module: str) -> None:
    with socket.socket() as listener:  # bound, but nobody accepts: the port is certain to be refused
        listener.bind(("127.0.0.1", 0))
        api_base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert_one_sentence(run(module, api_base=api_base, **MODULES[module]), api_base, "check api_base")


@pytest.mark.once
@pytest.mark.parametrize("module", MODULES)
def test_the_key_is_wrong(run: Run, module: str) -> None:
    wrong = f"sk-{secrets.token_hex(16)}"
    result = run(module, api_key=wrong, **MODULES[module])
    assert_one_sentence(result, "401", "check api_key")
    assert wrong not in str(result)


def test_without_its_database_nothing_is_created_and_nothing_deleted(stack: Stack, run: Run, name: str) -> None:
    run("litellm_team", team_alias=f"{name}-there", rpm_limit=7)
    member = {"team_alias": f"{name}-there", "user_id": f"ann-{name}"}
    run("litellm_team_member", **member, rpm_limit=7)
    with stack.without_database():
        assert_one_sentence(run("litellm_team", team_alias=name, rpm_limit=5))
        assert_one_sentence(run("litellm_team", team_alias=f"{name}-there", rpm_limit=8))
        assert_one_sentence(run("litellm_team", team_alias=f"{name}-there", state="absent"))
        assert_one_sentence(run("litellm_key", key_alias=name, key=f"sk-{secrets.token_hex(16)}"))
        assert_one_sentence(run("litellm_team_info", team_alias=f"{name}-there"))
        assert_one_sentence(run("litellm_user", user_id=name))
        assert_one_sentence(run("litellm_budget", budget_id=name))
        assert_one_sentence(run("litellm_customer", user_id=name))
        assert_one_sentence(run("litellm_team_member", **member, rpm_limit=8))
        assert_one_sentence(run("litellm_team_member", **member, state="absent"))
        # LiteLLM goes on to list these from memory.
        assert_one_sentence(run("litellm_model", model_name=name, litellm_params={"model": "openai/x"}))
        assert_one_sentence(run("litellm_credential", credential_name=name, credential_values={"api_key": "x"}))
        health = run("litellm_health_info")
        assert (health["alive"], health["ready"], health["database"]) == (True, False, "disconnected")
    assert run("litellm_team_info", team_alias=name)["teams"] == []
    assert run("litellm_key_info", key_alias=name)["keys"] == []
    assert run("litellm_user_info", user_id=name)["users"] == []
    assert run("litellm_budget_info", budget_id=name)["budgets"] == []
    assert run("litellm_customer_info", user_id=name)["customers"] == []
    assert run("litellm_model_info", model_name=name)["models"] == []
    assert run("litellm_credential_info", credential_name=name)["credentials"] == []
    [team] = run("litellm_team_info", team_alias=f"{name}-there")["teams"]
    assert team["rpm_limit"] == 7
    assert not run("litellm_team_member", **member, rpm_limit=7)["changed"]
    assert run("litellm_team", team_alias=name, rpm_limit=5)["changed"]
