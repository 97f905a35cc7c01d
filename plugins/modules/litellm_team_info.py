#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_team_info
short_description: Read the teams of a LiteLLM proxy
description:
  - Returns all teams, or those that are asked for.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  team_alias:
    description:
      - Only the team of this name. It is compared exactly.
    type: str
  team_id:
    description:
      - Only the team of this identity.
    type: str
seealso:
  - module: inference.gateway.litellm_team
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.info
"""

EXAMPLES = r"""
- name: Read all teams
  inference.gateway.litellm_team_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
  register: teams

- name: Read one team
  inference.gateway.litellm_team_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    team_alias: search
"""

RETURN = r"""
teams:
  description: The teams, sorted by alias. Empty when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    team_id:
      description: Identity of the team.
      type: str
      returned: always
      sample: 2f6c8a0e-5d1f-4c1e-9a55-0f7f0c8b2a11
    team_alias:
      description: Name of the team. LiteLLM lets several teams have one name.
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
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import views


def read(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    asked = {name: module.params[name] for name in ("team_alias", "team_id")}
    return {"changed": False, "teams": views(client, TEAM, asked)}


def main() -> None:
    module = LiteLLMModule({"team_alias": {"type": "str"}, "team_id": {"type": "str"}})
    module.run(read)


if __name__ == "__main__":
    main()
