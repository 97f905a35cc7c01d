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
    organization_id:
      description: Identity of the organization that it belongs to.
      type: str
      returned: always
      sample: 9a1f7d52-8c0b-4a8e-bb0e-54a4c61c4f0a
    blocked:
      description: Whether the requests of its keys are refused.
      type: bool
      returned: always
      sample: false
    models:
      description: Models that its keys may use. Every model when it is empty.
      type: list
      elements: str
      returned: always
      sample: [chat-small, chat-large]
    model_aliases:
      description: Other names for models.
      type: dict
      returned: always
      sample: {chat: chat-small}
    access_group_ids:
      description: Identities of its access groups.
      type: list
      elements: str
      returned: always
      sample: []
    object_permission:
      description: Which other things its keys may use.
      type: dict
      returned: always
      sample: {vector_stores: [handbook]}
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
    tpd_limit:
      description: Most tokens per day of batches. V(null) is no limit.
      type: int
      returned: always
      sample: 50000000
    rpm_limit_type:
      description: How the limit of requests is meant.
      type: str
      returned: always
      sample: best_effort_throughput
    tpm_limit_type:
      description: How the limit of tokens is meant.
      type: str
      returned: always
      sample: best_effort_throughput
    model_rpm_limit:
      description: Most requests per minute by model.
      type: dict
      returned: always
      sample: {chat-large: 60}
    model_tpm_limit:
      description: Most tokens per minute by model.
      type: dict
      returned: always
      sample: {chat-large: 100000}
    mcp_rpm_limit:
      description: Most requests per minute by MCP server.
      type: dict
      returned: always
      sample: {github: 30}
    default_estimated_output_tokens:
      description: Tokens of output that an unanswered request counts.
      type: int
      returned: always
      sample: 1024
    default_estimated_output_tokens_per_model:
      description: The same by model.
      type: dict
      returned: always
      sample: {chat-large: 4096}
    max_budget:
      description: Most that it may spend, in US dollars. V(null) is no limit.
      type: float
      returned: always
      sample: 250.0
    soft_budget:
      description: Spending of which LiteLLM warns, in US dollars.
      type: float
      returned: always
      sample: 200.0
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
    budget_limits:
      description: Budgets for several periods at the same time.
      type: list
      elements: dict
      returned: always
      sample: [{max_budget: 20.0, budget_duration: 1d}]
    model_max_budget:
      description: Most that each key may spend by model.
      type: dict
      returned: always
      sample: {chat-large: {max_budget: 10.0, budget_duration: 1d}}
    spend:
      description: What it has spent in this period, in US dollars.
      type: float
      returned: always
      sample: 12.5
    team_member_budget:
      description: Most that each member may spend in it, in US dollars.
      type: float
      returned: always
      sample: 25.0
    team_member_budget_duration:
      description: After which time that starts at zero again.
      type: str
      returned: always
      sample: 30d
    team_member_rpm_limit:
      description: Most requests per minute of each member.
      type: int
      returned: always
      sample: 60
    team_member_tpm_limit:
      description: Most tokens per minute of each member.
      type: int
      returned: always
      sample: 100000
    team_member_key_duration:
      description: How long a key is valid that a member makes.
      type: str
      returned: always
      sample: 90d
    team_member_permissions:
      description: Routes for managing keys that members may use.
      type: list
      elements: str
      returned: always
      sample: [/key/generate, /key/delete]
    default_team_member_models:
      description: Models that a new member may use.
      type: list
      elements: str
      returned: always
      sample: [chat-small]
    tags:
      description: Tags of its requests.
      type: list
      elements: str
      returned: always
      sample: [production]
    guardrails:
      description: Guardrails that check its requests.
      type: list
      elements: str
      returned: always
      sample: [pii]
    disable_global_guardrails:
      description: Whether the guardrails that check all requests leave out its own.
      type: bool
      returned: always
      sample: false
    policies:
      description: Guardrail policies for its requests.
      type: list
      elements: str
      returned: always
      sample: []
    prompts:
      description: Prompts that it may use.
      type: list
      elements: str
      returned: always
      sample: []
    allowed_passthrough_routes:
      description: Pass-through routes that its keys may use.
      type: list
      elements: str
      returned: always
      sample: []
    denied_passthrough_routes:
      description: Pass-through routes that its keys may not use.
      type: list
      elements: str
      returned: always
      sample: []
    allowed_vector_store_indexes:
      description: Indexes of vector stores that its keys may use.
      type: list
      elements: dict
      returned: always
      sample: [{index_name: handbook, index_permissions: [read]}]
    enforced_file_expires_after:
      description: After which time uploaded files are deleted.
      type: dict
      returned: always
      sample: {anchor: created_at, seconds: 86400}
    enforced_batch_output_expires_after:
      description: After which time the results of batches are deleted.
      type: dict
      returned: always
      sample: {anchor: created_at, seconds: 86400}
    require_trace_id:
      description: Whether its requests must say which trace they belong to.
      type: bool
      returned: always
      sample: false
    secret_manager_settings:
      description: Where in the secret manager its keys are kept.
      type: dict
      returned: always
      sample: {namespace: search}
    router_settings:
      description: Settings of LiteLLM's router for its requests.
      type: dict
      returned: always
      sample: {num_retries: 2}
    metadata:
      description: The data kept with it, without what LiteLLM keeps there for fields of other names.
      type: dict
      returned: always
      sample: {cost_center: "4711"}
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
