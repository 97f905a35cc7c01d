# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans of whole declarations, without any LiteLLM."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.inference.gateway.plugins.module_utils._declaration import read_entries
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import Kind
from ansible_collections.inference.gateway.plugins.module_utils._kinds.all import SECTIONS
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import Rows
from ansible_collections.inference.gateway.plugins.module_utils._sync_plan import Planner

MINE, OTHERS = ({"inference_gateway_owner": owner} for owner in ("mine", "others"))


def team(alias: str, **fields: Any) -> dict[str, Any]:
    return {"team_id": f"id-{alias}", "team_alias": alias} | fields


def key(alias: str, **fields: Any) -> dict[str, Any]:
    return {"token": f"token-{alias}", "key_alias": alias} | fields


def planned(there: dict[str, list[Any]], lists: dict[str, list[Any]], *, prune: bool = False) -> Planner:
    def rows(kind: Kind) -> Rows:
        return Rows(kind, there.get(f"{kind.noun}s", []))

    entries, problems = read_entries(lists)
    assert not problems
    planner = Planner(rows, lambda entry: None, "mine")
    for section in SECTIONS:
        if section.name in lists:
            planner.declared(section, [entry for entry in entries if entry.section is section])
            if prune:
                planner.prune(section)
    planner.finish(lambda: ["chat"], lambda needs: None)
    return planner


@pytest.mark.parametrize(
    ("there", "lists", "prune", "plans"),
    [
        ({}, {}, False, {}),
        ({}, {"teams": [{"team_alias": "a"}]}, False, {"team a": "create"}),
        ({}, {"teams": [{"team_alias": "a", "state": "absent"}]}, False, {"team a": "none"}),
        ({"teams": [team("a", metadata=MINE)]}, {"teams": [{"team_alias": "a"}]}, True, {"team a": "none"}),
        ({"teams": [team("a")]}, {"teams": [{"team_alias": "a"}]}, True, {"team a": "update"}),
        ({"teams": [team("a")]}, {"teams": []}, True, {}),
        ({"teams": [team("a", metadata=MINE)]}, {"teams": []}, False, {}),
        ({"teams": [team("a", metadata=MINE)]}, {"teams": []}, True, {"team a": "delete"}),
        ({"teams": [team("a", metadata=MINE)]}, {"keys": []}, True, {}),
        (
            {"teams": [team("a", metadata=MINE)], "keys": [key("k", metadata=MINE, team_id="id-a")]},
            {"teams": [], "keys": []},
            True,
            {"team a": "delete", "key k": "delete"},
        ),
        (
            {"teams": [team("a", metadata=MINE)], "keys": [key("k", metadata=MINE, team_id="id-a")]},
            {"teams": [{"team_alias": "b"}], "keys": [{"key_alias": "k", "team_alias": "b"}]},
            True,
            {"team b": "create", "team a": "delete", "key k": "update"},
        ),
        (
            {"teams": [team("a", metadata=MINE)], "keys": [key("k", team_id="id-a")]},
            {"teams": [{"team_alias": "a", "state": "absent", "force": True}]},
            False,
            {"team a": "delete", "key k": "delete"},
        ),
        (
            {"teams": [team("a", metadata=MINE)]},
            {"teams": [{"team_alias": "b", "team_id": "id-a"}], "keys": [{"key_alias": "k", "team_alias": "b"}]},
            False,
            None,  # the key has no value
        ),
        ({"teams": [team("a", metadata=OTHERS)]}, {"teams": [{"team_alias": "a"}]}, False, None),
        ({"teams": [team("a", metadata=OTHERS)]}, {"teams": []}, True, {}),
        ({"keys": [key("k")]}, {"keys": [{"key_alias": "k", "team_alias": "a"}]}, False, None),
        ({"keys": [key("k")]}, {"keys": [{"key_alias": "k", "models": ["chat", "talk"]}]}, False, None),
        ({"keys": [key("k")]}, {"keys": [{"key_alias": "k", "models": ["chat"]}]}, False, {"key k": "update"}),
        (
            {"teams": [team("a", metadata=MINE)], "keys": [key("k", team_id="id-a")]},
            {"teams": []},
            True,
            None,  # the key would be deleted with the team
        ),
    ],
)
def test_plans(there: Any, lists: Any, prune: bool, plans: dict[str, str] | None) -> None:
    planner = planned(there, lists, prune=prune)
    assert bool(planner.problems + planner.doubts) == (plans is None)
    if plans is not None:
        assert {f"{step.kind.noun} {step.alias}": step.action for step in planner.steps} == plans


def test_a_new_team_has_an_identity_before_it_is_there() -> None:
    there = {"keys": [key("k")]}
    planner = planned(there, {"teams": [{"team_alias": "a"}], "keys": [{"key_alias": "k", "team_alias": "a"}]})
    new, moved = planner.steps
    assert len(new.identity) == 36
    assert moved.plan.after["team_id"] == new.identity
    assert planner.shown(moved)["after"] == {"owner": "mine", "team_alias": "a"}


def test_what_is_beside_nothing_is_not_found_by_an_empty_name() -> None:
    rows = Rows(KEY, [{"token": "1", "key_alias": "app"}, {"token": "2", "key_alias": "app@2", "formerly": "app"}])
    assert [row["token"] for row in rows.beside("app")] == ["2"]
    assert rows.beside(None) == []
