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
from ansible_collections.inference.gateway.plugins.module_utils._kinds import KEPT_IN_METADATA, SPECIAL_MODELS, Kind

Object = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class Goal:
    """What one object is to be."""

    kind: Kind
    alias: str
    options: Object | None  # those that were given; None: the object is not to be
    identity: str | None = None  # when it is known which object is meant, or which one is to be created
    # Goes along with what is created, and nowhere else. It may be a secret.
    extra: Object = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Plan:
    """What is to be done to one object; `before` and `after` hold the options that change, and no others."""

    kind: Kind
    action: t.Literal["create", "update", "delete", "none"]
    there: Object | None = None
    before: Object = field(default_factory=dict)
    after: Object = field(default_factory=dict)

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


def make_plan(goal: Goal, there: Object | None) -> Plan:
    """The way from what is there (None: nothing) to the goal."""
    kind = goal.kind
    if goal.options is None:
        if there is None:
            return Plan(kind, "none")
        had = kind.view(there)
        return Plan(
            kind,
            "delete",
            there,
            before={each.name: had[each.name] for each in kind.fields if had[each.name] != each.empty},
        )
    if there is None:
        return Plan(kind, "create", after=goal.options)
    before, after = {}, {}
    for each in kind.fields:
        if each.name in goal.options:
            found, wanted = each.read(there), goal.options[each.name]
            if each.name == "metadata":
                found = {name: found[name] for name in found if name in wanted or name not in KEPT_IN_METADATA}
            if not each.same(found, wanted):
                before[each.name], after[each.name] = found, wanted
    return Plan(kind, "update" if after else "none", there, before, after)


def writes(plan: Plan) -> list[tuple[str, dict[str, t.Any]]]:
    """The requests that carry a plan out, as path and body."""
    kind = plan.kind
    if plan.action == "none":
        return []
    if plan.action == "delete":
        identity = plan.there[kind.id]
        return [(path, {name: [identity] if many else identity}) for path, name, many in kind.delete]
    body = dict(plan.after)
    marks = {each.mark: body[each.name] for each in kind.fields if each.mark and each.name in body}
    if marks or "metadata" in body:
        # LiteLLM replaces metadata as a whole, with all that it keeps there itself.
        live = (plan.there or {}).get("metadata") or {}
        kept = {name: live[name] for name in live if name in KEPT_IN_METADATA or "metadata" not in body}
        body["metadata"] = kept | body.get("metadata", {}) | marks
        for mark in marks:
            if marks[mark] is None:
                del body["metadata"][mark]
    if plan.action == "create":
        # Nothing is there to be cleared, and LiteLLM does not take null for every field of a new object.
        return [(kind.create, {name: value for name, value in body.items() if value not in (None, [], {})})]
    return [(kind.update, {kind.update_id: plan.there[kind.id], **body})]


def find(client: Client, goal: Goal) -> Object | None:
    """The one object that is meant. One that is meant by its identity may have another alias: it is to be renamed.

    Two objects with one alias are an error, unless one of them is to be deleted, by its identity.
    """
    kind = goal.kind
    # LiteLLM's filter finds parts of names, too.
    named = [each for each in listed(client, kind, **{kind.alias: goal.alias}) if each.get(kind.alias) == goal.alias]
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
    found = listed(client, kind, **{kind.by_id: identity})
    return next((each for each in found if each.get(kind.id) == identity), None)


def listed(client: Client, kind: Kind, **query: t.Any) -> t.Iterator[dict[str, t.Any]]:
    return client.pages(kind.listing, kind.items, kind.size, **kind.query, **query)


def views(client: Client, kind: Kind, asked: Object) -> list[dict[str, t.Any]]:
    """The objects whose fields are exactly what is asked for, where something is; sorted by alias."""
    asked = {name: value for name, value in asked.items() if value}
    found = (each for each in listed(client, kind, **asked) if all(each.get(name) == asked[name] for name in asked))
    return sorted(map(kind.view, found), key=lambda view: view[kind.alias] or "")


def apply(client: Client, goal: Goal, plan: Plan) -> Object | None:
    """Carry the plan out, read the object back and return it.

    The second round is for an answer that was lost on its way (the read tells what has happened), and for what the
    server's own defaults put into a new object. What differs after that, LiteLLM does not keep.
    """
    trouble: ApiError | None = None
    for _round in range(2):
        try:
            for path, body in writes(plan):
                client.post(path, {**goal.extra, **body} if plan.action == "create" else body)
        except ApiError as error:
            gone_already = plan.action == "delete" and error.status == 404
            if not (error.unfinished or gone_already):
                raise
            trouble = error
        there = find(client, goal)
        plan = make_plan(goal, there)
        if not plan.changed:
            return there
    raise trouble or ApiError(_not_kept(goal, plan))


def unknown_models(client: Client, plan: Plan) -> str | None:
    """The sentence about models that the plan brings in and LiteLLM does not serve: it would store them silently."""
    new = set(plan.after.get("models", ())) - set(plan.before.get("models", ())) - SPECIAL_MODELS
    if not new:
        return None
    everything = {"include_model_access_groups": "true", "return_wildcard_routes": "true", "scope": "expand"}
    served = sorted({model["id"] for model in client.entries("/v1/models", "data", **everything)})
    # Either side may be a pattern such as openai/*.
    unknown = sorted(
        name
        for name in new
        if not any(fnmatch.fnmatchcase(name, other) or fnmatch.fnmatchcase(other, name) for other in served)
    )
    if not unknown:
        return None
    return (
        f"models has {', '.join(unknown)}, which LiteLLM does not serve: it serves {', '.join(served) or 'no model'}."
    )


def _ids(kind: Kind, objects: t.Iterable[Object]) -> str:
    return ", ".join(sorted(each[kind.id] for each in objects))


def _not_kept(goal: Goal, plan: Plan) -> str:
    who = f"{goal.kind.noun} '{goal.alias}'"
    if plan.action == "create":
        return f"LiteLLM answered that {who} was created, but does not list it: look into its log."
    if plan.action == "delete":
        return f"LiteLLM answered that {who} was deleted, but still lists it: look into its log."
    fields = ", ".join(f"{name} (wanted {plan.after[name]!r}, kept {plan.before[name]!r})" for name in plan.after)
    return (
        f"LiteLLM accepted {who} but did not keep {fields}:"
        " this version does not support that, or only with an enterprise licence."
    )
