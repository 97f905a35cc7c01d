# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules of several kinds of objects have in common."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import Fault, LiteLLMStandIn

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


@pytest.mark.parametrize("late", [1, 2, 3])
@pytest.mark.parametrize("status", [None, 504])
@pytest.mark.parametrize(
    ("noun", "path", "options"),
    [
        ("team", "/team/new", {"team_alias": "search"}),
        ("organization", "/organization/new", {"organization_alias": "search"}),
        ("model", "/model/new", {"model_name": "search", "litellm_params": {"model": "openai/gpt-4.1"}}),
    ],
)
def test_one_object_comes_of_a_creation_that_takes_longer_than_its_answer(
    litellm: LiteLLMStandIn,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    noun: str,
    path: str,
    options: dict[str, Any],
    status: int | None,
    late: int,
) -> None:
    """LiteLLM may be working on the first request while the second one is sent, for nothing is listed by then."""
    # A model is looked for again and again before that.
    monkeypatch.setattr("ansible_collections.inference.gateway.plugins.module_utils._reconcile.REFRESH", 0)
    litellm.licence = True
    litellm.faults = [Fault("POST", path, status, late=late)]
    result = run(f"litellm_{noun}", **options)
    assert "failed" not in result
    rows = {"team": litellm.teams, "organization": litellm.organizations, "model": litellm.deployments}[noun]
    assert len(rows) == 1
    assert not litellm.working


def test_what_litellm_itself_has_written_into_metadata_stays(litellm: LiteLLMStandIn, run: Run) -> None:
    of_a_team = {"callback_settings": {"callback_vars": {}}, "scim_managed": True, "scim_data": {}, "externalId": "7"}
    litellm.add_team(team_alias="search", metadata=of_a_team | {"require_trace_id": True})
    litellm.add_key("sk-0123456789", key_alias="search", metadata={"scim_blocked": True})
    for noun in ("team", "key"):
        result = run(f"litellm_{noun}", **{f"{noun}_alias": "search", "metadata": {"a": 1}})
        assert result[noun]["metadata"] == {"a": 1}
    assert litellm.team("search")["metadata"] == of_a_team | {"require_trace_id": True, "a": 1}
    assert litellm.key("search")["metadata"] == {"scim_blocked": True, "a": 1}


ODD = [
    ("/key/list", {"keys": [{"key_alias": "a"}], "total_count": 1}),
    ("/key/list", {"keys": [{"token": "a"}], "total_count": 1}),
    ("/key/list", {"keys": [{"key_alias": "a", "token": {}}], "total_count": 1}),
    ("/key/list", {"keys": [{"key_alias": "a", "token": "b", "metadata": ["c"]}], "total_count": 1}),
    ("/key/list", {"keys": [], "total_count": [1]}),
    ("/v1/models", {"data": [{"name": "a"}]}),
    ("/v1/models", {"data": [{"id": "a"}, {"id": 5}]}),
]


@pytest.mark.parametrize(("path", "answer"), ODD)
def test_an_answer_that_lacks_something_is_one_sentence(
    litellm: LiteLLMStandIn, run: Run, path: str, answer: dict[str, Any]
) -> None:
    litellm.faults = [Fault("GET", path, 200, json.dumps(answer).encode(), times=10**9)]
    key = {"key_alias": "a", "key": "sk-0123456789", "models": ["chat"]}
    for module, options in (("litellm_key", key), ("litellm_sync", {"keys": [key]})):
        result = run(module, **options)
        assert f"GET {litellm.url}{path} did not answer as LiteLLM does: " in result["msg"]
    assert not litellm.written


@pytest.mark.parametrize(
    ("version", "warning"), [("2.0.0", "is newer than 1.109"), ("1.82.8", "two releases that steal credentials")]
)
@pytest.mark.parametrize("module", ["litellm_team", "litellm_sync"])
@pytest.mark.parametrize("check", [True, False])
def test_a_version_is_warned_of_before_anything_changes(
    litellm: LiteLLMStandIn, run: Run, module: str, version: str, warning: str, check: bool
) -> None:
    litellm.version = version
    team = {"team_alias": "search", "rpm_limit": 5}
    options: dict[str, Any] = {"teams": [team]} if module == "litellm_sync" else team
    assert run(module, check=check, **options)["warnings"].count(warning) == 1
    asked = [request.path for request in litellm.requests]
    assert asked.count("/public/model_hub/info") == 1
    assert check or asked.index("/public/model_hub/info") < asked.index("/team/new")
    run(module, **options)
    litellm.requests.clear()
    # One module looks at it only when something is to change.
    assert not run(module, **options)["changed"]
    asked = [request.path for request in litellm.requests]
    assert asked.count("/public/model_hub/info") == (module == "litellm_sync")
