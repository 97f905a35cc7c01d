# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.inference.gateway.plugins.module_utils._declaration import HIDDEN, read_entries, shown
from ansible_collections.inference.gateway.plugins.module_utils._kinds.all import SECTIONS

SECRET = {"name": "a", "namespace": "apps"}


@pytest.mark.parametrize(
    ("lists", "errors"),
    [
        ({"keys": []}, []),
        ({"keys": [{"key_alias": "a", "rpm_limit": "5", "max_budget": None}]}, []),
        ({"teams": [{"team_alias": "a"}], "keys": [{"key_alias": "a"}]}, []),
        (
            {"keys": [{"key_alias": "a"}, {"key_alias": "search-app", "rpm_limt": 5}]},
            ["keys[1] ('search-app'): unknown option rpm_limt, perhaps rpm_limit is meant"],
        ),
        (
            {"teams": [{"team_alias": "a", "x": 5}]},
            ["teams[0] ('a'): unknown option x, known are "],
        ),
        # A key's connection is that of the whole declaration.
        (
            {"keys": [{"key_alias": "a", "kubeconfig": "x"}]},
            ["keys[0] ('a'): unknown option kubeconfig, known are "],
        ),
        (
            {"keys": ["a", 5, None, {}]},
            [
                "keys[0] is not a dictionary of options",
                "keys[1] is not a dictionary of options",
                "keys[2] is not a dictionary of options",
                "keys[3]: missing required arguments: key_alias",
            ],
        ),
        (
            {"keys": [{"key_alias": "a", "rpm_limit": "many", "state": "gone", "max_budget": -1}]},
            [
                "keys[0] ('a'): argument 'rpm_limit' is of type str and we were unable to convert to int:"
                " \"'many'\" cannot be converted to an int",
                "keys[0] ('a'): value of state must be one of: present, absent, got: gone",
            ],
        ),
        (
            {"keys": [{"key_alias": "a", "rpm_limit": -1, "duration": "monthly"}, {"key_alias": " b"}]},
            [
                "keys[0] ('a'): rpm_limit is -1, give a number of 0 or more, or null for no limit",
                "keys[0] ('a'): duration is 'monthly', give a number and a unit (s, m, h, d, w or mo), as in 30d, or"
                " null for none",
                "keys[1] (' b'): key_alias is ' b', give a name that does not begin or end with a space",
            ],
        ),
        # What is to be deleted need not be right.
        ({"keys": [{"key_alias": "a", "rpm_limit": -1, "state": "absent"}]}, []),
        (
            {"keys": [{"key_alias": "a", "team_alias": "x", "team_id": "y", "secret": {"name": "a"}}]},
            [
                "keys[0] ('a'): parameters are mutually exclusive: team_alias|team_id",
                "keys[0] ('a'): missing required arguments: namespace found in secret",
            ],
        ),
        (
            {"keys": [{"key_alias": "a"}, {"key_alias": "b"}, {"key_alias": "a", "state": "absent"}]},
            ["keys[2] ('a'): key_alias is also that of keys[0] ('a'), give each its own"],
        ),
        (
            {"teams": [{"team_alias": "a", "team_id": "1"}, {"team_alias": "b", "team_id": "1"}]},
            ["teams[1] ('b'): team_id is also that of teams[0] ('a'), give each its own"],
        ),
        (
            {"keys": [{"key_alias": each, "key": "sk-5", "secret": SECRET} for each in "ab"]},
            [
                "keys[1] ('b'): key is also that of keys[0] ('a'), give each its own",
                "keys[1] ('b'): secret is also that of keys[0] ('a'), give each its own",
            ],
        ),
        ({"keys": [{"key_alias": each, "secret": SECRET | {"key": each}} for each in "ab"]}, []),
    ],
)
def test_all_that_is_wrong_is_told_at_once(lists: dict[str, list[Any]], errors: list[str]) -> None:
    _entries, problems = read_entries(lists)
    assert len(problems) == len(errors)
    assert [problem.error[: len(error)] for problem, error in zip(problems, errors, strict=True)] == errors


# What names the objects of each section, and what an entry has to say besides.
NAMES = {
    "credentials": ("credential_name", {}),
    "models": ("model_name", {}),
    "budgets": ("budget_id", {}),
    "organizations": ("organization_alias", {}),
    "teams": ("team_alias", {}),
    "users": ("user_id", {}),
    "team_members": ("user_email", {"team_alias": "search"}),
    "keys": ("key_alias", {}),
    "customers": ("user_id", {}),
}


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("nothing", ["", None])
@pytest.mark.parametrize("section", [section.name for section in SECTIONS])
def test_an_empty_name_means_nothing(section: str, nothing: str | None, state: str) -> None:
    name, besides = NAMES[section]
    entries, problems = read_entries({section: [{name: nothing, "state": state} | besides]})
    assert not entries
    assert [problem.error for problem in problems] == [
        f"{section}[0]: {name} is None, give a name that does not begin or end with a space"
    ]


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("team", [{"team_alias": ""}, {"team_id": None}])
def test_a_member_belongs_to_a_team(team: dict[str, Any], state: str) -> None:
    entries, problems = read_entries({"team_members": [{"user_id": "ann", "state": state} | team]})
    assert not entries
    assert [problem.error for problem in problems] == [
        "team_members[0] ('ann'): team_id is empty, say what the member belongs to"
    ]


def test_entries_know_what_was_given() -> None:
    given = {"key_alias": "a", "rpm_limit": "5", "tpm_limit": None, "models": "x,y"}
    [entry], _problems = read_entries({"keys": [given]})
    assert entry.given == given.keys()
    assert (entry.params["rpm_limit"], entry.params["tpm_limit"], entry.params["models"]) == (5, None, ["x", "y"])
    assert (entry.params["state"], entry.params["recreate"], entry.params["secret"]) == ("present", False, None)
    assert str(entry) == "keys[0] ('a')"


def test_a_secret_is_not_shown_wherever_it_stands() -> None:
    entry = {"key_alias": "a", "key": "sk-hidden", "Key": "sk-hidden", "keys": {"x": "sk-hidden"}, "rpm_limit": 5}
    assert shown({"keys": [entry, "key=sk-hidden"], "teams": None, "owner": "me"}) == {
        "keys": [{"key_alias": "a", "key": HIDDEN, "Key": HIDDEN, "keys": HIDDEN, "rpm_limit": 5}, {}],
        "teams": None,
        "owner": "me",
    }
    assert shown({"keys": "key=sk-hidden"}) == {"keys": HIDDEN}


def test_an_error_does_not_repeat_a_secret() -> None:
    _entries, problems = read_entries({"keys": [{"key_alias": "a", "key": "sk-hidden", "state": "sk-hidden"}]})
    [problem] = problems
    assert problem.error.startswith("keys[0] ('a'): value of state must be one of: present, absent")
    assert "sk-hidden" not in problem.error


def test_ten_thousand_entries_are_read_in_no_time() -> None:
    entries = [{"key_alias": f"key-{number}", "team_alias": "a", "rpm_limit": 5} for number in range(10_000)]
    begun = time.process_time()
    read, problems = read_entries({"keys": entries})
    assert (len(read), problems) == (10_000, [])
    assert time.process_time() - begun < 3
