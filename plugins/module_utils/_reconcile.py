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
# The fields that name models.
MODEL_LISTS = ("models", "allowed_models", "default_team_member_models")


@dataclass(frozen=True)
class Goal:
    """What one object is to be."""

    kind: Kind
    alias: str
    options: Object | None  # those that were given; None: the object is not to be
    identity: str | None = None  # when it is known which object is meant, or which one is to be created
    within: str | None = None  # the identity of the object that it belongs to, where the kind has such
    # Goes along with what is created, and nowhere else. It may be a secret.
    extra: Object = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.kind.noun} '{self.alias}'" + (f" of {self.kind.within} {self.within}" if self.within else "")

    @property
    def parent(self) -> dict[str, str]:
        """How answers and requests name the object that it belongs to."""
        return {self.kind.within: self.within} if self.kind.within and self.within else {}


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
            fixed = each.fixed(self.there) if callable(each.fixed) else each.fixed
            if fixed:
                raise ApiError(
                    f"{each.name} of {self.goal} is {self.before[each.name]!r} and cannot become"
                    f" {self.after[each.name]!r}: {fixed}."
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
            elif each.name == kind.metadata:
                found = {name: found[name] for name in found if name in wanted or name not in KEPT_IN_METADATA}
            if not each.same(found, wanted):
                before[each.name], after[each.name] = found, wanted
    return Plan(goal, "update" if after else "none", there, before, after)


def writes(plan: Plan) -> list[Request]:
    """The requests that carry a plan out."""
    kind, goal = plan.kind, plan.goal
    if plan.action == "none":
        return []
    if plan.action == "delete":
        return [call.request(plan.there[kind.id], goal.parent) for call in kind.delete]
    body = _body(plan)
    if plan.action == "create":
        # Nothing is there to be cleared, and LiteLLM does not take null for every field of a new object.
        filled = {name: value for name, value in body.items() if value not in (None, [], {})}
        return [kind.create.request(goal.identity, {**goal.extra, **goal.parent, **filled})]
    identity = plan.there[kind.id]
    alone = [each for each in kind.fields if each.by and each.name in body]
    requests = [each.by.request(identity, {**goal.parent, each.name: body.pop(each.name)}) for each in alone]
    return [*([kind.update.request(identity, {**goal.parent, **body})] if body else []), *requests]


def _body(plan: Plan) -> dict[str, t.Any]:
    """What is to change, by the names that requests have for it."""
    kind = plan.kind
    changing = [each for each in kind.fields if each.name in plan.after]
    inside = {each.name_in_metadata: each for each in changing if each.name_in_metadata}
    cleared = {name for name, each in inside.items() if plan.after[each.name] == each.empty}
    body = {}
    for each in changing:
        # What LiteLLM keeps in metadata is cleared there: by its own name, null is an error and other emptiness kept.
        if not each.unsent and (each.mark or each.name_in_metadata not in cleared):
            value = plan.after[each.name]
            body[each.name] = value if plan.there is None else each.sent(value, plan.before[each.name])
    if inside or kind.metadata in body or any(each.drops_metadata for each in changing):
        # LiteLLM replaces metadata as a whole, with all that it keeps there itself.
        live = (plan.there or {}).get(kind.metadata) or {}
        kept = {name: live[name] for name in live if name in KEPT_IN_METADATA or kind.metadata not in body}
        marks = {name: plan.after[each.name] for name, each in inside.items() if each.mark}
        whole = kept | body.get(kind.metadata, {}) | marks
        body[kind.metadata] = {name: value for name, value in whole.items() if name not in cleared}
    return body


def find(client: Client, goal: Goal) -> Object | None:
    """The one object that is meant. One that is meant by its identity may have another alias: it is to be renamed.

    Two objects with one alias are an error, unless one of them is to be deleted, by its identity.
    """
    kind = goal.kind
    named = listed(client, kind, **goal.parent, **{kind.alias: goal.alias})
    meant = [each for each in named if goal.identity in (None, each[kind.id])]
    if len(meant) > 1:
        raise ApiError(
            f"{len(meant)} {kind.noun}s have the alias '{goal.alias}': {_ids(kind, meant)}."
            f" Give {kind.id} to say which one is meant, or delete the others."
        )
    if goal.identity is None or goal.options is None:
        return meant[0] if meant else None
    others = [each for each in named if each not in meant]
    if others:
        raise ApiError(
            f"The alias '{goal.alias}' is to be that of {kind.noun} {goal.identity}, but belongs to"
            f" {_ids(kind, others)}: rename or delete that one first."
        )
    return meant[0] if meant else find_by_id(client, kind, goal.identity)


def find_by_id(client: Client, kind: Kind, identity: str) -> Object | None:
    return next(iter(listed(client, kind, **{kind.id: identity})), None)


def listed(client: Client, kind: Kind, **asked: t.Any) -> list[Object]:
    """The objects whose fields are exactly what is asked for: LiteLLM's filters, where it has them, find more."""
    listing = kind.listing
    narrowed = {name: asked[name] for name in asked if name in listing.filters}
    query = {**listing.query, **{listing.filters[name]: value for name, value in narrowed.items()}}
    if listing.size:
        found = client.pages(listing.path, listing.items, listing.size, **query)
    else:
        found = client.entries(listing.path, listing.items, **query)
    entries = _matching(map(kind.read, found), narrowed)
    if listing.detail:
        entries = [whole for entry in entries for whole in _detailed(client, kind, entry)]
    return _matching(entries, asked)


def _detailed(client: Client, kind: Kind, entry: Object) -> list[Object]:
    detail = kind.listing.detail
    if not detail.needed(entry):
        return [entry]
    answer = client.get(detail.path, **{detail.id: entry[detail.id]}, **detail.query)
    try:
        return list(map(kind.read, detail.read(answer)))
    except (AttributeError, KeyError, TypeError):
        raise ApiError(
            f"GET {client.base}{detail.path} did not answer for {detail.id} {entry[detail.id]} as LiteLLM does:"
            " check that this collection supports its version."
        ) from None


def _matching(rows: t.Iterable[Object], asked: Object) -> list[Object]:
    return [row for row in rows if all(row.get(name) == asked[name] for name in asked)]


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
            # A member that is not there is answered with 400, everything else with 404.
            gone_already = plan.action == "delete" and error.status in (400, 404)
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
    new = {
        name: set(plan.after.get(name, ())) - set(plan.before.get(name, ())) - SPECIAL_MODELS for name in MODEL_LISTS
    }
    served = served_models(client) if any(new.values()) else []
    for name in MODEL_LISTS:
        unknown = not_served(new[name], served)
        if unknown:
            known = ", ".join(served) or "no model"
            return f"{name} has {', '.join(unknown)}, which LiteLLM does not serve: it serves {known}."
    return None


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
