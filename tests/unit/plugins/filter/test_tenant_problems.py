# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.inference.gateway.plugins.filter.tenant_problems import tenant_problems

MODELS = ["qwen", "openai/*"]


def team(alias: str = "search", **more: Any) -> dict[str, Any]:
    return {"alias": alias, **more}


def key(alias: str = "app", **more: Any) -> dict[str, Any]:
    return {"alias": alias, "secret": {"name": alias}, **more}


@pytest.mark.parametrize(
    ("teams", "keys"),
    [
        ([], []),
        ([team(models=["qwen"])], [key(team="search", models=["qwen", "openai/gpt-4o"])]),
        ([team(models=["all-proxy-models"])], [key(team="search", models=["all-team-models"])]),
        ([team(models=None)], [key(models=[])]),
        ([], [{"alias": "app", "state": "absent"}]),
        ([], [{"alias": "app", "state": "absent", "team": "gone", "models": ["gone"]}]),
        ([team(state="absent", models=["gone"])], []),
        ([], [key("one", secret={"name": "both", "key": "one"}), key("two", secret={"name": "both", "key": "two"})]),
        (
            [],
            [
                key("one", secret={"name": "x", "namespace": "one"}),
                key("two", secret={"name": "x", "namespace": "two"}),
            ],
        ),
    ],
)
def test_what_is_right_has_no_problem(teams: list[dict[str, Any]], keys: list[dict[str, Any]]) -> None:
    assert tenant_problems(teams, keys, MODELS) == []


@pytest.mark.parametrize(
    ("teams", "keys", "sentence"),
    [
        ([team(), team()], [], "tenants_teams: two teams have the alias 'search'"),
        ([team(), team(state="absent")], [], "tenants_teams: two teams have the alias 'search'"),
        ([], [key(), key(secret={"name": "other"})], "tenants_keys: two keys have the alias 'app'"),
        ([], [key(team="serach")], "key 'app' belongs to the team 'serach', which tenants_teams does not declare"),
        ([team(state="absent")], [key(team="search")], "key 'app' belongs to the team 'search'"),
        ([team(models=["qwem"])], [], "team 'search' may use the model 'qwem', which neither"),
        ([], [key(models=["Qwen"])], "key 'app' may use the model 'Qwen', which neither"),
        ([], [{"alias": "app"}], "key 'app' has no secret.name"),
        ([], [{"alias": "app", "secret": None}], "key 'app' has no secret.name"),
        ([], [{"alias": "app", "secret": {"namespace": "apps"}}], "key 'app' has no secret.name"),
        ([], [key("one", secret={"name": "both"}), key("two", secret={"name": "both"})], "the Secret 'both'"),
    ],
)
def test_each_problem_is_one_sentence_that_names_its_entry(
    teams: list[dict[str, Any]], keys: list[dict[str, Any]], sentence: str
) -> None:
    (problem,) = tenant_problems(teams, keys, MODELS)
    assert sentence in problem
    assert problem.endswith(".")


def test_all_problems_are_told_at_once() -> None:
    assert len(tenant_problems([team(), team(models=["x"])], [key(team="y", models=["z"])], MODELS)) == 4
