# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""From a declaration and what is there to a complete plan. Nothing is written here."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError
from ansible_collections.inference.gateway.plugins.module_utils._declaration import Entry, Problem
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    OWNER,
    Field,
    Identity,
    Kind,
    Object,
)
from ansible_collections.inference.gateway.plugins.module_utils._kinds.all import SECTIONS, Hold, Section
from ansible_collections.inference.gateway.plugins.module_utils._kinds.credential import CREDENTIAL
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._kinds.model import MODEL
from ansible_collections.inference.gateway.plugins.module_utils._model_names import not_served
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    Goal,
    Plan,
    Rows,
    make_plan,
    meant,
    new_credential,
    new_models,
    readable,
)
from ansible_collections.inference.gateway.plugins.module_utils._rotation import heir
from ansible_collections.inference.gateway.plugins.module_utils._secret import (
    DELIVERED,
    NOT_DELIVERED,
    Delivery,
    KeySecret,
    refuse_foreign,
)


@dataclass
class Step:
    """What is to be done about one object."""

    section: Section
    plan: Plan
    entry: Entry | None = None  # None: it is not declared
    delivery: Delivery | None = None  # of the value of a key that is to be there
    replaces: Object | None = None  # the key of the same alias that goes, for its value is lost or another is given
    empties: KeySecret | None = None  # what a key that is not to be there is taken out of
    forced: bool = False  # whether what LiteLLM deletes with it may go, though that is not declared

    @property
    def kind(self) -> Kind:
        return self.plan.kind

    @property
    def alias(self) -> str:
        return self.plan.goal.alias

    @property
    def identity(self) -> Identity | None:
        """None when LiteLLM is to make one up."""
        kind, goal = self.kind, self.plan.goal
        if self.plan.there:
            return kind.identity(self.plan.there)
        return kind.identity({kind.id: goal.alias, **goal.parent}) if kind.alias == kind.id else goal.identity

    @property
    def identities(self) -> set[Identity | None]:
        """That of the object, and that of the one whose place it takes."""
        return {self.identity} | ({self.kind.identity(self.replaces)} if self.replaces else set())

    @property
    def action(self) -> str:
        if self.plan.changed:
            return self.plan.action
        if self.empties:
            return "delete"
        return "update" if self.delivery and self.delivery.secret else "none"

    def problem(self, error: object) -> Problem:
        if self.entry:
            return self.entry.problem(error)
        return Problem(self.kind.noun, self.alias, f"{self.kind.noun} '{self.alias}': {str(error).rstrip('.')}")

    def references(self) -> dict[str, str]:
        """The identity of each object that this one will need, by the noun of its kind."""
        goal = self.plan.goal
        return self._named_in((goal.options or {}) | goal.parent)

    def held(self) -> dict[str, str]:
        """The identity of each object that the one that is there needs, by the noun of its kind."""
        return self._named_in(self.plan.there or self.replaces or {})

    def _named_in(self, options: Object) -> dict[str, str]:
        found = {each.kind.noun: options.get(each.name) for each in self.section.references}
        return {noun: identity for noun, identity in found.items() if identity}


class Planner:
    """Plans one section after the other, so that what refers to something finds it planned.

    What cannot be is collected in `problems`, and in `doubts` what may come about before this is carried out.
    """

    def __init__(
        self,
        rows: t.Callable[[Kind], Rows],
        secret_of: t.Callable[[Entry], KeySecret | None],
        owner: str | None = None,
        take_over_from: t.Collection[str] = (),
    ) -> None:
        self._rows, self._secret_of = rows, secret_of
        self._owner, self._owners = owner, {None, owner, *take_over_from}
        self.steps: list[Step] = []
        self.problems: list[Problem] = []
        self.doubts: list[Problem] = []
        self._identities: dict[tuple[str, str], str | None] = {}  # by noun and alias, of what is to be there
        self._aliases: dict[tuple[str, Identity | None], str] = {}  # and the other way round
        self._claimed: dict[tuple[str, Identity], Entry] = {}  # by noun and identity, of what is there

    def declared(self, section: Section, entries: t.Collection[Entry]) -> None:
        """Plan what is declared in a section."""
        # Whatever cannot be read is no matter of a single entry.
        named = {name for entry in entries for name in entry.given}
        self._rows(section.kind)
        for name, target in section.references:
            if target.alias in named:
                self._rows(target)
            elif name in named:
                readable(self._rows, target)
        for entry in entries:
            identity = None
            try:
                step = self._step(entry)
            except ApiError as error:
                self.problems.append(entry.problem(error))
            else:
                self._check(step)
                identity = step.identity
            if entry.params["state"] == "present" and not entry.kind.within:
                self._identities[entry.kind.noun, entry.alias] = identity
                self._aliases[entry.kind.noun, identity] = entry.alias
            else:
                self._delete_beside(entry)

    def prune(self, section: Section) -> None:
        """Plan to delete what belongs to this declaration and is not in it any more."""
        kind = section.kind
        mine = [row for row in self._rows(kind) if owner_of(kind, row) == self._owner and not kind.locked(row)]
        for row in sorted(mine, key=lambda row: row.get(kind.alias) or ""):
            claimed = (kind.noun, kind.identity(row)) in self._claimed
            # What stands beside something goes on as long as that does.
            if not claimed and (kind.noun, kind.beside(row)) not in self._identities:
                self._check(_deletion(section, row))

    def finish(self, served: t.Callable[[], t.Collection[str]], too_old: t.Callable[[Object], str | None]) -> None:
        """Look at what can only be seen when everything is planned.

        `served` tells the models that LiteLLM serves, `too_old` what it cannot do yet of what is needed.
        """
        for section in SECTIONS:
            for hold in section.holds:
                self._keep_what_is_held(section, hold)
            self._refuse_what_others_have(section)
        self._refuse_unknown_models(served)
        self._refuse_unknown_credentials()
        for step in self.steps:
            old = too_old(step.plan.needs)
            if old:
                self.doubts.append(step.problem(old))

    def shown(self, step: Step) -> dict[str, t.Any]:
        """A step in words for users."""
        plan = make_plan(step.plan.goal, step.replaces) if step.plan.action == "create" else step.plan
        before, after = dict(plan.before), dict(plan.after)
        if step.delivery and step.delivery.secret:
            before["secret"], after["secret"] = step.delivery.before, DELIVERED
        if step.empties:
            before["secret"], after["secret"] = DELIVERED, NOT_DELIVERED
        goal, parent = step.plan.goal, step.section.parent
        team = f" in {self._alias(parent.kind, goal.within) or goal.within}" if parent else ""
        return {
            "kind": step.kind.noun,
            "name": f"{step.alias}{team}",
            "action": step.action,
            "before": by_alias(step.section, before, self._alias),
            "after": by_alias(step.section, after, self._alias),
        }

    def _step(self, entry: Entry) -> Step:
        kind, rows, params = entry.kind, self._rows(entry.kind), entry.params
        options = self._options(entry) if params["state"] == "present" else None
        named = not kind.within and kind.id != kind.alias
        goal = Goal(kind, entry.alias, options, (named and params.get(kind.id)) or None, self._within(entry))
        live = meant(goal, rows.named(goal), rows.by_id.get)
        if live:
            self._claim(entry, kind.identity(live))
        elif kind.within:
            # Two entries may name one team in two ways, by its alias and by its identity.
            self._claim(entry, (goal.within, goal.alias))
        secret = self._secret_of(entry)
        own = {kind.identity(each) for each in (live, *rows.beside(goal.alias)) if each}

        def foreign(identity: str) -> Object | None:
            return None if identity in own else rows.by_id.get(identity)

        if options is None:
            refuse_foreign(foreign, goal.alias, None, secret)
            empties = secret if secret and secret.present else None
            forced = bool(params.get("force"))
            return Step(entry.section, make_plan(goal, live), entry, empties=empties, forced=forced)
        if kind is KEY:
            # One that is to take the place of the key, and was left without the alias when a run was interrupted.
            successor = heir(rows.beside(goal.alias), params["key"] or (secret and secret.value))
            if successor:
                goal = replace(goal, options={**goal.options, "succeeds": None})
            there = successor or live
            delivery = Delivery.of(goal.alias, there, params, secret, foreign)
            plan = make_plan(delivery.goal(goal, there), None if delivery.new else there)
            return Step(entry.section, plan, entry, delivery, replaces=live if delivery.new or successor else None)
        return Step(entry.section, make_plan(goal, live), entry, forced=bool(params.get("force")))

    def _within(self, entry: Entry) -> str | None:
        """The identity of what the object belongs to."""
        parent = entry.section.parent
        return self._reference(entry, parent.kind, entry.params.get(parent.name)) if parent else None

    def _options(self, entry: Entry) -> dict[str, t.Any]:
        """What is asked for, with identities where aliases may have been given, and with the owner."""
        options = entry.kind.wanted(entry.params, entry.given)
        for name, target in entry.section.references:
            if name != entry.kind.within and {name, target.alias} & entry.given:
                options[name] = self._reference(entry, target, entry.params.get(name))
        if self._owner and _owner_field(entry.kind):
            options[OWNER.name] = self._owner
        return options

    def _reference(self, entry: Entry, target: Kind, identity: str | None) -> str | None:
        """The identity of the object that an entry names by its alias or its identity."""
        alias = entry.params.get(target.alias)
        if identity:
            known = readable(self._rows, target)
            if known and identity not in known.by_id and (target.noun, identity) not in self._aliases:
                self._doubt(entry, f"there is no {target.noun} with the {target.id} '{identity}'")
            return identity
        if not alias:
            return None
        if (target.noun, alias) in self._identities:
            return self._identities[target.noun, alias]
        goal = Goal(target, alias, {})
        found = meant(goal, self._rows(target).named(goal), {}.get)
        if found:
            return target.identity(found)
        self._doubt(entry, f"there is no {target.noun} '{alias}', neither declared nor in LiteLLM")
        return f"(of the new {target.noun} {alias})"

    def _doubt(self, entry: Entry, sentence: str) -> None:
        # What is not to be there is not there, where that which it belongs to is not.
        if entry.params["state"] == "present":
            self.doubts.append(entry.problem(sentence))

    def _claim(self, entry: Entry, identity: Identity) -> None:
        other = self._claimed.setdefault((entry.kind.noun, identity), entry)
        if other is not entry:
            raise ApiError(f"means the same {entry.kind.noun} as {other}: leave one of them out.")

    def _delete_beside(self, entry: Entry) -> None:
        """Plan to delete what stands beside an object that is not to be: it would go on to work in its place."""
        for row in self._rows(entry.kind).beside(entry.alias):
            self._claimed[entry.kind.noun, entry.kind.identity(row)] = entry
            self._check(_deletion(entry.section, row))

    def _check(self, step: Step) -> None:
        """Take a step into the plan, unless it cannot be taken, or the object belongs to another declaration."""
        there = step.plan.there or step.replaces
        owner = owner_of(step.kind, there) if there else None
        try:
            step.plan.refuse_impossible()
            if step.action != "none" and owner not in self._owners:
                raise ApiError(
                    f"belongs to the declaration '{owner}': change it there, or name that one in take_over_from."
                )
        except ApiError as error:
            self.problems.append(step.problem(error))
        else:
            self.steps.append(step)

    def _keep_what_is_held(self, section: Section, hold: Hold) -> None:
        """See that nothing is deleted that an object of this section goes on to need."""
        deletions = [step for step in self.steps if step.kind.noun == hold.noun and step.plan.action == "delete"]
        going = {step.identity: step for step in deletions}
        if not going:
            return
        kind = section.kind
        planned = [step for step in self.steps if step.section is section]
        holders: dict[Identity, list[Step]] = {identity: [] for identity in going}
        for step in planned:
            goal = step.plan.goal
            if goal.options is not None:
                after = hold.read({**(step.plan.there or {}), **goal.options, **goal.parent})
                holders.get(after, []).append(step)
        if not hold.harmless:
            known = set().union(*(step.identities for step in planned))
            for row in self._rows(kind):
                if kind.identity(row) not in known:
                    holders.get(hold.read(row), []).append(_deletion(section, row))
        for identity, steps in holders.items():
            if steps:
                self._drop_or_refuse(going[identity], steps, hold)

    def _drop_or_refuse(self, going: Step, holders: list[Step], hold: Hold) -> None:
        """What is not declared may fall with what it needs, if that is asked for."""
        declared = [step for step in holders if step.entry]
        if declared or not going.forced:
            names = ", ".join(f"'{step.alias}'" for step in (declared or holders)[:3])
            remedy = "delete them as well"
            if "force" in going.section.besides and not declared:
                remedy += ", or set force to true"
            nouns = f"{holders[0].kind.noun}s refer to it ({len(holders)}, as {names})"
            self.problems.append(going.problem(f"is to be deleted, but {nouns}: {remedy}"))
        elif hold.falls_with:
            for step in holders:
                self._check(replace(step, forced=True))

    def _refuse_what_others_have(self, section: Section) -> None:
        """See that what only one object may have is not given to one while another has it."""
        kind = section.kind
        steps = [step for step in self.steps if step.section is section]
        changing = {step.identity: step for step in steps if step.action != "none"}
        for each in kind.fields:
            new = [step for step in steps if each.unique and step.plan.after.get(each.name)]
            if new:
                staying = [row for row in self._rows(kind) if not _changes(changing.get(kind.identity(row)), each)]
                taken = {(each.read(row) or "").lower(): row[kind.alias] for row in staying}
                for step in new:
                    value = step.plan.after[each.name]
                    if value.lower() in taken:
                        other = f"{kind.noun} '{taken[value.lower()]}'"
                        self.problems.append(step.problem(f"{each.name} is {value}, which is that of {other} already"))

    def _refuse_unknown_models(self, served: t.Callable[[], t.Collection[str]]) -> None:
        new = [(step, name, models) for step in self.steps for name, models in new_models(step.plan).items()]
        new += [(step, "default_model", {step.plan.after["default_model"]}) for step in self.steps if _default(step)]
        names = set().union(*(models for _step, _name, models in new))
        if not names:
            return
        declared = {name for step in self.steps if step.kind is MODEL for name in _served_by(step)}
        unknown = set(not_served(names - declared, declared | set(served())))
        for step, name, models in new:
            if models & unknown:
                names = ", ".join(sorted(models & unknown))
                self.doubts.append(step.problem(f"{name} has {names}, which LiteLLM does not serve"))

    def _refuse_unknown_credentials(self) -> None:
        for step in self.steps:
            name = new_credential(step.plan)
            if name and (CREDENTIAL.noun, name) not in self._identities and name not in self._rows(CREDENTIAL).by_id:
                self.doubts.append(step.problem(f"there is no credential '{name}', neither declared nor in LiteLLM"))

    def _alias(self, kind: Kind, identity: str) -> str | None:
        if kind.alias == kind.id:
            return identity
        return self._aliases.get((kind.noun, identity)) or alias_of(kind, readable(self._rows, kind), identity)


def alias_of(kind: Kind, rows: Rows | None, identity: Identity) -> str | None:
    """The alias of an object, if it can be read and tells which object is meant."""
    there = rows and rows.by_id.get(identity)
    alias = there and there.get(kind.alias)
    if not alias:
        return None
    goal = Goal(kind, alias, None, within=there[kind.within] if kind.within else None)
    return alias if kind.shared or len(rows.named(goal)) == 1 else None


def by_alias(section: Section, options: Object, alias: t.Callable[[Kind, str], str | None]) -> dict[str, t.Any]:
    """The same options, where other objects are named by their aliases as far as these tell which one is meant."""
    named = dict(options)
    for name, target in section.references:
        identity = named.get(name)
        if identity and alias(target, identity):
            named[target.alias] = alias(target, named.pop(name))
    return named


def _changes(step: Step | None, each: Field) -> bool:
    return step is not None and (step.action == "delete" or each.name in step.plan.after)


def _default(step: Step) -> str | None:
    """The model that a customer is to use unless another is asked for."""
    return step.plan.after.get("default_model") if step.action != "delete" else None


def _served_by(step: Step) -> set[str]:
    """What requests can ask for once a model is there: its name, and the groups that it belongs to."""
    options = step.plan.goal.options
    if options is None:
        return set()
    return {step.alias, *((options.get("model_info") or {}).get("access_groups") or ())}


def _deletion(section: Section, row: Object) -> Step:
    kind = section.kind
    alias = row.get(kind.alias) or "(without an alias)"
    goal = Goal(kind, alias, None, row[kind.id], row[kind.within] if kind.within else None)
    return Step(section, make_plan(goal, row))


def _owner_field(kind: Kind) -> Field | None:
    return next((each for each in kind.fields if each.name == OWNER.name), None)


def owner_of(kind: Kind, row: Object) -> str | None:
    field_of_owner = _owner_field(kind)
    return field_of_owner.read(row) if field_of_owner else None
