# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""All kinds of objects that a declaration may have, each after those that it refers to."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from functools import cached_property

from ansible_collections.inference.gateway.plugins.module_utils._key_value import DELIVERY
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    FORCE,
    STATE,
    Identity,
    Kind,
    Object,
)
from ansible_collections.inference.gateway.plugins.module_utils._kinds.budget import BUDGET
from ansible_collections.inference.gateway.plugins.module_utils._kinds.credential import CREDENTIAL
from ansible_collections.inference.gateway.plugins.module_utils._kinds.customer import CUSTOMER, LIMITS
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._kinds.member import MEMBER, MEMBER_BY_EMAIL
from ansible_collections.inference.gateway.plugins.module_utils._kinds.model import MODEL
from ansible_collections.inference.gateway.plugins.module_utils._kinds.organization import ORGANIZATION
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM
from ansible_collections.inference.gateway.plugins.module_utils._kinds.user import USER


class Reference(t.NamedTuple):
    """What an object says of one of another kind, whose alias a declaration may give instead."""

    name: str
    kind: Kind


class Hold(t.NamedTuple):
    """What is lost when an object of another kind is deleted."""

    noun: str
    by: tuple[str, ...]  # what has the parts of its identity
    falls_with: bool = False  # whether LiteLLM deletes what holds it as well
    harmless: bool = False  # whether that matters only of what is declared
    otherwise: str | None = None  # what has the identity where `by` has none

    def read(self, holder: Object) -> Identity | None:
        identity = tuple(holder.get(name) for name in self.by)
        return identity if len(identity) > 1 else identity[0] or holder.get(self.otherwise)


@dataclass(frozen=True)
class Section:
    """The part of a declaration that lists the objects of one kind."""

    name: str  # of the option of litellm_sync
    kind: Kind
    besides: t.Mapping[str, t.Mapping[str, t.Any]] = field(default_factory=dict)  # options that are no fields
    otherwise: Kind | None = None  # the same kind, where another field names the object
    excluding: tuple[tuple[str, str], ...] = ()  # options of which only the one or the other can be given
    holding: tuple[Hold, ...] = ()  # besides the references, or with more to be said than these do
    on_demand: bool = False  # whether it is only exported when it is asked for

    def kind_of(self, params: Object) -> Kind:
        return self.otherwise if self.otherwise and not params.get(self.kind.alias) else self.kind

    @cached_property
    def parent(self) -> Reference | None:
        """What the objects belong to."""
        found = [Reference(kind.id, kind) for kind in KINDS.values() if kind.id == self.kind.within]
        return found[0] if found else None

    @cached_property
    def references(self) -> list[Reference]:
        named = [Reference(each.name, KINDS[each.refers]) for each in self.kind.fields if each.refers]
        return [*named, *([self.parent] if self.parent else [])]

    @cached_property
    def holds(self) -> list[Hold]:
        referring = [Hold(each.refers, (each.name,), each.falls_with) for each in self.kind.fields if each.refers]
        return list({hold.by: hold for hold in (*referring, *self.holding)}.values())

    def options(self) -> dict[str, t.Mapping[str, t.Any]]:
        """The argument specification of an entry, which is that of the kind's own module without the connection."""
        named = {name: {"type": "str"} for each in self.references for name in (each.kind.alias, each.name)}
        return STATE | named | self.kind.options() | self.besides

    def exclusive(self) -> list[tuple[str, str]]:
        named = [(each.kind.alias, each.name) for each in self.references if each.kind.alias != each.name]
        return [*named, *self.excluding, *self.kind.exclusive]

    def required(self) -> list[tuple[str, ...]]:
        """Options of which one has to be given."""
        named = [(self.parent.kind.alias, self.parent.name)] if self.parent else []
        return [*named, *([(self.kind.alias, self.otherwise.alias)] if self.otherwise else [])]


SECTIONS = (
    Section("credentials", CREDENTIAL),
    Section("models", MODEL, {"model_id": {"type": "str"}}),
    Section("budgets", BUDGET, FORCE),
    Section("organizations", ORGANIZATION, {"organization_id": {"type": "str"}, **FORCE}),
    Section("teams", TEAM, {"team_id": {"type": "str"}, **FORCE}),
    Section("users", USER, FORCE),
    Section(
        "team_members",
        MEMBER,
        FORCE,
        otherwise=MEMBER_BY_EMAIL,
        excluding=(("user_id", "user_email"),),
        holding=(Hold("team", ("team_id",), harmless=True), Hold("user", ("user_id",), harmless=True)),
    ),
    Section(
        "keys",
        KEY,
        {
            "key": {"type": "str", "no_log": True},
            "recreate": {"type": "bool", "default": False},
            "secret": DELIVERY,
        },
        holding=(
            Hold("budget", ("budget_id",), otherwise="own_budget"),
            Hold("user", ("user_id",), falls_with=True),
            Hold("member", ("team_id", "user_id"), falls_with=True),
        ),
    ),
    Section(
        "customers",
        CUSTOMER,
        # LiteLLM would ignore the name when limits are given with it.
        excluding=tuple(("budget_id", each.name) for each in LIMITS),
        on_demand=True,
    ),
)
KINDS = {section.kind.noun: section.kind for section in SECTIONS}
