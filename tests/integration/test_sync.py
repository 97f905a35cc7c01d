# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools
import secrets
import time
from typing import Any

import pytest
from conftest import Run
from stack import MODEL, Stack

from ansible_collections.inference.gateway.plugins.module_utils import _client


def declared(name: str, number: int, **options: Any) -> dict[str, list[dict[str, Any]]]:
    """Two teams, and keys that take turns in them."""
    teams = [{"team_alias": f"{name}-{team}", "models": [MODEL], "rpm_limit": 100} for team in "ab"]
    keys = [
        {
            "key_alias": f"{name}-{each}",
            "key": f"sk-{secrets.token_urlsafe(24)}",
            "team_alias": f"{name}-{'ab'[each % 2]}",
        }
        | options
        for each in range(number)
    ]
    return {"teams": teams, "keys": keys}


def keys_of(stack: Stack, name: str) -> dict[str, dict[str, Any]]:
    """What LiteLLM itself has of the keys of a test."""
    found: list[dict[str, Any]] = []
    for page in range(1, 1000):
        query = {"return_full_object": "true", "size": 100, "page": page}
        answer = stack.request("GET", "/key/list", params=query).json()
        found += answer["keys"]
        if page >= answer["total_pages"]:
            break
    return {key["key_alias"]: key for key in found if (key["key_alias"] or "").startswith(f"{name}-")}


def teams_of(stack: Stack, name: str) -> dict[str, dict[str, Any]]:
    query = {"team_alias": f"{name}-", "page_size": 100}
    return {each["team_alias"]: each for each in stack.request("GET", "/v2/team/list", params=query).json()["teams"]}


def test_life_of_a_declaration(stack: Stack, run: Run, name: str) -> None:
    full = {"rpm_limit": 5, "tpm_limit": 6, "max_budget": 7.5, "budget_duration": "30d", "duration": "90d"}
    declaration = declared(name, 130, **full | {"models": [MODEL], "metadata": {"a": {"b": None}}}) | {"owner": name}
    foretold = run("litellm_sync", check=True, **declaration)
    assert keys_of(stack, name) == {}
    created = run("litellm_sync", **declaration)
    assert created["plan"] == foretold["plan"]
    assert created["summary"] == {"created": 132, "updated": 0, "deleted": 0, "unchanged": 0, "failed": 0}
    teams, keys = teams_of(stack, name), keys_of(stack, name)
    assert len(keys) == 130
    for each in declaration["keys"]:
        live = keys[each["key_alias"]]
        assert live["team_id"] == teams[each["team_alias"]]["team_id"]
        assert {option: live[option] for option in ("rpm_limit", "tpm_limit", "max_budget", "budget_duration")} == {
            option: full[option] for option in ("rpm_limit", "tpm_limit", "max_budget", "budget_duration")
        }
    assert stack.request("GET", "/v1/models", key=declaration["keys"][0]["key"]).status_code == 200
    for check in (True, False):
        again = run("litellm_sync", check=check, **declaration)
        assert (again["changed"], again["plan"], again["summary"]["unchanged"]) == (False, [], 132)

    for each in declaration["keys"]:
        each |= {"rpm_limit": None, "duration": None}
    declaration["teams"][0]["models"] = []
    changed = run("litellm_sync", **declaration)
    assert changed["summary"] == {"created": 0, "updated": 131, "deleted": 0, "unchanged": 1, "failed": 0}
    keys = keys_of(stack, name)
    assert {(key["rpm_limit"], key["expires"], key["tpm_limit"]) for key in keys.values()} == {(None, None, 6)}
    assert not run("litellm_sync", **declaration)["changed"]

    blocked = declaration["keys"][0]["key"]
    assert stack.request("GET", "/v1/models", key=blocked).status_code == 200
    pruned = run("litellm_sync", **declaration | {"prune": True, "teams": declaration["teams"][1:], "keys": []})
    assert pruned["summary"]["deleted"] == 131
    assert keys_of(stack, name) == {}
    assert list(teams_of(stack, name)) == [f"{name}-b"]
    # At once, although LiteLLM goes on to accept a key that was just deleted.
    assert stack.request("GET", "/v1/models", key=blocked).status_code in (401, 403)


def test_an_empty_name_deletes_nothing(stack: Stack, run: Run, name: str) -> None:
    run("litellm_sync", owner=name, **declared(name, 2))
    result = run("litellm_sync", owner=name, prune=True, keys=[{"key_alias": "", "state": "absent"}])
    assert "keys[0]: key_alias is None, give a name" in result["msg"]
    assert len(keys_of(stack, name)) == 2


def test_a_key_goes_only_when_another_one_can_take_its_place(stack: Stack, run: Run, name: str) -> None:
    old, new = (f"sk-{secrets.token_urlsafe(24)}" for _each in range(2))
    stack.request(
        "POST", "/key/generate", json={"key_alias": name, "key": old, "rpm_limit": 5, "duration": "30d"}
    ).raise_for_status()
    # For which LiteLLM wants a licence.
    anew = {"key_alias": name, "key": new, "recreate": True}
    refused = run("litellm_sync", keys=[anew | {"tags": ["batch"]}])
    assert refused["msg"].endswith(f"Key '{name}' is as it was before.")
    assert stack.request("GET", "/v1/models", key=old).status_code == 200
    [before] = run("litellm_key_info", key_alias=name)["keys"]
    assert run("litellm_sync", keys=[anew])["changed"]
    [after] = run("litellm_key_info", key_alias=name)["keys"]
    assert (after["rpm_limit"], after["expires"][:10]) == (5, before["expires"][:10])
    assert stack.request("GET", "/v1/models", key=new).status_code == 200
    assert stack.request("GET", "/v1/models", key=old).status_code in (401, 403)
    assert not run("litellm_sync", keys=[anew])["changed"]


def test_declarations_share_a_proxy(stack: Stack, run: Run, name: str) -> None:
    mine, others = declared(f"{name}-mine", 3), declared(f"{name}-others", 3)
    stack.request("POST", "/team/new", json={"team_alias": f"{name}-mine-a", "tpm_limit": 9}).raise_for_status()
    run("litellm_sync", owner=f"{name}-others", **others)
    adopted = run("litellm_sync", owner=name, prune=True, **mine)
    assert adopted["plan"][0]["after"] == {"owner": name, "models": [MODEL], "rpm_limit": 100}
    assert teams_of(stack, f"{name}-mine")[f"{name}-mine-a"]["tpm_limit"] == 9
    assert len(keys_of(stack, f"{name}-others")) == 3

    changed = [{"team_alias": f"{name}-others-a", "rpm_limit": 1}]
    refused = run("litellm_sync", owner=name, teams=changed)
    assert f"belongs to the declaration '{name}-others'" in refused["msg"]
    assert run("litellm_sync", owner=name, take_over_from=[f"{name}-others"], teams=changed)["changed"]
    assert teams_of(stack, f"{name}-others")[f"{name}-others-a"]["rpm_limit"] == 1


def test_a_team_goes_with_its_keys_by_force_only(stack: Stack, run: Run, name: str) -> None:
    declaration = declared(name, 4)
    run("litellm_sync", **declaration)
    absent = [{"team_alias": f"{name}-a", "state": "absent"}]
    assert "keys refer to it (2, as" in run("litellm_sync", teams=absent)["msg"]
    assert len(keys_of(stack, name)) == 4
    forced = run("litellm_sync", teams=[absent[0] | {"force": True}])
    assert forced["summary"]["deleted"] == 3
    assert len(keys_of(stack, name)) == 2
    assert stack.request("GET", "/v1/models", key=declaration["keys"][0]["key"]).status_code in (401, 403)


def test_what_is_exported_changes_nothing(stack: Stack, run: Run, name: str) -> None:
    run("litellm_sync", owner=name, **declared(name, 5, rpm_limit=5, duration="90d", metadata={"a": 1}))
    mine = run("litellm_export", owner=name)
    assert [len(mine["declaration"][kind]) for kind in ("teams", "keys")] == [2, 5]
    assert mine["declaration"]["keys"][0] == {
        "key_alias": f"{name}-0",
        "team_alias": f"{name}-a",
        "rpm_limit": 5,
        "duration": "90d",
        "metadata": {"a": 1},
    }
    for owner in (name, None):
        # Everything that all tests have left is in the second one.
        declaration = run("litellm_export", **({"owner": owner} if owner else {}))["declaration"]
        result = run("litellm_sync", owner=owner, prune=bool(owner), **declaration)
        assert (result.get("msg"), result["changed"]) == (None, False)


def test_what_litellm_refuses_is_the_matter_of_one_object(
    stack: Stack, run: Run, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key of another's alias, which only LiteLLM can notice in time."""
    declaration = declared(name, 3)
    counted_pages = _client.Client.counted_pages

    def another_is_quicker(client: Any, path: str, *arguments: Any, **query: Any) -> Any:
        found = counted_pages(client, path, *arguments, **query)
        if path == "/key/list" and not keys_of(stack, name):
            stack.request("POST", "/key/generate", json={"key_alias": f"{name}-1"}).raise_for_status()
        return found

    monkeypatch.setattr(_client.Client, "counted_pages", another_is_quicker)
    result = run("litellm_sync", **declaration)
    assert result["failed"]
    assert [each["name"] for each in result["errors"]] == [f"{name}-1"]
    assert "already exists" in result["msg"]
    assert result["summary"]["created"] == 4
    assert len(keys_of(stack, name)) == 3


@pytest.mark.once
def test_litellm_is_killed_on_the_way(stack: Stack, run: Run, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    declaration = declared(name, 400, rpm_limit=5)
    made_so_far, send = itertools.count(1), _client.Client.send

    def send_and_kill(client: _client.Client, method: str, path: str, body: dict[str, Any]) -> Any:
        answer = send(client, method, path, body)
        if path == "/key/generate" and next(made_so_far) == 30:
            stack.kill()
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(_client.Client, "send", send_and_kill)
        begun = time.monotonic()
        interrupted = run("litellm_sync", timeout=5, **declaration)
    stack.revive()
    assert interrupted["failed"]
    assert time.monotonic() - begun < 120
    errors = [each["error"] for each in interrupted["errors"]]
    assert any("was not tried" in error for error in errors)

    made = len(keys_of(stack, name))
    assert 30 <= made < 400
    completed = run("litellm_sync", **declaration)
    assert completed["summary"]["created"] == 400 - made
    assert completed["summary"]["unchanged"] == 2 + made
    assert len(keys_of(stack, name)) == 400
    assert len(teams_of(stack, name)) == 2
    assert not run("litellm_sync", **declaration)["changed"]
