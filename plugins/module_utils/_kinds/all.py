# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""All kinds of objects that a declaration may have, each after those that it refers to."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from functools import cached_property

from ansible_collections.inference.gateway.plugins.module_utils import _secret
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import Field, Kind
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM

STATE = {"type": "str", "choices": ["present", "absent"], "default": "present"}


@dataclass(frozen=True)
class Section:
    """The part of a declaration that lists the objects of one kind."""

    name: str  # of the option of litellm_sync
    kind: Kind
    besides: t.Mapping[str, t.Mapping[str, t.Any]] = field(default_factory=dict)  # options that are no fields

    @cached_property
    def references(self) -> list[tuple[Field, Kind]]:
        """The fields that hold the identity of another object, with the kind of that."""
        return [(each, KINDS[each.refers]) for each in self.kind.fields if each.refers in KINDS]

    def options(self) -> dict[str, t.Mapping[str, t.Any]]:
        """The argument specification of an entry, which is that of the kind's own module without the connection."""
        aliases = {target.alias: {"type": "str"} for _field, target in self.references}
        return {"state": STATE} | aliases | self.kind.options() | self.besides

    def exclusive(self) -> list[tuple[str, str]]:
        named = [(target.alias, each.name) for each, target in self.references if target.alias != each.name]
        return [*named, *self.kind.exclusive]


SECTIONS = (
    Section("teams", TEAM, {"team_id": {"type": "str"}, "force": {"type": "bool", "default": False}}),
    Section(
        "keys",
        KEY,
        {
            "key": {"type": "str", "no_log": True},
            "recreate": {"type": "bool", "default": False},
            "secret": _secret.ARGUMENT_SPEC["secret"],
        },
    ),
)
KINDS = {section.kind.noun: section.kind for section in SECTIONS}
