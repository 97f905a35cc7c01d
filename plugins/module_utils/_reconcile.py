# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""From what is there and what is wanted to a plan, which knows nothing of HTTP; then the plan's way into LiteLLM."""

from __future__ import annotations

import fnmatch
import typing as t
from dataclasses import dataclass, field

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    KEPT_IN_METADATA,
    Kind,
    Object,
    Request,
)

# Names that stand for models without being one.
SPECIAL_MODELS = frozenset({"all-team-models", "all-proxy-models", "no-default-models"})
# How often a list is read that changes while it is read, before that is an error.
READINGS = 5


@dataclass(frozen=True)
class Goal:
    """What one object is to be."""

    kind: Kind
    alias: str
    options: Object | None  # those that were given; None: the object is not to be
    identity: str | None = None  # when it is known which object is meant, or which one is to be created
    # Goes along with what is created, and nowhere else. It may be a secret.
    extra: Object = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.kind.noun} '{self.alias}'"


@dataclass(frozen=True)
class Plan:
    """What is to be done to one object; `before` and `after` hold the options that change, and no others."""

    goal: Goal
    action: t.Literal["create", "update", "delete", "none"]
    there: Object | None = None
    before: Object = field(default_factory=dict)
    after: Object = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        return self.goal.kind

    @property
    def changed(self) -> bool:
        return self.action != "none"

    def result(self, live: Object | None = None) -> dict[str, t.Any]:
        """What a module returns, with the object as it is now, or as it would be if nothing was applied."""
        if live is not None:
            shown = self.kind.view(live)
        elif self.action == "delete" or not (self.there or self.after):
            shown = None
        else:
            shown = self.kind.view(self.there or {}) | self.after
        return {
            "changed": self.changed,
            "diff": {"before": dict(self.before), "after": dict(self.after)},
            self.kind.noun: shown,
        }

    def refuse_impossible(self) -> None:
        """Fail when LiteLLM has no way from what is there to what is wanted."""
        if self.action != "update":
            return
        for each in (each for each in self.kind.fields if each.name in self.after):
            if each.fixed:
                raise ApiError(
                    f"{each.name} of {self.goal} is {self.before[each.name]!r} and cannot become"
                    f" {self.after[each.name]!r}: {each.fixed}."
                )
            if each.stays and self.after[each.name] == each.empty:
                raise ApiError(f"{each.name} of {self.goal} cannot be cleared: {each.stays}.")


def make_plan(goal: Goal, there: Object | None) -> Plan:
    """The way from what is there (None: nothing) to the goal."""
    kind = goal.kind
    if goal.options is None:
        if there is None:
            return Plan(goal, "none")
        had = kind.kept(there)
        filled = {each.name: had[each.name] for each in kind.fields if had[each.name] != each.empty}
        return Plan(goal, "delete", there, before=filled)
    if there is None:
        return Plan(goal, "create", after=goal.options)
    before, after = {}, {}
    for each in kind.fields:
        if each.name in goal.options:
            found, wanted = each.read(there), goal.options[each.name]
            if each.partial:
                found = {name: found.get(name) for name in wanted}
            elif each.trace and found == each.empty:
                found = there.get(each.trace)
            elif each.name == kind.metadata:
                found = {name: found[name] for name in found if name in wanted or name not in KEPT_IN_METADATA}
            if not each.same(found, wanted):
                before[each.name], after[each.name] = found, wanted
    return Plan(goal, "update" if after else "none", there, before, after)


def writes(plan: Plan) -> list[Request]:
    """The requests that carry a plan out."""
    kind = plan.kind
    if plan.action == "none":
        return []
    if plan.action == "delete":
        return [call.request(plan.there[kind.id], {}) for call in kind.delete]
    changing = [each for each in kind.fields if each.name in plan.after]
    body = {each.name: plan.after[each.name] for each in changing if not each.unsent}
    marks = {each.mark: plan.after[each.name] for each in changing if each.mark}
    if marks or kind.metadata in body:
        # LiteLLM replaces metadata as a whole, with all that it keeps there itself.
        live = (plan.there or {}).get(kind.metadata) or {}
        kept = {name: live[name] for name in live if name in KEPT_IN_METADATA or kind.metadata not in body}
        changed = kept | body.get(kind.metadata, {}) | marks
        body[kind.metadata] = {name: value for name, value in changed.items() if name not in marks or value is not None}
    if plan.action == "create":
        # Nothing is there to be cleared, and LiteLLM does not take null for every field of a new object.
        filled = {name: value for name, value in body.items() if value not in (None, [], {})}
        return [kind.create.request(plan.goal.identity, {**plan.goal.extra, **filled})]
    sent = {each.name: each.sent(body[each.name]) for each in changing if each.name in body}
    return [kind.update.request(plan.there[kind.id], body | sent)]


class Rows:
    """All objects of one kind as they were read at once, to be found by identity and by alias."""

    def __init__(self, kind: Kind, objects: t.Iterable[Object]) -> None:
        self.by_id = {kind.identity(each): each for each in objects}
        self._by_alias: dict[str | None, list[Object]] = {}
        for each in self.by_id.values():
            self._by_alias.setdefault(each.get(kind.alias), []).append(each)

    def __iter__(self) -> t.Iterator[Object]:
        return iter(self.by_id.values())

    def named(self, alias: str) -> list[Object]:
        return self._by_alias.get(alias, [])


class Live:
    """All objects of each kind, each kind read when it is asked for first."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._rows: dict[str, Rows] = {}

    def __call__(self, kind: Kind) -> Rows:
        if kind.noun not in self._rows:
            self._rows[kind.noun] = Rows(kind, listed(self._client, kind))
        return self._rows[kind.noun]


def find(client: Client, goal: Goal) -> Object | None:
    """The one object in LiteLLM that is meant."""
    named = listed(client, goal.kind, **{goal.kind.alias: goal.alias})
    return meant(goal, named, lambda identity: find_by_id(client, goal.kind, identity))


def meant(goal: Goal, named: t.Sequence[Object], by_id: t.Callable[[str], Object | None]) -> Object | None:
    """The one object that is meant, of those with the goal's alias, and of any that can be had by its identity.

    One that is meant by its identity may have another alias: it is to be renamed. Two objects with one alias are an
    error, unless one of them is to be deleted, by its identity.
    """
    kind = goal.kind
    fitting = [each for each in named if goal.identity in (None, each[kind.id])]
    if len(fitting) > 1:
        raise ApiError(
            f"{len(fitting)} {kind.noun}s have the alias '{goal.alias}': {_ids(kind, fitting)}."
            f" Give {kind.id} to say which one is meant, or delete the others."
        )
    if goal.identity is None or goal.options is None:
        return fitting[0] if fitting else None
    others = [each for each in named if each not in fitting]
    if others:
        raise ApiError(
            f"The alias '{goal.alias}' is to be that of {kind.noun} {goal.identity}, but belongs to"
            f" {_ids(kind, others)}: rename or delete that one first."
        )
    return fitting[0] if fitting else by_id(goal.identity)


def find_by_id(client: Client, kind: Kind, identity: str) -> Object | None:
    return next(iter(listed(client, kind, **{kind.id: identity})), None)


def listed(client: Client, kind: Kind, **asked: t.Any) -> list[Object]:
    """The objects whose fields are exactly what is asked for: LiteLLM's filters, where it has them, find more."""
    listing = kind.listing
    query = {**listing.query, **{listing.filters[name]: asked[name] for name in asked if name in listing.filters}}
    if listing.size:
        rows = _complete(client, kind, query)
    else:
        rows = list(map(kind.read, client.entries(listing.path, listing.items, **query)))
    return [row for row in rows if all(row.get(name) == asked[name] for name in asked)]


def _complete(client: Client, kind: Kind, query: Object) -> list[Object]:
    """Every object of a list that is read by page, none twice.

    One that comes or goes between two pages shifts the others: one is then read twice, or missed, and what is missed
    would be created a second time.
    """
    listing = kind.listing
    for _reading in range(READINGS):
        found, totals = client.counted_pages(listing.path, listing.items, listing.size, **query)
        rows = list(map(kind.read, found))
        if totals == {None} or totals == {len(rows)} == {len(set(map(kind.identity, rows)))}:
            return rows
    raise ApiError(
        f"GET {client.base}{listing.path} had other {kind.noun}s on every of {READINGS} readings: run this again when"
        " fewer are created and deleted at the same time."
    )


def views(client: Client, kind: Kind, asked: Object) -> list[dict[str, t.Any]]:
    """The objects whose fields are exactly what is asked for, where something is; sorted by alias."""
    found = listed(client, kind, **{name: value for name, value in asked.items() if value})
    return sorted(map(kind.view, found), key=lambda view: view[kind.alias] or "")


def apply(client: Client, plan: Plan) -> Object | None:
    """Carry the plan out, read the object back and return it.

    The second round is for an answer that was lost on its way (the read tells what has happened), and for what the
    server's own defaults put into a new object. What differs after that, LiteLLM does not keep.
    """
    trouble: ApiError | None = None
    for _round in range(2):
        try:
            for request in writes(plan):
                client.send(*request)
        except ApiError as error:
            gone_already = plan.action == "delete" and error.status == 404
            if not (error.unfinished or gone_already):
                raise
            trouble = error
        there = find(client, plan.goal)
        plan = make_plan(plan.goal, there)
        if not plan.changed:
            return there
    raise trouble or ApiError(not_kept(plan))


def unknown_models(client: Client, plan: Plan) -> str | None:
    """The sentence about models that the plan brings in and LiteLLM does not serve: it would store them silently."""
    new = new_models(plan)
    if not new:
        return None
    served = served_models(client)
    unknown = not_served(new, served)
    if not unknown:
        return None
    return (
        f"models has {', '.join(unknown)}, which LiteLLM does not serve: it serves {', '.join(served) or 'no model'}."
    )


def new_models(plan: Plan) -> set[str]:
    """The models that the plan brings in."""
    return set(plan.after.get("models", ())) - set(plan.before.get("models", ())) - SPECIAL_MODELS


def served_models(client: Client) -> list[str]:
    """The names of the models, their access groups and patterns such as openai/*, sorted."""
    everything = {"include_model_access_groups": "true", "return_wildcard_routes": "true", "scope": "expand"}
    return sorted({model["id"] for model in client.entries("/v1/models", "data", **everything)})


def not_served(names: t.Iterable[str], served: t.Collection[str]) -> list[str]:
    """Those of the names that are not served, sorted. Either side may be a pattern."""
    return sorted(
        name
        for name in names
        if name not in served
        and not any(fnmatch.fnmatchcase(name, other) or fnmatch.fnmatchcase(other, name) for other in served)
    )


def not_kept(plan: Plan) -> str:
    """The sentence about what still differs after it was written."""
    if plan.action == "create":
        return f"LiteLLM answered that {plan.goal} was created, but does not list it: look into its log."
    if plan.action == "delete":
        return f"LiteLLM answered that {plan.goal} was deleted, but still lists it: look into its log."
    fields = ", ".join(f"{name} (wanted {plan.after[name]!r}, kept {plan.before[name]!r})" for name in plan.after)
    return (
        f"LiteLLM accepted {plan.goal} but did not keep {fields}:"
        " this version does not support that, or only with an enterprise licence."
    )


def _ids(kind: Kind, objects: t.Iterable[Object]) -> str:
    return ", ".join(sorted(each[kind.id] for each in objects))
