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
  - No secret is returned. LiteLLM does not have the values of keys. Credentials have no C(credential_values), and of
    C(litellm_params) there is what can be read. Given to M(inference.gateway.litellm_sync), that leaves the secrets as
    they are. For another LiteLLM they have to be added.
  - C(metadata) and C(model_info) are returned as LiteLLM shows them, but for what callbacks authenticate with.
  - C(metadata) also has what somebody has put there by the name of a field of LiteLLM, and an option cannot say.
  - C(model_info) also has what LiteLLM itself knows of a model. Leave out of it what it may learn anew.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  kinds:
    description:
      - Names of the options of M(inference.gateway.litellm_sync) to return. When it is not given, all of them apart
        from V(customers), and apart from V(organizations) where LiteLLM has no licence for them.
      - LiteLLM adds a customer for every new C(user) of a request, so that there may be very many.
    type: list
    elements: str
    choices: [credentials, models, budgets, organizations, teams, users, team_members, keys, customers]
  owner:
    description:
      - Only the objects that belong to the declaration of this name. An empty string stands for the objects that belong
        to no declaration. LiteLLM has no place to note that for budgets, members of teams and customers, which belong
        to none.
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
    models: "{{ export.declaration.models }}"
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
    - Objects that a declaration cannot have, because they have no alias, share it with others, or come from LiteLLM's
      configuration file, and older generations of keys. Only counted, by the name of the option of
      M(inference.gateway.litellm_sync).
  returned: success
  type: dict
  sample:
    keys: 2
    teams: 0
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds._secrets import HIDDEN
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import MARKS, Field, Kind, Object
from ansible_collections.inference.gateway.plugins.module_utils._kinds.all import SECTIONS, Section
from ansible_collections.inference.gateway.plugins.module_utils._kinds.organization import ORGANIZATION
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import Live, readable
from ansible_collections.inference.gateway.plugins.module_utils._sync_plan import alias_of, by_alias, owner_of


def export(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    kinds, owner = module.params["kinds"], module.params["owner"]
    live = Live(client)
    declaration, left_out = {}, {}
    for section in SECTIONS:
        kind = section.kind
        if section.name not in kinds if kinds is not None else section.on_demand:
            continue
        # Without a licence there are no organizations.
        if kinds is None and kind is ORGANIZATION and not readable(live, kind):
            continue
        found = [row for row in live(kind) if owner is None or owner_of(kind, row) == (owner or None)]
        entries = [(order(kind, row), each) for row in found if (each := entry(section, live, row))]
        declaration[section.name] = [each for _order, each in sorted(entries, key=lambda pair: pair[0])]
        left_out[section.name] = len(found) - len(entries)
    return {"changed": False, "declaration": declaration, "left_out": left_out}


def order(kind: Kind, row: Object) -> tuple[str, ...]:
    return tuple(str(row.get(name)) for name in (kind.alias, kind.within, kind.id) if name)


def entry(section: Section, live: Live, row: Object) -> dict[str, t.Any] | None:
    """The options that ask for an object like this one, apart from those that are empty. None if no options can."""
    kind = section.kind
    if kind.locked(row) or kind.beside(row) or not alias_of(kind, live(kind), kind.identity(row)):
        return None
    kept, options, left, referred = kind.kept(row), {}, {}, dict(section.references)
    for each in kind.fields:
        value, inside = sayable(each, kept[each.name]), each.name_in(kind.metadata)
        if value != each.empty and not (each.name in referred and ghost(live, referred[each.name], value)):
            options[each.name] = value
        # Anybody can write into metadata by the names that LiteLLM uses there.
        elif value != kept[each.name] and each.option and inside not in (None, *MARKS):
            left[inside] = row[kind.metadata][inside]
    if left:
        options[kind.metadata] = options.get(kind.metadata, {}) | left
    if kind.alias not in options:
        return None
    for one, other in section.exclusive():
        if one in options:
            options.pop(other, None)
    named = {name: row[name] for name in (kind.within, kind.shared and kind.id) if name}
    return by_alias(section, {**named, **options}, lambda to, identity: alias_of(to, readable(live, to), identity))


def ghost(live: Live, kind: Kind, identity: str) -> bool:
    """Whether an object that is referred to does not exist: LiteLLM has such references, and would not take them."""
    rows = readable(live, kind)
    return rows is not None and identity not in rows.by_id


def sayable(each: Field, value: t.Any) -> t.Any:
    """What an option can say of a value: nothing that is secret, of another type, or refused."""
    option = each.option
    if option is None or option.get("no_log") or value == each.empty:
        return each.empty
    if each.partial:
        return {name: part for name, part in value.items() if part != HIDDEN and not each.refuse({name: part})}
    return value if each.takes(value) and not each.refuse(value) else each.empty


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
