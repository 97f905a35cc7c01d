# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""From what is there and what is wanted to a plan, which knows nothing of HTTP; then the plan's way into LiteLLM."""

from __future__ import annotations

import itertools
import time
import typing as t
import uuid
from dataclasses import dataclass, field, replace

from ansible_collections.inference.gateway.plugins.module_utils._client import FORBIDDEN, ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds._secrets import told
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    BY_NULL,
    FINGERPRINTS_MARK,
    Field,
    Kind,
    Object,
    Request,
    alike,
    without_nulls,
)
from ansible_collections.inference.gateway.plugins.module_utils._model_names import (
    MODEL_LISTS,
    SPECIAL_MODELS,
    not_served,
)

# Seconds. The replicas of LiteLLM that keep objects in memory read them anew every half minute.
REFRESH = 45.0
REFRESH_PAUSE = 1.0
# How LiteLLM refuses to create what is there.
THERE_ALREADY = (400, 409)
# How often a list is read that changes while it is read, before that is an error.
READINGS = 5


@dataclass(frozen=True)
class Goal:
    """What one object is to be."""

    kind: Kind
    alias: str
    # Those that were given; None: the object is not to be. They may hold secrets.
    options: Object | None = field(repr=False)
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
            shown = self._foretold()
        return {
            "changed": self.changed,
            "diff": {"before": dict(self.before), "after": dict(self.after)},
            self.kind.noun: shown,
        }

    def _foretold(self) -> dict[str, t.Any]:
        shown = self.kind.view(self.there or {})
        for each in (each for each in self.kind.fields if each.name in self.after):
            after = self.after[each.name]
            shown[each.name] = without_nulls({**shown[each.name], **after}) if each.partial else after
        return shown

    @property
    def needs(self) -> dict[str, str]:
        """The changes that not every LiteLLM can make, and the first release that can."""
        needs: dict[str, str | None] = {}
        for each in (each for each in self.kind.fields if each.name in self.after):
            before = self.before[each.name] if self.action == "update" else ...
            needs |= each.needs(f"{each.name} of {self.goal}", before, self.after[each.name])
        return {what: since for what, since in needs.items() if since}

    def refuse_impossible(self) -> None:
        """Fail when LiteLLM has no way from what is there to what is wanted."""
        lacks = None
        if self.action == "create":
            lacks = self.kind.lacks({self.kind.id: self.goal.identity, **self.goal.options})
        if lacks:
            raise ApiError(f"There is no {self.goal}, and it cannot be created: {lacks}.")
        locked = self.kind.locked(self.there) if self.action in ("update", "delete") else None
        if locked:
            raise ApiError(f"The {self.goal} cannot be changed or deleted: {locked}.")
        if self.action != "update":
            return
        for each in (each for each in self.kind.fields if each.name in self.after):
            fixed = each.fixed(self.there) if callable(each.fixed) else each.fixed
            if fixed:
                was, to_be = told(self.before[each.name]), told(self.after[each.name])
                raise ApiError(f"{each.name} of {self.goal} is {was} and cannot become {to_be}: {fixed}.")
            if each.stays and self.after[each.name] == each.empty:
                raise ApiError(f"{each.name} of {self.goal} cannot be cleared: {each.stays}.")
            for entry, value in self.after[each.name].items() if each.partial and each.stays else ():
                if value is None and entry not in each.removable:
                    raise ApiError(f"{each.name}.{entry} of {self.goal} cannot be removed: {each.stays}.")


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
        if goal.identity is None and kind.create.id and kind.id != kind.alias:
            # Chosen here, so that what refers to it can be planned, and a request that comes twice makes one object.
            goal = replace(goal, identity=str(uuid.uuid4()))
        asked = [each for each in kind.fields if each.name in goal.options]
        return Plan(goal, "create", after={each.name: each.in_words(goal.options[each.name], {}) for each in asked})
    before, after = {}, {}
    for each in kind.fields:
        if each.name in goal.options:
            found, wanted = each.read(there), each.in_words(goal.options[each.name], there)
            if each.partial:
                entries = [name for name in wanted if not alike(found.get(name), wanted[name])]
                found, wanted = ({name: side.get(name) for name in entries} for side in (found, wanted))
            elif each.trace and found == each.empty:
                found = there.get(each.trace)
            elif each.name == kind.metadata:
                found = {name: found[name] for name in found if name in wanted or name not in kind.reserved}
            if not each.same(found, wanted):
                before[each.name], after[each.name] = found, wanted
    return Plan(goal, "update" if after else "none", there, before, after)


def writes(plan: Plan) -> list[Request]:
    """The requests that carry a plan out."""
    kind, goal = plan.kind, plan.goal
    if plan.action == "none":
        return []
    if plan.action == "delete":
        return [call.request(plan.there[kind.id], {**goal.parent, **kind.instead(plan.there)}) for call in kind.delete]
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
    kind, there = plan.kind, plan.there or {}
    changing = [each for each in kind.fields if each.name in plan.after]
    wanted = {each.name: _part(each, plan) for each in changing}
    inside = {name: each for each in changing if (name := each.name_in(kind.metadata))}
    cleared = {name for name, each in inside.items() if plan.after[each.name] == each.empty}
    body = {}
    for each in changing:
        # What LiteLLM keeps in metadata is cleared there: by its own name, null is an error and other emptiness kept.
        if not each.unsent and (each.mark or each.name_in(kind.metadata) not in cleared):
            new = plan.there is None or each.name == kind.metadata
            body[each.name] = wanted[each.name] if new else each.sent(wanted[each.name], plan.before[each.name])
    marks = {name: wanted[each.name] for name, each in inside.items() if each.mark}
    for each in changing:
        if each.secrets:
            marks[FINGERPRINTS_MARK] = each.fingerprints(wanted[each.name], there)
    if inside or marks or kind.metadata in body or any(each.drops_metadata for each in changing):
        [metadata] = (each for each in kind.fields if each.name == kind.metadata)
        # LiteLLM replaces metadata as a whole, with all that it keeps there itself, except where it adds to it.
        live = {} if metadata.partial else there.get(kind.metadata) or {}
        kept = {name: live[name] for name in live if name in kind.reserved or kind.metadata not in body}
        whole = kept | body.get(kind.metadata, {}) | marks
        cleared |= {name for name in marks if marks[name] is None}
        left = {name: value for name, value in whole.items() if name not in cleared}
        body[kind.metadata] = left if plan.there is None else metadata.sent(left, live)
    for each in changing:
        gone = sorted(plan.before[each.name].keys() - wanted[each.name].keys()) if each.removal and plan.there else []
        if each.removal == BY_NULL:
            body[each.name] = {**body[each.name], **dict.fromkeys(gone)}
        elif gone:
            body[each.removal] = gone
    return body


def _part(each: Field, plan: Plan) -> t.Any:
    """What is wanted of a field that changes, from the goal: the plan has words for what is secret."""
    value = plan.goal.options[each.name]
    return {name: value[name] for name in plan.after[each.name]} if each.partial else value


class Rows:
    """All objects of one kind as they were read at once, to be found by identity and by alias."""

    def __init__(self, kind: Kind, objects: t.Iterable[Object]) -> None:
        self.by_id = {kind.identity(each): each for each in objects}
        # By the field that names them, which is not the same for all goals; and there by what they belong to and alias.
        self._by_alias: dict[str, dict[tuple[str | None, str | None], list[Object]]] = {}
        self._beside: dict[str, list[Object]] = {}
        for each in self:
            alias = kind.beside(each)
            if alias is not None:
                self._beside.setdefault(alias, []).append(each)

    def __iter__(self) -> t.Iterator[Object]:
        return iter(self.by_id.values())

    def named(self, goal: Goal) -> list[Object]:
        """Those with the goal's alias that belong to the same object as it."""
        kind = goal.kind
        if kind.alias not in self._by_alias:
            named = self._by_alias[kind.alias] = {}
            for each in self:
                within = each[kind.within] if kind.within else None
                named.setdefault((within, each.get(kind.alias)), []).append(each)
        return self._by_alias[kind.alias].get((goal.within, goal.alias), [])

    def beside(self, alias: str) -> list[Object]:
        return self._beside.get(alias, [])


class Live:
    """All objects of each kind, each kind read when it is asked for first, once whatever is answered."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._rows: dict[str, Rows | ApiError] = {}

    def __call__(self, kind: Kind) -> Rows:
        if kind.noun not in self._rows:
            try:
                self._rows[kind.noun] = Rows(kind, listed(self._client, kind))
            except ApiError as error:
                self._rows[kind.noun] = error
        rows = self._rows[kind.noun]
        if isinstance(rows, ApiError):
            raise rows
        return rows


def readable(rows: t.Callable[[Kind], Rows], kind: Kind) -> Rows | None:
    """All objects of a kind. None where they may not be read, as organizations without a licence."""
    try:
        return rows(kind)
    except ApiError as error:
        if error.status == FORBIDDEN:
            return None
        raise


def find(client: Client, goal: Goal) -> Object | None:
    """The one object in LiteLLM that is meant."""
    named = listed(client, goal.kind, **goal.parent, **{goal.kind.alias: goal.alias})
    return meant(goal, named, lambda identity: find_by_id(client, goal.kind, identity))


def meant(goal: Goal, named: t.Sequence[Object], by_id: t.Callable[[str], Object | None]) -> Object | None:
    """The one object that is meant, of those with the goal's alias, and of any that can be had by its identity.

    One that is meant by its identity may have another alias: it is to be renamed. Two objects with one alias are an
    error, unless one of them is to be deleted, by its identity, or LiteLLM has them so on purpose. One that cannot be
    changed is only meant to be when there is no other.
    """
    kind = goal.kind
    fitting = [each for each in named if goal.identity in (None, each[kind.id])]
    if goal.options is not None:
        fitting = [each for each in fitting if not kind.locked(each)] or fitting
    if len(fitting) > 1:
        raise ApiError(
            f"{len(fitting)} {kind.noun}s have the alias '{goal.alias}': {_ids(kind, fitting)}."
            f" Give {kind.id} to say which one is meant, or delete the others."
        )
    if goal.identity is None or goal.options is None:
        return fitting[0] if fitting else None
    others = [each for each in named if each not in fitting]
    if others and not kind.shared:
        raise ApiError(
            f"The alias '{goal.alias}' is to be that of {kind.noun} {goal.identity}, but belongs to"
            f" {_ids(kind, others)}: rename or delete that one first."
        )
    return fitting[0] if fitting else by_id(goal.identity)


def find_by_id(client: Client, kind: Kind, identity: str) -> Object | None:
    return next(iter(listed(client, kind, **{kind.id: identity})), None)


def listed(client: Client, kind: Kind, **asked: t.Any) -> list[Object]:
    """The objects whose fields are exactly what is asked for."""
    rows = filtered(client, kind, **asked)
    if kind.listing.detail:
        entries = _matching(rows, {name: asked[name] for name in asked if name in kind.listing.filters})
        rows = itertools.chain.from_iterable(client.each(lambda entry: _detailed(client, kind, entry), entries))
    return _matching(rows, asked)


def filtered(client: Client, kind: Kind, **asked: t.Any) -> t.Iterable[Object]:
    """What LiteLLM's filters find, where it has them: they look for parts of names, or ignore the case of letters.

    It is without what a listing leaves out.
    """
    listing = kind.listing
    alone = _alone(client, kind, asked[kind.id]) if listing.one and kind.id in asked else None
    # A backslash means something else to a filter that looks for parts: what has one is looked for among all, and so is
    # what has no name.
    narrowed = {
        listing.filters[name]: value
        for name, value in asked.items()
        if name in listing.filters and isinstance(value, str) and "\\" not in value
    }
    query = {**listing.query, **narrowed}
    if alone:
        found = [alone]
    elif listing.size:
        found = _complete(client, kind, query)
    else:
        found = client.entries(listing.path, listing.items, **query)
    return understood(client, kind, found)


def understood(client: Client, kind: Kind, entries: t.Iterable[Object]) -> list[Object]:
    """The objects that the entries of a listing tell of."""
    with client.reading(kind.listing.path):
        rows = [kind.read(entry) for entry in entries]
        # What is a part of another object is only told with the detail of that.
        for row in rows if not kind.within else ():
            hash((kind.identity(row), row[kind.alias]))
    _check_shapes(client, kind, rows, kind.listing.path)
    return rows


def _check_shapes(client: Client, kind: Kind, rows: t.Iterable[Object], path: str) -> None:
    for row in rows:
        wrong = kind.misshapen(row)
        if wrong:
            name, value = wrong
            raise ApiError(
                f"GET {client.base}{path} did not answer as LiteLLM does: {name} of {kind.noun}"
                f" '{row.get(kind.alias)}' is a {type(value).__name__}. Put that right in LiteLLM first."
            )


def _alone(client: Client, kind: Kind, identity: str) -> Object | None:
    """The object, read without the list. None is no proof that it does not exist: anything can answer with a 404."""
    path, parameter = kind.listing.one
    try:
        found = client.get(path, **{parameter: identity})
    except ApiError as error:
        if error.status != 404:
            raise
        return None
    return found if isinstance(found, dict) and found.get(kind.id) == identity else None


def _detailed(client: Client, kind: Kind, entry: Object) -> list[Object]:
    detail = kind.listing.detail
    with client.reading(kind.listing.path):
        if not detail.needed(entry):
            return [entry]
        identity = entry[detail.id]
    answer = client.get(detail.path, **{detail.id: identity}, **detail.query)
    where = f"{detail.path}?{detail.id}={identity}"
    with client.reading(where):
        rows = [kind.read(each) for each in detail.read(answer, entry)]
    _check_shapes(client, kind, rows, where)
    return rows


def _matching(rows: t.Iterable[Object], asked: Object) -> list[Object]:
    return [row for row in rows if all(row.get(name) == asked[name] for name in asked)]


def _complete(client: Client, kind: Kind, query: Object) -> list[dict[str, t.Any]]:
    """Every entry of a list that is read by page, none twice.

    One that comes or goes between two pages shifts the others: one is then read twice, or missed, and what is missed
    would be created a second time. What stands twice in a configuration file is listed twice under one identity.
    """
    listing = kind.listing
    for _reading in range(READINGS):
        found, totals = client.counted_pages(listing.path, listing.items, listing.size, **query)
        with client.reading(listing.path):
            rows = [kind.read(entry) for entry in found]
            names = [entry[listing.detail.id] for entry in found] if listing.detail else [*map(kind.identity, rows)]
            entries = dict(zip(names, found, strict=True))
            own = [name for name, row in zip(names, rows, strict=True) if not kind.locked(row)]
        if totals == {None} or (totals == {len(found)} and len(own) == len(set(own))):
            return list(entries.values())
    raise ApiError(
        f"GET {client.base}{listing.path} had other {kind.noun}s on every of {READINGS} readings: run this again when"
        " fewer are created and deleted at the same time."
    )


def views(client: Client, kind: Kind, asked: Object) -> list[dict[str, t.Any]]:
    """The objects whose fields are exactly what is asked for, where something is; sorted by what tells them apart."""
    found = listed(client, kind, **{name: value for name, value in asked.items() if value})
    order = [name for name in (kind.alias, kind.id, kind.within) if name]
    return [kind.view(each) for each in sorted(found, key=lambda each: [str(each[name] or "") for name in order])]


def apply(client: Client, plan: Plan) -> Object | None:
    """Carry the plan out, read the object back and return it.

    The second round is for an answer that was lost on its way (the read tells what has happened), and for what the
    server's own defaults put into a new object. What differs after that, LiteLLM does not keep. Nothing is written that
    it is too old for.
    """
    old = client.too_old(plan.needs)
    if old:
        raise ApiError(old)
    trouble: ApiError | None = None
    for _round in range(2):
        try:
            for request in writes(plan):
                client.send(*request)
        except ApiError as error:
            gone_already = plan.action == "delete" and error.status in plan.kind.gone
            # The second of two requests to create something is refused, but so is what LiteLLM keeps and cannot use.
            repeated = plan.action == "create" and (trouble or error.status in THERE_ALREADY)
            passing = error.unfinished or gone_already or (repeated and _is_there(client, plan.goal))
            # What an earlier try has begun may yet be done, whatever is answered to this one.
            error.unfinished = error.unfinished or bool(trouble and trouble.unfinished)
            if not passing:
                raise
            trouble = error
        plan = _left(client, plan.goal)
        if not plan.changed:
            return plan.there
    raise trouble or ApiError(not_kept(plan))


def _is_there(client: Client, goal: Goal) -> bool:
    try:
        return find(client, goal) is not None
    except ApiError:
        return False


def _left(client: Client, goal: Goal) -> Plan:
    """What is left to be done, once another replica that answers may know of what was done."""
    for _reading in readings(goal.kind):
        plan = make_plan(goal, find(client, goal))
        if not plan.changed:
            break
    return plan


def readings(kind: Kind) -> t.Iterator[None]:
    """As often as it is worth while to read what was written: where there is a memory, replicas learn of it late."""
    deadline = time.monotonic() + (REFRESH if kind.cached else 0)
    yield
    while time.monotonic() < deadline:
        time.sleep(REFRESH_PAUSE)
        yield


def lacking(client: Client, plan: Plan) -> str | None:
    """The sentence about what the plan needs and this LiteLLM has not: it would drop it silently, or store it."""
    if not plan.changed:
        return None
    return client.too_old(plan.needs) or _unknown_models(client, plan)


def _unknown_models(client: Client, plan: Plan) -> str | None:
    """The sentence about models that the plan brings in and LiteLLM does not serve."""
    new = new_models(plan)
    served = served_models(client) if any(new.values()) else []
    for name in new:
        unknown = not_served(new[name], served)
        if unknown:
            known = ", ".join(served) or "no model"
            return f"{name} has {', '.join(unknown)}, which LiteLLM does not serve: it serves {known}."
    return None


def unknown(client: Client, plan: Plan, *kinds: Kind) -> str | None:
    """The sentence about an object of these kinds that the plan refers to, and that does not exist.

    LiteLLM would not notice, or answer with an error of its database.
    """
    for kind in kinds:
        identity = plan.after.get(kind.id) if plan.action != "delete" else None
        if identity and not _exists(client, kind, identity):
            return f"There is no {kind.noun} '{identity}': create it first."
    return None


def _exists(client: Client, kind: Kind, identity: str) -> bool:
    """Whether it exists, as far as that may be read."""
    try:
        return find_by_id(client, kind, identity) is not None
    except ApiError as error:
        if error.status == FORBIDDEN:
            return True
        raise


def new_models(plan: Plan) -> dict[str, set[str]]:
    """The models that the plan brings in, by the field that names them."""
    return {
        name: set(plan.after.get(name, ())) - set(plan.before.get(name, ())) - SPECIAL_MODELS for name in MODEL_LISTS
    }


def new_credential(plan: Plan) -> str | None:
    """The credential that the plan lets a model authenticate with: LiteLLM would not say that there is none."""
    return plan.after.get("litellm_params", {}).get("litellm_credential_name")


def served_models(client: Client) -> list[str]:
    """The names of the models, their access groups and patterns such as openai/*, sorted."""
    everything = {"include_model_access_groups": "true", "return_wildcard_routes": "true", "scope": "expand"}
    models = client.entries("/v1/models", "data", **everything)
    with client.reading("/v1/models"):
        return sorted({model["id"] for model in models})


def not_kept(plan: Plan) -> str:
    """The sentence about what still differs after it was written."""
    if plan.action == "create":
        return f"LiteLLM answered that {plan.goal} was created, but does not list it: look into its log."
    if plan.action == "delete":
        return f"LiteLLM answered that {plan.goal} was deleted, but still lists it: look into its log."
    fields = ", ".join(
        f"{name} (wanted {told(plan.after[name])}, kept {told(plan.before[name])})" for name in plan.after
    )
    return (
        f"LiteLLM accepted {plan.goal} but did not keep {fields}:"
        " this version does not support that, or only with an enterprise licence."
    )


def _ids(kind: Kind, objects: t.Iterable[Object]) -> str:
    return ", ".join(sorted(each[kind.id] or each[kind.alias] for each in objects))
