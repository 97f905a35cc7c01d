# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell what is wrong with a description of tenants before any of it is applied."""

from __future__ import annotations

DOCUMENTATION = r"""
name: tenant_problems
short_description: Tell what is wrong with a declaration of tenants
version_added: 0.1.0
author: inference.gateway contributors
description:
  - Looks through a declaration as M(inference.gateway.litellm_sync) takes it, without LiteLLM, and returns one sentence
    for each thing that cannot be.
positional: models
options:
  _input:
    description: Lists of objects, by the names that M(inference.gateway.litellm_sync) has for them.
    type: dict
    required: true
  models:
    description:
      - Names that the objects may use.
      - A name with a C(*) stands for all that it matches, as LiteLLM has it.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Stop when the tenants are not right
  ansible.builtin.assert:
    that: "{'teams': teams, 'keys': keys} | inference.gateway.tenant_problems(['qwen']) | length == 0"
"""

RETURN = r"""
_value:
  description: One sentence for each problem. Empty when all is right.
  type: list
  elements: str
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.inference.gateway.plugins.module_utils._declaration import Entry, read_entries
from ansible_collections.inference.gateway.plugins.module_utils._model_names import (
    MODEL_LISTS,
    SPECIAL_MODELS,
    not_served,
)
from ansible_collections.inference.gateway.plugins.plugin_utils._plain import plain


def unknown_models(entries: Sequence[Entry], models: Sequence[str]) -> Iterator[str]:
    for entry in entries:
        for name in MODEL_LISTS if entry.params["state"] == "present" else ():
            unknown = not_served(set(entry.params.get(name) or ()) - SPECIAL_MODELS, models)
            if unknown:
                yield f"{entry}: {name} has {', '.join(unknown)}, which the inventory does not declare"


def undelivered_keys(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        wanted = entry.section.name == "keys" and entry.params["state"] == "present"
        if wanted and not (entry.params.get("secret") or entry.params.get("key")):
            yield f"{entry}: there is neither secret nor key, so a new key would have no place to be delivered to"


def tenant_problems(declaration: Mapping[str, Sequence[Any]], models: Sequence[str]) -> list[str]:
    entries, problems = read_entries(plain(declaration))
    sentences = [*(problem.error for problem in problems), *unknown_models(entries, models), *undelivered_keys(entries)]
    return [f"tenants_{sentence.rstrip('.')}." for sentence in sentences]


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"tenant_problems": tenant_problems}
