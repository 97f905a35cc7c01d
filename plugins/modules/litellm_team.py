#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_team
short_description: Manage a team of a LiteLLM proxy
description:
  - Creates, changes and deletes a team, with the models that its keys may use and the limits that they share.
  - A team is found by its alias. LiteLLM lets two teams have one alias. This module does not. When it finds two, it
    fails and names both.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  team_alias:
    description:
      - Name of the team.
    type: str
    required: true
  team_id:
    description:
      - Identity of the team.
      - With it, a team that has another alias is renamed to O(team_alias), and a new team gets this identity.
      - When it is not given, LiteLLM makes one up for a new team.
    type: str
  state:
    description:
      - Whether the team is to be there.
    type: str
    choices: [present, absent]
    default: present
  models:
    description:
      - Models that the team's keys may use, as LiteLLM's list of models names them. Model access groups, patterns such
        as V(openai/*) and V(all-proxy-models) are possible.
      - A name that LiteLLM does not serve is an error, because LiteLLM would accept it silently.
      - An empty list means every model.
    type: list
    elements: str
  rpm_limit:
    description:
      - Most requests per minute, of all the team's keys together.
    type: int
  tpm_limit:
    description:
      - Most tokens per minute, of all the team's keys together.
    type: int
  max_budget:
    description:
      - Most that the team may spend, in US dollars. Per O(budget_duration), or ever when that is not set.
    type: float
  budget_duration:
    description:
      - After which time the spending starts at zero again. A number and a unit, which is V(s), V(m), V(h), V(d), V(w)
        or V(mo), for example V(30d).
      - LiteLLM begins a new period when this changes, and rounds its end, for example to the first of a month.
    type: str
  metadata:
    description:
      - Any data to keep with the team.
      - What LiteLLM keeps there for fields of its own, such as C(tags), C(guardrails) and C(model_rpm_limit), is only
        touched when it is named here.
    type: dict
  force:
    description:
      - Delete the team although it has keys. They are blocked first, so that they stop working at once, and are
        deleted with it.
    type: bool
    default: false
seealso:
  - module: inference.gateway.litellm_team_info
  - module: inference.gateway.litellm_key
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.managed
"""

EXAMPLES = r"""
- name: Keep the search team
  inference.gateway.litellm_team:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    team_alias: search
    models: [chat-small, chat-large]
    rpm_limit: 600
    tpm_limit: 1000000
    max_budget: 250
    budget_duration: 30d
    metadata:
      cost_center: "4711"

- name: Lift the search team's budget, and leave everything else as it is
  inference.gateway.litellm_team:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    team_alias: search
    max_budget: null
    budget_duration: null

- name: Rename a team
  inference.gateway.litellm_team:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    team_id: 2f6c8a0e-5d1f-4c1e-9a55-0f7f0c8b2a11
    team_alias: discovery

- name: Delete the search team with all its keys
  inference.gateway.litellm_team:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    team_alias: search
    state: absent
    force: true
"""

RETURN = r"""
team:
  description: The team as it is now, or in check mode as it would be. V(null) when it is not there.
  returned: success
  type: dict
  contains:
    team_id:
      description: Identity of the team. In check mode V(null) for a team that is to be created.
      type: str
      returned: always
      sample: 2f6c8a0e-5d1f-4c1e-9a55-0f7f0c8b2a11
    team_alias:
      description: Name of the team.
      type: str
      returned: always
      sample: search
    models:
      description: Models that the team's keys may use. Every model when it is empty.
      type: list
      elements: str
      returned: always
      sample: [chat-small, chat-large]
    rpm_limit:
      description: Most requests per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 600
    tpm_limit:
      description: Most tokens per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 1000000
    max_budget:
      description: Most that the team may spend, in US dollars. V(null) is no limit.
      type: float
      returned: always
      sample: 250.0
    budget_duration:
      description: After which time the spending starts at zero again.
      type: str
      returned: always
      sample: 30d
    budget_reset_at:
      description: When that happens next.
      type: str
      returned: always
      sample: "2026-12-01T00:00:00Z"
    spend:
      description: What the team has spent in this period, in US dollars.
      type: float
      returned: always
      sample: 12.5
    blocked:
      description: Whether the team is blocked.
      type: bool
      returned: always
      sample: false
    metadata:
      description: The data kept with the team, without what LiteLLM keeps there for fields of its own.
      type: dict
      returned: always
      sample:
        cost_center: "4711"
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._keys_of import block, keys_of
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    apply,
    find,
    make_plan,
    unknown_models,
)


def manage(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    goal = module.goal(TEAM, identity=module.params["team_id"])
    plan = make_plan(goal, find(client, goal))
    keys = keys_of(client, plan, force=module.params["force"])
    module.stop_or_foretell(unknown_models(client, plan))
    if module.check_mode or not plan.changed:
        return plan.result()
    block(client, keys)
    return plan.result(apply(client, plan))


def main() -> None:
    module = LiteLLMModule(
        TEAM.options()
        | {
            "team_id": {"type": "str"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "force": {"type": "bool", "default": False},
        }
    )
    module.run(manage)


if __name__ == "__main__":
    main()
