# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""How one key takes the place of another, without a moment in which its Secret holds none that works.

LiteLLM lets an alias exist only once. So each other generation of a key has an alias made of the key's alias and its
own identity, and its metadata says whose alias it is to have, or had. The steps:

1. The successor is made, under such an alias. Whatever LiteLLM has against it, it says before anything has changed.
2. The Secret gets its value.
3. The old key gives its alias away, and expires after the grace. Without a grace, it is deleted.
4. The successor takes the alias.

Wherever this is interrupted, the next run sees how far it came. A successor that the Secret holds goes on with the
third step. One that it does not hold is of no use to anybody, and is deleted. So is an old key that has expired.
"""

from __future__ import annotations

import re
import typing as t
from datetime import timedelta

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._key_value import digest
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import Object, no_duration
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY, remaining, time_to
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    Goal,
    apply,
    find_by_id,
    make_plan,
    understood,
)
from ansible_collections.inference.gateway.plugins.module_utils._secret import (
    KeySecret,
    like,
    take_back,
)

ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {
    "rotation": {
        "type": "dict",
        "options": {
            "every": {"type": "str"},
            "generation": {"type": "str"},
            "grace": {"type": "str", "default": "24h"},
        },
    },
}
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "mo": 30 * 86400}


def refuse_impossible(rotation: Object) -> None:
    for name in ("every", "grace"):
        reason = no_duration(rotation[name] or None)
        if reason:
            raise ApiError(f"rotation.{name} is {rotation[name]!r}, {reason}.")


def options(rotation: Object | None) -> dict[str, t.Any]:
    """What is remembered of it with the key."""
    return {"generation": rotation["generation"]} if rotation and rotation["generation"] else {}


def due(rotation: Object, key: Object) -> bool:
    """Whether another key is to take this one's place."""
    if rotation["generation"] and rotation["generation"] != key["generation"]:
        return True
    return bool(rotation["every"]) and _age(key) >= _length(rotation["every"])


def heir(others: t.Iterable[Object], value: str | None) -> Object | None:
    """Of the other generations of a key, the successor with this value, which lacks nothing but the alias."""
    known = value and digest(value)
    return next((each for each in others if each["succeeds"] and each["token"] == known), None)


class Generations:
    """The keys of one alias, and what a run does to them. In check mode it only works out what would come of that."""

    def __init__(
        self, client: Client, alias: str, current: Object | None, others: t.Iterable[Object], *, check: bool
    ) -> None:
        self.alias, self.current, self.others = alias, current, [*others]
        self._client, self._check = client, check

    @property
    def names(self) -> list[str]:
        """What those are called that do not have the alias."""
        return sorted(each["key_alias"] for each in self.others)

    def foreign(self, identity: str) -> Object | None:
        """The key with an identity, if there is one and it is none of these."""
        own = {each["token"] for each in (self.current, *self.others) if each}
        return None if identity in own else find_by_id(self._client, KEY, identity)

    def heir(self, value: str | None) -> Object | None:
        return heir(self.others, value)

    def settle(self, value: str | None, grace: str | None) -> None:
        """Finish what an earlier run began. The value is the one in use: empty when it is lost, None when not known."""
        successor = self.heir(value)
        for each in [*self.others]:
            useless = each["succeeds"] and each is not successor and value is not None
            if useless or (each["formerly"] and remaining(each) <= timedelta()):
                self._delete(each)
        if successor:
            self._hand_over(successor, grace)

    def make(self, options: Object, value: str, secret: KeySecret | None, grace: str | None) -> None:
        """Make a key with this value: the first one, or one that takes the place of the current one."""
        if self.current is None:
            self.current = self._make_first(Goal(KEY, self.alias, options, digest(value), extra={"key": value}), secret)
            return
        name = name_beside(self.alias, digest(value))
        wanted, inherited = like(self.current, options | {"key_alias": name, "succeeds": self.alias})
        goal = Goal(KEY, name, wanted, digest(value), extra={"key": value} | inherited)
        successor = self._make_next(goal, secret)
        self.others.append(successor)
        self._hand_over(successor, grace)

    def rename(self, alias: str) -> None:
        """Let the others follow the current one, which is to have another alias."""
        self.others = [self._step_aside(each, alias) for each in self.others]

    def delete_others(self) -> None:
        for each in [*self.others]:
            self._delete(each)

    def _make_first(self, goal: Goal, secret: KeySecret | None) -> Object:
        """Make a key when there is none. The Secret comes first, so that there is no key that nobody has."""
        value = goal.extra["key"]
        if secret and not self._check:
            secret.write(value)
        try:
            return self._apply(goal, None)
        except ApiError as error:
            if not secret:
                raise
            told = take_back(self._client, secret, value, unfinished=error.unfinished)
            raise ApiError(f"{str(error).rstrip('.')}. {told}") from None

    def _make_next(self, goal: Goal, secret: KeySecret | None) -> Object:
        """Make a successor. It comes first, so that the Secret has no value that does not work."""
        try:
            successor = self._apply(goal, None)
            if secret and not self._check:
                secret.write(goal.extra["key"])
                # Another run may have taken it for one that nobody has.
                if not find_by_id(self._client, KEY, goal.identity):
                    secret.restore()
                    raise ApiError(f"Another run makes a successor of key '{self.alias}' at the same time")
        except ApiError as error:
            raise ApiError(f"{str(error).rstrip('.')}. {self._take_back(goal, secret)}") from None
        return successor

    def _take_back(self, goal: Goal, secret: KeySecret | None) -> str:
        """Delete a successor that was not delivered; say what there is now."""
        try:
            made = find_by_id(self._client, KEY, goal.identity)
            if made and secret and secret.holds(goal.extra["key"]):
                return f"{secret} holds the successor: the next run finishes the rotation."
            if made:
                self._delete(made)
        except ApiError as error:
            return f"What is left of the rotation is put right by the next run. {error}"
        return f"Key '{self.alias}' is as it was before."

    def _hand_over(self, successor: Object, grace: str | None) -> None:
        """Let the successor take the alias, which the current one has first to give away."""
        try:
            if self.current and grace and remaining(self.current) > timedelta():
                self.others.append(self._step_aside(self.current, self.alias, grace))
            elif self.current:
                self._delete(self.current)
            options = {"key_alias": self.alias, "succeeds": None}
            self.current = self._apply(Goal(KEY, self.alias, options, successor["token"]), successor)
        except ApiError as error:
            raise ApiError(f"{str(error).rstrip('.')}. The next run finishes the rotation.") from None
        self.others.remove(successor)

    def _step_aside(self, key: Object, alias: str, grace: str | None = None) -> Object:
        """Name a key as another generation of the one with the alias, and let it live no longer than the grace."""
        name = name_beside(alias, key["token"])
        options = {"key_alias": name, "succeeds" if key["succeeds"] else "formerly": alias}
        if grace and remaining(key) > _length(grace):
            options["duration"] = grace
        return self._apply(Goal(KEY, name, options, key["token"]), key)

    def _delete(self, key: Object) -> None:
        self._apply(Goal(KEY, key["key_alias"], None, key["token"]), key)
        self.others = [each for each in self.others if each["token"] != key["token"]]

    def _apply(self, goal: Goal, there: Object | None) -> Object:
        plan = make_plan(goal, there)
        if self._check:
            return {KEY.id: goal.identity, **(there or {}), **plan.after}
        return apply(self._client, plan)


def other_generations(client: Client, alias: str) -> list[Object]:
    """The keys that had this alias, or were to have it when a run was interrupted."""
    listing = KEY.listing
    query = {**listing.query, listing.filters["key_alias"]: name_beside(alias, ""), "substring_matching": "true"}
    rows = understood(client, KEY, client.pages(listing.path, listing.items, listing.size, **query))
    return [row for row in rows if alias in (row["succeeds"], row["formerly"])]


def name_beside(alias: str, token: str) -> str:
    """The alias of a key that is another generation of the one with this alias."""
    return f"{alias}@{token[:8]}"


def _length(duration: str) -> timedelta:
    number, unit = re.fullmatch(r"(\d+)([a-z]+)", duration).groups()
    try:
        return timedelta(seconds=int(number) * SECONDS[unit])
    except OverflowError:
        return timedelta.max


def _age(key: Object) -> timedelta:
    """A key from before LiteLLM kept the date is as old as can be."""
    return -time_to(key["created_at"]) if key["created_at"] else timedelta.max
