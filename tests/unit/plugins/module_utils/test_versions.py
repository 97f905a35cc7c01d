# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litellm_stand_in import MASTER_KEY, Fault, LiteLLMStandIn

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._connection import Connection
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import Field
from ansible_collections.inference.gateway.plugins.module_utils._kinds.all import KINDS
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import Goal, apply, make_plan
from ansible_collections.inference.gateway.plugins.module_utils._versions import FEATURES, Version

ASKED = "/public/model_hub/info"
GUILD = Field("guild", {"type": "str"}, since="1.90.0")
RANK = Field("rank", {"type": "str"}, changes_since="1.91.0", clears_since="1.92.0")
RIGHTS = Field("rights", {"type": "list"}, empty=[], values_since={"fly": "1.93.0", "dive": "1.94.0"})
LATER = replace(TEAM, fields=(*TEAM.fields, GUILD, RANK, RIGHTS))


@pytest.fixture
def warnings() -> list[str]:
    return []


@pytest.fixture
def client(litellm: LiteLLMStandIn, warnings: list[str]) -> Iterator[Client]:
    with Client(Connection(litellm.url), MASTER_KEY, warnings.append) as client:
        yield client


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1.106.2", (1, 106, 2)),
        ("v1.83.14-stable", (1, 83, 14)),
        ("main-v1.80.0-nightly", (1, 80, 0)),
        ("1.90.0rc1", (1, 90, 0)),
        ("1.90.0.dev3+g1234", (1, 90, 0)),
        ("main-stable", None),
        ("unknown", None),
        ("1.106", None),
        ("", None),
        (None, None),
        (1.106, None),
    ],
)
def test_versions_in_the_ways_they_are_written(text: object, version: tuple[int, ...] | None) -> None:
    assert Version.parse(text) == version


@settings(deadline=None)
@given(st.text() | st.integers() | st.lists(st.text()))
def test_anything_is_a_version_or_none(text: object) -> None:
    parsed = Version.parse(text)
    assert parsed is None or Version.parse(str(parsed)) == parsed


def test_the_tables_name_versions() -> None:
    named = [feature.since for feature in FEATURES.values()]
    for field in [field for kind in KINDS.values() for field in kind.fields]:
        named += filter(None, (field.since, field.changes_since, field.clears_since, field.removes_since))
        named += field.values_since.values()
    assert all(str(Version.parse(release)) == release for release in named)


def test_the_version_is_asked_for_once(litellm: LiteLLMStandIn, client: Client) -> None:
    for needs in ({}, {"a guild": "1.90.0"}):
        assert client.too_old(needs) is None
    assert [request.path for request in litellm.requests] == [ASKED]


@pytest.mark.parametrize("body", [b'{"litellm_version": "unknown"}', b"[]", b"<html>", b'{"litellm_version": null}'])
def test_a_version_that_is_not_told_lacks_nothing(
    litellm: LiteLLMStandIn, client: Client, warnings: list[str], body: bytes
) -> None:
    litellm.faults = [Fault(path=ASKED, status=200, body=body)]
    assert client.too_old({"a guild": "99.0.0"}) is None
    assert warnings == []


def test_a_server_that_refuses_to_tell_lacks_nothing(litellm: LiteLLMStandIn, client: Client) -> None:
    litellm.version = None
    assert client.version is None


@pytest.mark.parametrize(("version", "warned"), [("1.109.9", False), ("1.110.0", True), ("2.0.0", True)])
def test_a_newer_version_than_is_known_is_warned_of_once(
    litellm: LiteLLMStandIn, client: Client, warnings: list[str], version: str, warned: bool
) -> None:
    litellm.version = version
    for _time in range(2):
        assert client.too_old({"a guild": "1.90.0"}) is None
    sentence = (
        f"LiteLLM {version} at {litellm.url} is newer than 1.109, the newest that this collection knows: look for a"
        " newer inference.gateway, and check what it changes."
    )
    assert warnings == ([sentence] if warned else [])


def test_a_version_that_steals_is_warned_of(litellm: LiteLLMStandIn, client: Client, warnings: list[str]) -> None:
    litellm.version = "1.82.8"
    assert client.version == (1, 82, 8)
    assert warnings == [
        f"LiteLLM 1.82.8 at {litellm.url} is one of the two releases that steal credentials (1.82.7, 1.82.8):"
        " replace it, and change every key and password that it could read."
    ]


def test_nothing_is_written_that_an_older_version_would_drop(litellm: LiteLLMStandIn, client: Client) -> None:
    litellm.version = "1.89.4"
    litellm.add_team(team_id="one", team_alias="search")
    for there in (None, litellm.team("search")):
        plan = make_plan(Goal(LATER, "search", {"team_alias": "search", "guild": "a"}), there)
        with pytest.raises(ApiError) as caught:
            apply(client, plan)
        assert str(caught.value) == (
            f"LiteLLM 1.89.4 at {litellm.url} is too old for guild of team 'search': it takes 1.90.0 or newer."
        )
    assert not litellm.written


@pytest.mark.parametrize(
    ("wanted", "needs"),
    [
        ({"guild": "a"}, {"guild of team 'search'": "1.90.0"}),
        ({"rank": "b"}, {"changing rank of team 'search'": "1.91.0"}),
        ({"rank": None}, {"clearing rank of team 'search'": "1.92.0", "changing rank of team 'search'": "1.91.0"}),
        ({"rank": "a", "rpm_limit": 5, "rights": ["walk"]}, {}),
        ({"rights": ["walk", "fly"]}, {"fly in rights of team 'search'": "1.93.0"}),
    ],
)
def test_what_is_there_is_changed_and_cleared_by_releases_that_can(
    litellm: LiteLLMStandIn, wanted: dict[str, object], needs: dict[str, str]
) -> None:
    litellm.add_team(team_id="one", team_alias="search")
    there = litellm.team("search") | {"rank": "a"}
    assert make_plan(Goal(LATER, "search", wanted), there).needs == needs
    made_anew = make_plan(Goal(LATER, "search", wanted), None).needs
    assert made_anew == {what: since for what, since in needs.items() if not what.startswith(("changing", "clearing"))}


def test_an_older_version_will_do_for_what_it_has(litellm: LiteLLMStandIn, client: Client) -> None:
    litellm.version = "1.89.4"
    wanted = {"team_alias": "search", "rpm_limit": 5, "guild": None}
    apply(client, make_plan(Goal(LATER, "search", wanted), None))
    assert litellm.team("search")["rpm_limit"] == 5
    assert make_plan(Goal(LATER, "search", None), litellm.team("search")).action == "delete"
    apply(client, make_plan(Goal(LATER, "search", None), litellm.team("search")))
    assert not litellm.teams
