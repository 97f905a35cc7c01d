#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_organization
short_description: Manage an organization of a LiteLLM proxy
version_added: 0.2.0
description:
  - Creates, changes and deletes an organization, with the models that its teams may use and the limits that they share.
  - LiteLLM needs an enterprise licence for organizations. Without one, it refuses everything about them.
  - An organization is found by its alias. LiteLLM lets two organizations have one alias. This module does not. When it
    finds two, it fails and names both.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  organization_alias:
    description:
      - Name of the organization.
    type: str
    required: true
  organization_id:
    description:
      - Identity of the organization.
      - With it, an organization that has another alias is renamed to O(organization_alias), and a new organization gets
        this identity.
      - When it is not given, one is made up for a new organization.
    type: str
  state:
    description:
      - Whether the organization is to be there.
    type: str
    choices: [present, absent]
    default: present
  models:
    description:
      - Models that the organization's teams may use, as LiteLLM's list of models names them. Model access groups,
        patterns such as V(openai/*) and V(all-proxy-models) are possible.
      - A name that LiteLLM does not serve is an error, because LiteLLM would accept it silently.
      - An empty list means every model.
    type: list
    elements: str
  object_permission:
    description:
      - Which other things the organization's teams may use. A dictionary of lists, by the names that LiteLLM has for
        them, such as C(vector_stores), C(mcp_servers), C(mcp_access_groups) and C(agents), and of the dictionary
        C(mcp_tool_permissions).
      - What is not named in it is cleared.
    type: dict
  budget_id:
    description:
      - Identity of a budget that is there already and that a new organization is to share. It cannot be changed.
      - When it is not given, a new organization gets a budget of its own, with the limits that are given here.
      - When the limits of an organization change, it is its budget that changes.
    type: str
  rpm_limit:
    description:
      - Most requests per minute, of all the organization's keys together.
    type: int
  tpm_limit:
    description:
      - Most tokens per minute, of all the organization's keys together.
    type: int
  max_parallel_requests:
    description:
      - Most requests at the same time. LiteLLM 1.106 keeps this, but does not enforce it yet.
    type: int
  max_budget:
    description:
      - Most that the organization may spend, in US dollars. Per O(budget_duration), or ever when that is not set.
    type: float
  soft_budget:
    description:
      - Spending of which LiteLLM warns, in US dollars. LiteLLM 1.106 keeps this, but does not warn yet.
    type: float
  budget_duration:
    description:
      - After which time the spending starts at zero again. A number and a unit, which is V(s), V(m), V(h), V(d), V(w)
        or V(mo), for example V(30d).
      - LiteLLM begins a new period when this changes, and rounds its end, for example to the first of a month.
    type: str
  model_max_budget:
    description:
      - Most that may be spent on a model. A dictionary by model, of dictionaries with C(max_budget) in US dollars and
        C(budget_duration) in units as in O(budget_duration).
    type: dict
  model_rpm_limit:
    description:
      - Most requests per minute for each model. A dictionary of the number by model.
    type: dict
  model_tpm_limit:
    description:
      - Most tokens per minute for each model. A dictionary of the number by model.
    type: dict
  metadata:
    description:
      - Any data to keep with the organization.
      - What LiteLLM keeps there for fields of other names, such as O(model_rpm_limit), is only touched when it is named
        here.
    type: dict
  force:
    description:
      - Delete the organization although it has teams or keys. The keys are blocked first, so that they stop working at
        once, and all is deleted with it.
    type: bool
    default: false
seealso:
  - module: inference.gateway.litellm_organization_info
  - module: inference.gateway.litellm_team
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.managed
"""

EXAMPLES = r"""
- name: Keep the organization of the research department
  inference.gateway.litellm_organization:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    organization_alias: research
    models: [chat-small, chat-large]
    rpm_limit: 6000
    max_budget: 5000
    budget_duration: 30d
    model_rpm_limit:
      chat-large: 600

- name: Keep a team of it
  inference.gateway.litellm_team:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    team_alias: search
    organization_alias: research

- name: Rename an organization
  inference.gateway.litellm_organization:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    organization_id: 9a1f7d52-8c0b-4a8e-bb0e-54a4c61c4f0a
    organization_alias: discovery

- name: Delete an organization with all its teams and keys
  inference.gateway.litellm_organization:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    organization_alias: discovery
    state: absent
    force: true
"""

RETURN = r"""
organization:
  description: The organization as it is now, or in check mode as it would be. V(null) when it is not there.
  returned: success
  type: dict
  contains:
    organization_id:
      description: Identity of the organization. In check mode V(null) for one that is to be created.
      type: str
      returned: always
      sample: 9a1f7d52-8c0b-4a8e-bb0e-54a4c61c4f0a
    organization_alias:
      description: Name of the organization.
      type: str
      returned: always
      sample: research
    models:
      description: Models that its teams may use. Every model when it is empty.
      type: list
      elements: str
      returned: always
      sample: [chat-small, chat-large]
    object_permission:
      description: Which other things its teams may use.
      type: dict
      returned: always
      sample: {vector_stores: [handbook]}
    budget_id:
      description: Identity of its budget.
      type: str
      returned: always
      sample: 428eeaa8-f3ac-4e85-a8fb-7dc8d7aa8689
    rpm_limit:
      description: Most requests per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 6000
    tpm_limit:
      description: Most tokens per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 10000000
    max_parallel_requests:
      description: Most requests at the same time. V(null) is no limit.
      type: int
      returned: always
      sample: 100
    max_budget:
      description: Most that it may spend, in US dollars. V(null) is no limit.
      type: float
      returned: always
      sample: 5000.0
    soft_budget:
      description: Spending of which LiteLLM warns, in US dollars.
      type: float
      returned: always
      sample: 4000.0
    budget_duration:
      description: After which time the spending starts at zero again.
      type: str
      returned: always
      sample: 30d
    model_max_budget:
      description: Most that may be spent by model.
      type: dict
      returned: always
      sample: {chat-large: {max_budget: 100.0, budget_duration: 1d}}
    model_rpm_limit:
      description: Most requests per minute by model.
      type: dict
      returned: always
      sample: {chat-large: 600}
    model_tpm_limit:
      description: Most tokens per minute by model.
      type: dict
      returned: always
      sample: {chat-large: 1000000}
    spend:
      description: What it has spent in this period, in US dollars.
      type: float
      returned: always
      sample: 125.5
    metadata:
      description: The data kept with it, without what LiteLLM keeps there for fields of other names.
      type: dict
      returned: always
      sample:
        cost_center: "4711"
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._keys_of import block
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import FORCE, STATE
from ansible_collections.inference.gateway.plugins.module_utils._kinds.budget import BUDGET
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._kinds.organization import ORGANIZATION
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    Goal,
    apply,
    find,
    lacking,
    listed,
    make_plan,
    unknown,
)


def manage(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    goal = module.goal(ORGANIZATION, identity=module.params["organization_id"])
    plan = make_plan(goal, find(client, goal))
    plan.refuse_impossible()
    teams, keys = belongings(client, plan.there["organization_id"]) if plan.action == "delete" else ([], [])
    if (teams or keys) and not module.params["force"]:
        raise ApiError(
            f"Organization '{goal.alias}' has teams ({len(teams)}) and keys ({len(keys)}), which would be deleted with"
            " it: delete them first, or set force to true."
        )
    module.stop_or_foretell(unknown(client, plan, BUDGET))
    module.stop_or_foretell(lacking(client, plan))
    if module.check_mode or not plan.changed:
        return plan.result()
    block(client, keys)
    for team in teams:
        # LiteLLM would delete the team, but leave the keys that it had before it came into the organization.
        apply(client, make_plan(Goal(TEAM, team["team_alias"], None, team["team_id"]), team))
    return plan.result(apply(client, plan))


def belongings(client: Client, organization_id: str) -> tuple[list[t.Any], list[t.Any]]:
    """The teams of an organization, and the keys of these and of its own."""
    teams = listed(client, TEAM, organization_id=organization_id)
    keys = {key["token"]: key for key in listed(client, KEY, organization_id=organization_id)}
    for team in teams:
        keys |= {key["token"]: key for key in listed(client, KEY, team_id=team["team_id"])}
    return teams, list(keys.values())


def main() -> None:
    module = LiteLLMModule(
        ORGANIZATION.options()
        | STATE
        | FORCE
        | {
            "organization_id": {"type": "str"},
        },
        secrets=ORGANIZATION.secret_texts,
    )
    module.run(manage)


if __name__ == "__main__":
    main()
