# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.inference.gateway.plugins.filter.tenant_problems import tenant_problems

MODELS = ["qwen", "openai/*"]


def team(alias: str = "search", **more: Any) -> dict[str, Any]:
    return {"team_alias": alias, **more}


def key(alias: str = "app", **more: Any) -> dict[str, Any]:
    return {"key_alias": alias, "secret": {"name": alias, "namespace": "apps"}, **more}


@pytest.mark.parametrize(
    ("teams", "keys"),
    [
        ([], []),
        ([team(models=["qwen"])], [key(team_alias="search", models=["qwen", "openai/gpt-4o"])]),
        ([team(models=["all-proxy-models"])], [key(team_alias="search", models=["all-team-models"])]),
        ([team(models=None)], [key(models=[])]),
        ([], [{"key_alias": "app", "state": "absent"}]),
        ([], [{"key_alias": "app", "state": "absent", "models": ["gone"]}]),
        ([team(state="absent", models=["gone"])], []),
        ([], [{"key_alias": "app", "key": "sk-from-a-vault"}]),
    ],
)
def test_what_is_right_has_no_problem(teams: list[dict[str, Any]], keys: list[dict[str, Any]]) -> None:
    assert tenant_problems({"teams": teams, "keys": keys}, MODELS) == []


@pytest.mark.parametrize(
    ("teams", "keys", "sentence"),
    [
        ([team(), team()], [], "tenants_teams[1] ('search'): team_alias is also that of teams[0]"),
        ([team(rpm_limt=5)], [], "tenants_teams[0] ('search'): unknown option rpm_limt, perhaps rpm_limit is meant"),
        ([team(rpm_limit=-5)], [], "tenants_teams[0] ('search'): rpm_limit is -5, give a number of 0 or more"),
        ([], [key(), key(secret={"name": "other", "namespace": "apps"})], "tenants_keys[1] ('app'): key_alias is also"),
        ([team(models=["qwem"])], [], "tenants_teams[0] ('search'): models has qwem, which the inventory"),
        (
            [team(default_team_member_models=["qwem"])],
            [],
            "tenants_teams[0] ('search'): default_team_member_models has qwem, which the inventory",
        ),
        ([], [key(models=["Qwen"])], "tenants_keys[0] ('app'): models has Qwen, which the inventory"),
        ([], [{"key_alias": "app"}], "tenants_keys[0] ('app'): there is neither secret nor key"),
        ([], [{"key_alias": "", "state": "absent"}], "tenants_keys[0]: key_alias is None, give a name"),
        ([], [key(secret={"name": "app"})], "tenants_keys[0] ('app'): "),
        (
            [],
            [key("one"), key("two", secret={"name": "one", "namespace": "apps"})],
            "tenants_keys[1] ('two'): secret is",
        ),
    ],
)
def test_each_problem_is_one_sentence_that_names_its_entry(
    teams: list[dict[str, Any]], keys: list[dict[str, Any]], sentence: str
) -> None:
    (problem,) = tenant_problems({"teams": teams, "keys": keys}, MODELS)
    assert problem.startswith(sentence)
    assert problem.endswith(".")


def test_all_problems_are_told_at_once() -> None:
    declaration = {"teams": [team(), team(models=["x"])], "keys": [key(models=["z"])]}
    assert len(tenant_problems(declaration, MODELS)) == 3
