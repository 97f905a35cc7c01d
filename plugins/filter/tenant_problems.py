# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell what is wrong with a description of tenants before any of it is applied."""

from __future__ import annotations

DOCUMENTATION = r"""
name: tenant_problems
short_description: Tell what is wrong with a description of teams and keys
version_added: 0.1.0
author: inference.gateway contributors
description:
  - Compares teams, keys and models with each other and returns one sentence for each thing that cannot be.
positional: keys, models
options:
  _input:
    description: Teams, as C(tenants_teams) of the role P(inference.gateway.tenants#role).
    type: list
    elements: dict
    required: true
  keys:
    description: Keys, as C(tenants_keys) of the role P(inference.gateway.tenants#role).
    type: list
    elements: dict
    required: true
  models:
    description:
      - Names that teams and keys may use.
      - A name with a C(*) stands for all that it matches, as LiteLLM has it.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Stop when the tenants are not right
  ansible.builtin.assert:
    that: tenants_teams | inference.gateway.tenant_problems(tenants_keys, ['qwen']) | length == 0
"""

RETURN = r"""
_value:
  description: One sentence for each problem. Empty when all is right.
  type: list
  elements: str
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

# What LiteLLM takes in the place of a model's name.
SPECIAL_MODELS = ("all-proxy-models", "all-team-models", "no-default-models")

Entry = Mapping[str, Any]


def wanted(entry: Entry) -> bool:
    return entry.get("state", "present") == "present"


def twice(names: Iterable[Any]) -> list[Any]:
    return [name for name, count in Counter(names).items() if count > 1]


def unknown_models(entries: Iterable[Entry], kind: str, models: Sequence[str]) -> Iterator[str]:
    known = [*SPECIAL_MODELS, *models]
    for entry in filter(wanted, entries):
        for model in entry.get("models") or []:
            if not any(fnmatchcase(model, name) for name in known):
                yield (
                    f"tenants_{kind}s: {kind} {entry['alias']!r} may use the model {model!r}, which neither "
                    "model_serving_models nor proxy_models declares."
                )


def key_problems(key: Entry, teams: Sequence[str]) -> Iterator[str]:
    name = f"tenants_keys: key {key['alias']!r}"
    if key.get("team") is not None and key["team"] not in teams:
        yield f"{name} belongs to the team {key['team']!r}, which tenants_teams does not declare."
    if not (key.get("secret") or {}).get("name"):
        yield f"{name} has no secret.name, so there is no place where it could be delivered."


def problems(teams: Sequence[Entry], keys: Sequence[Entry], models: Sequence[str]) -> Iterator[str]:
    for alias in twice(team["alias"] for team in teams):
        yield f"tenants_teams: two teams have the alias {alias!r}; an alias is what tells teams apart."
    for alias in twice(key["alias"] for key in keys):
        yield f"tenants_keys: two keys have the alias {alias!r}; an alias is what tells keys apart."
    places = [
        (key["secret"].get("namespace"), key["secret"]["name"], key["secret"].get("key"))
        for key in keys
        if wanted(key) and (key.get("secret") or {}).get("name")
    ]
    for _namespace, name, _key in twice(places):
        yield f"tenants_keys: two keys would be delivered to the same key of the Secret {name!r}."
    declared = [team["alias"] for team in teams if wanted(team)]
    for key in filter(wanted, keys):
        yield from key_problems(key, declared)
    yield from unknown_models(teams, "team", models)
    yield from unknown_models(keys, "key", models)


def tenant_problems(teams: Sequence[Entry], keys: Sequence[Entry], models: Sequence[str]) -> list[str]:
    return list(problems(teams, keys, models))


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"tenant_problems": tenant_problems}
