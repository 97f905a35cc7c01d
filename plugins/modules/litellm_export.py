#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_export
short_description: Read the objects of a LiteLLM proxy as a declaration
version_added: 0.2.0
description:
  - Returns what is in a LiteLLM proxy as a declaration for M(inference.gateway.litellm_sync), which changes nothing
    when it is given that.
  - Other objects are named by alias, or by identity where several have that alias. What is empty is left out.
  - No secret is returned. LiteLLM does not have the values of keys.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  kinds:
    description:
      - Names of the options of M(inference.gateway.litellm_sync) to return. All of them when it is not given.
    type: list
    elements: str
    choices: [teams, keys]
  owner:
    description:
      - Only the objects that belong to the declaration of this name. An empty string stands for the objects that belong
        to no declaration.
    type: str
seealso:
  - module: inference.gateway.litellm_sync
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.info
"""

EXAMPLES = r"""
- name: Read what is there
  inference.gateway.litellm_export:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
  register: export

- name: Write it to a file as a start for a declaration
  ansible.builtin.copy:
    content: "{{ export.declaration | to_nice_yaml(sort_keys=false) }}"
    dest: tenants.yml
    mode: "0600"
  delegate_to: localhost

- name: Make all of it part of a declaration
  inference.gateway.litellm_sync:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    owner: platform
    teams: "{{ export.declaration.teams }}"
    keys: "{{ export.declaration.keys }}"
"""

RETURN = r"""
declaration:
  description: The objects by the name of the option of M(inference.gateway.litellm_sync), sorted by alias.
  returned: success
  type: dict
  sample:
    teams:
      - team_alias: search
        models: [chat-small]
        max_budget: 250.0
    keys:
      - key_alias: search-backend
        team_alias: search
        rpm_limit: 120
left_out:
  description:
    - Objects that a declaration cannot have, because they have no alias, or share it with others, and older generations
      of keys. Only counted, by the name of the option of M(inference.gateway.litellm_sync).
  returned: success
  type: dict
  sample:
    keys: 2
    teams: 0
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds.all import SECTIONS, Section
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import Live
from ansible_collections.inference.gateway.plugins.module_utils._sync_plan import alias_of, by_alias, owner_of


def export(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    kinds, owner = module.params["kinds"], module.params["owner"]
    live = Live(client)
    declaration, left_out = {}, {}
    for section in SECTIONS:
        if kinds is None or section.name in kinds:
            kind = section.kind
            found = [row for row in live(kind) if owner is None or owner_of(kind, row) == (owner or None)]
            entries = [each for each in (entry(section, live, row) for row in found) if each]
            declaration[section.name] = sorted(entries, key=lambda each: each[kind.alias])
            left_out[section.name] = len(found) - len(entries)
    return {"changed": False, "declaration": declaration, "left_out": left_out}


def entry(section: Section, live: Live, row: t.Mapping[str, t.Any]) -> dict[str, t.Any] | None:
    """The options that ask for an object like this one, apart from those that are empty. None if no options can."""
    kind = section.kind
    if kind.beside(row) or not alias_of(kind, live(kind), kind.identity(row)):
        return None
    kept, options = kind.kept(row), {}
    for each in kind.fields:
        value = kept[each.name]
        # LiteLLM has values that it would not take, such as a team that does not exist.
        ghost = any(each is field and value not in live(target).by_id for field, target in section.references)
        sayable = each.option is not None and not each.option.get("no_log") and not each.refuse(value)
        if value != each.empty and sayable and not ghost:
            options[each.name] = value
    if kind.alias not in options:
        return None
    for name, other in kind.exclusive:
        if other in options:
            options.pop(name, None)
    return by_alias(section, options, lambda target, identity: alias_of(target, live(target), identity))


def main() -> None:
    names = [section.name for section in SECTIONS]
    module = LiteLLMModule(
        {
            "kinds": {"type": "list", "elements": "str", "choices": names},
            "owner": {"type": "str"},
        }
    )
    module.run(export)


if __name__ == "__main__":
    main()
