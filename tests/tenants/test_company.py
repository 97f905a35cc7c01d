# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenants of a company (inventories/company.yml): planned, made, found changed, put right, and removed.

Against the running gateway, through ansible-playbook as a user starts it. Needs KUBECONFIG and kubectl; `make molecule`
runs it at its end.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import requests
from cluster import secret
from playbook import Run, play

URL = os.environ.get("GATEWAY_URL", "http://localhost")
NOTHING = {"tenants_models": [], "tenants_teams": [], "tenants_keys": []}


def tenants(*options: str, code: int = 0, **variables: Any) -> Run:
    """Run playbooks/tenants.yml for the company."""
    run = play("tenants", "inventories/company.yml", options=options, code=code, **variables)
    assert "sk-" not in run.shown.replace("sk-***", "")
    return run


def ask(method: str, path: str, key: str, **content: Any) -> requests.Response:
    return requests.request(method, f"{URL}{path}", headers={"Authorization": f"Bearer {key}"}, timeout=60, **content)


@pytest.fixture(scope="module")
def master_key() -> str:
    return secret("litellm-proxy-master-key", "master-key")


@pytest.fixture(scope="module", autouse=True)
def _no_company_before_and_after() -> Any:
    tenants(**NOTHING)
    yield
    tenants(**NOTHING)


def test_a_company_is_planned_made_found_changed_and_put_right(master_key: str) -> None:
    changed, shown = tenants("--check")
    assert changed > 0
    for name in ("create model chat-large", "create team research", "create key support-phone"):
        assert name in shown
    teams = ask("GET", "/v2/team/list", master_key, params={"page_size": 100}).json()["teams"]
    assert "research" not in {team["team_alias"] for team in teams}

    assert tenants().changed > 0
    assert tenants().changed == 0
    assert tenants("--check", tenants_fail_on_drift=True).changed == 0

    # What is delivered works, and is what was declared.
    key = secret("support-chat")
    chat = {"model": "chat-large", "max_tokens": 4, "messages": [{"role": "user", "content": "Hello"}]}
    assert ask("POST", "/v1/chat/completions", key, json=chat).status_code == 200
    assert ask("POST", "/v1/chat/completions", key, json=chat | {"model": "chat-small"}).status_code == 403

    # Somebody helps himself by hand.
    [research] = [
        team
        for team in ask("GET", "/v2/team/list", master_key, params={"team_alias": "research"}).json()["teams"]
        if team["team_alias"] == "research"
    ]
    raised = {"team_id": research["team_id"], "rpm_limit": 100000}
    assert ask("POST", "/team/update", master_key, json=raised).status_code == 200
    assert ask("POST", "/key/delete", master_key, json={"key_aliases": ["search-staging"]}).status_code == 200

    _changed, shown = tenants("--check", code=2, tenants_fail_on_drift=True)
    assert "2 objects are not as declared" in shown
    assert "update team research: rpm_limit" in shown
    assert "create key search-staging" in shown

    assert tenants().changed > 0
    assert tenants("--check", tenants_fail_on_drift=True).changed == 0
    assert ask("GET", "/v1/models", secret("search-staging")).status_code == 200


def test_what_the_file_no_longer_says_goes_away(master_key: str) -> None:
    tenants()
    changed, shown = tenants(tenants_keys=[])
    assert changed > 0
    assert "delete key research-bob" in shown
    keys = ask("GET", "/key/list", master_key, params={"return_full_object": "true", "size": 100}).json()["keys"]
    left = {key["key_alias"] for key in keys}
    assert "research-bob" not in left
    assert "demo" in left, "a key of another declaration was taken away"
