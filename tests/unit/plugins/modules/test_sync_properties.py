# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds of litellm_sync and litellm_export whatever is declared, whatever is there, and whatever goes wrong."""

from __future__ import annotations

from typing import Any

from conftest import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litellm_stand_in import Fault, LiteLLMStandIn, digest

MARK = "inference_gateway_owner"
EMPTY = {"models": [], "metadata": {}}
LIMITS = {
    "models": st.none() | st.lists(st.sampled_from(["chat-small", "chat-large"]), unique=True),
    "rpm_limit": st.none() | st.integers(0, 3),
    "max_budget": st.none() | st.sampled_from([0, 2.5]),
    "budget_duration": st.sampled_from([None, "", "30d"]),
    # What LiteLLM keeps there of its own has the types that it has.
    "metadata": st.none()
    | st.fixed_dictionaries({}, optional={"a": st.sampled_from([1, [], ["x"]]), "tags": st.sampled_from([[], ["x"]])}),
}
KEY_LIMITS = LIMITS | {"duration": st.sampled_from([None, "90d"])}
TEAMS, KEYS = ["t1", "t2", "t3"], ["k1", "k2", "k3", "k4"]
STATES = {"state": st.sampled_from(["present", "present", "absent"])}


def value(alias: str) -> str:
    return f"sk-{digest(alias)[:32]}"


def entries(alias: str, names: list[str], options: dict[str, Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    entry = st.fixed_dictionaries({alias: st.sampled_from(names)}, optional=options)
    return st.lists(entry, unique_by=lambda each: each[alias], max_size=len(names))


TEAM_ENTRIES = entries("team_alias", TEAMS, LIMITS | STATES | {"force": st.booleans()})
KEY_ENTRIES = entries("key_alias", KEYS, KEY_LIMITS | STATES | {"team_alias": st.none() | st.sampled_from(TEAMS)})
LIVE_TEAMS = entries("team_alias", TEAMS, LIMITS)
LIVE_KEYS = entries("key_alias", KEYS, KEY_LIMITS | {"team": st.sampled_from(TEAMS)})
OWNERS = st.sampled_from([None, "platform", "others"])


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Teams and keys that are there, with the identities that tests give them."""

    def owned(entry: dict[str, Any]) -> dict[str, Any]:
        owner = draw(OWNERS)
        return entry | {"metadata": (entry.get("metadata") or {}) | ({MARK: owner} if owner else {})}

    teams = [owned(each) | {"team_id": f"id-of-{each['team_alias']}"} for each in draw(LIVE_TEAMS)]
    there = {team["team_alias"] for team in teams}
    keys = [owned(each) for each in draw(LIVE_KEYS)]
    for key in keys:
        team = key.pop("team", None)
        key |= {"key": value(key["key_alias"])} | ({"team_id": f"id-of-{team}"} if team in there else {})
    return teams, keys


def furnish(litellm: LiteLLMStandIn, world: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    for rows in (litellm.teams, litellm.keys, litellm.deleted_keys, litellm.requests, litellm.faults):
        rows.clear()
    for team in world[0]:
        litellm.add_team(**{name: team[name] for name in team if team[name] not in (None, "")})
    for key in world[1]:
        litellm.add_key(
            key["key"], **{name: key[name] for name in key if key[name] not in (None, "") and name != "key"}
        )


def world_of(litellm: LiteLLMStandIn) -> Any:
    """What is there, apart from what LiteLLM makes up."""
    made_up = {"team_id", "budget_reset_at", "expires"}
    aliases = {identity: team["team_alias"] for identity, team in litellm.teams.items()}
    teams = [{name: team[name] for name in team if name not in made_up} for team in litellm.teams.values()]
    keys = [
        {name: key[name] for name in key if name not in made_up} | {"team": aliases.get(key["team_id"])}
        for key in litellm.keys.values()
    ]
    return sorted(teams, key=lambda team: team["team_alias"]), sorted(keys, key=lambda key: key["key_alias"])


def declarations(keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every key with its value, so that it can be made."""
    return [{"key": value(each["key_alias"])} | each for each in keys]


WHATEVER = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def assert_is(live: dict[str, Any], entry: dict[str, Any]) -> None:
    """Whether an object is as declared, as far as that is declared."""
    for name in entry.keys() & KEY_LIMITS.keys() - {"duration", "metadata"}:
        wanted = entry[name] if entry[name] not in (None, "") else EMPTY.get(name)
        assert sorted(live[name]) == sorted(wanted) if name == "models" else live[name] == wanted
    if "metadata" in entry:
        mine = {name: live["metadata"][name] for name in live["metadata"] if name == "a"}
        assert mine == {name: each for name, each in (entry["metadata"] or {}).items() if name == "a"}
    if "duration" in entry:
        assert (live["expires"] is None) == (entry["duration"] is None)


@WHATEVER
@given(world=worlds(), teams=TEAM_ENTRIES, keys=KEY_ENTRIES, prune=st.booleans(), owner=OWNERS.filter(bool))
def test_a_run_leads_to_what_is_declared_or_changes_nothing(
    litellm: LiteLLMStandIn, run: Run, world: Any, teams: Any, keys: Any, prune: bool, owner: str
) -> None:
    furnish(litellm, world)
    before = world_of(litellm)
    declaration = {"owner": owner, "prune": prune, "teams": teams, "keys": declarations(keys)}
    foretold = run("litellm_sync", check=True, **declaration)
    assert not litellm.written
    result = run("litellm_sync", **declaration)
    if result.get("failed"):
        # Nothing goes wrong on the way here: it is what is declared, which is told before anything is written.
        assert result["msg"].startswith("Nothing was changed. ")
        assert (world_of(litellm), litellm.written) == (before, [])
        return
    assert {name: foretold[name] for name in ("changed", "plan", "summary")} == {
        name: result[name] for name in ("changed", "plan", "summary")
    }
    for alias, rows, declared in (("team_alias", litellm.teams, teams), ("key_alias", litellm.keys, keys)):
        live = {row[alias]: row for row in rows.values()}
        assert len(live) == len(rows)
        wanted = {each[alias]: each for each in declared if each.get("state") != "absent"}
        assert wanted.keys() <= live.keys()
        assert not live.keys() & {each[alias] for each in declared if each.get("state") == "absent"}
        for each in wanted.values():
            assert_is(live[each[alias]], each)
        mine = {name for name, row in live.items() if row["metadata"].get(MARK) == owner}
        assert wanted.keys() <= mine
        assert not prune or mine == wanted.keys()
    for each in keys:
        if each.get("state") != "absent" and "team_alias" in each:
            team_id = litellm.key(each["key_alias"])["team_id"]
            assert team_id == (each["team_alias"] and litellm.team(each["team_alias"])["team_id"])
    written = len(litellm.written)
    again = run("litellm_sync", **declaration)
    assert (again["changed"], again["plan"], len(litellm.written)) == (False, [], written)


@WHATEVER
@given(world=worlds(), owner=st.sampled_from([None, "platform"]), keys_only=st.booleans())
def test_what_is_exported_changes_nothing(
    litellm: LiteLLMStandIn, run: Run, world: Any, owner: str | None, keys_only: bool
) -> None:
    furnish(litellm, world)
    asked = ({"owner": owner} if owner else {}) | ({"kinds": ["keys"]} if keys_only else {})
    declaration = run("litellm_export", **asked)["declaration"]
    # Everything that is there can be declared here.
    found = [*litellm.keys.values(), *({} if keys_only else litellm.teams).values()]
    mine = [each for each in found if owner is None or each["metadata"].get(MARK) == owner]
    assert sum(len(declaration.get(name, ())) for name in ("teams", "keys")) == len(mine)
    result = run("litellm_sync", owner=owner, prune=bool(owner), **declaration)
    assert (result.get("msg"), result["changed"], result["plan"], litellm.written) == (None, False, [], [])


FAULTS = st.builds(
    Fault,
    method=st.sampled_from(["POST", "GET"]),
    path=st.sampled_from(["", "/key", "/team", "/key/generate", "/team/new"]),
    status=st.sampled_from([None, 500, 503]),
    after=st.booleans(),
    twice=st.booleans(),
    skip=st.integers(0, 8),
    times=st.sampled_from([1, 2, 10**9]),
)


@WHATEVER
@given(world=worlds(), teams=TEAM_ENTRIES, keys=KEY_ENTRIES, prune=st.booleans(), fault=FAULTS)
def test_whatever_goes_wrong_the_next_run_leads_to_the_same(
    litellm: LiteLLMStandIn, run: Run, world: Any, teams: Any, keys: Any, prune: bool, fault: Fault
) -> None:
    declaration = {"owner": "platform", "prune": prune, "teams": teams, "keys": declarations(keys)}
    furnish(litellm, world)
    undisturbed = run("litellm_sync", **declaration)
    wanted = world_of(litellm)
    furnish(litellm, world)
    litellm.faults = [fault]
    disturbed = run("litellm_sync", **declaration)
    if not disturbed.get("failed"):
        assert world_of(litellm) == wanted
    litellm.faults = []
    mended = run("litellm_sync", **declaration)
    assert bool(mended.get("failed")) == bool(undisturbed.get("failed"))
    assert world_of(litellm) == wanted
