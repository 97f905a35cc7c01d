#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_key_info
short_description: Read the API keys of a LiteLLM proxy
description:
  - Returns what is known of all keys, or of those that are asked for, but not their values.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  key_alias:
    description:
      - Only the key of this name, and its older generations, which go on working for a while after a rotation.
    type: str
  team_alias:
    description:
      - Only keys of the team of this name.
    type: str
  team_id:
    description:
      - Only keys of the team of this identity.
    type: str
seealso:
  - module: inference.gateway.litellm_key
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.info
"""

EXAMPLES = r"""
- name: Read all keys of the search team
  inference.gateway.litellm_key_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    team_alias: search
  register: search

- name: Read one key
  inference.gateway.litellm_key_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: search-backend
"""

RETURN = r"""
keys:
  description: The keys, sorted by alias, without their values. Empty when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    token:
      description: Identity of the key, which is the SHA-256 of its value. It cannot be used in the place of the key.
      type: str
      returned: always
      sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    key_alias:
      description: Name of the key. V(null) for a key that was made without one.
      type: str
      returned: always
      sample: search-backend
    generation:
      description: The generation that it was made for.
      type: str
      returned: always
      sample: "2"
    formerly:
      description: Name that it had before another key took its place. V(null) for every other key.
      type: str
      returned: always
      sample: null
    created_at:
      description: When it was made.
      type: str
      returned: always
      sample: "2026-11-24T09:30:00Z"
    expires:
      description: When it stops being valid. V(null) is never.
      type: str
      returned: always
      sample: "2027-02-22T09:30:00Z"
    blocked:
      description: Whether requests with it are refused.
      type: bool
      returned: always
      sample: false
    team_id:
      description: Identity of the team that it belongs to.
      type: str
      returned: always
      sample: 2f6c8a0e-5d1f-4c1e-9a55-0f7f0c8b2a11
    user_id:
      description: Identity of the user that it belongs to.
      type: str
      returned: always
      sample: alice
    organization_id:
      description: Identity of the organization that it belongs to.
      type: str
      returned: always
      sample: 9a1f7d52-8c0b-4a8e-bb0e-54a4c61c4f0a
    agent_id:
      description: Identity of the agent that it belongs to.
      type: str
      returned: always
      sample: null
    models:
      description: Models that it may use. Every model of its team when it is empty.
      type: list
      elements: str
      returned: always
      sample: [chat-small]
    aliases:
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
    key_type:
      description: What it was made for.
      type: str
      returned: always
      sample: default
    allowed_routes:
      description: Routes that it may use.
      type: list
      elements: str
      returned: always
      sample: [llm_api_routes]
    allowed_passthrough_routes:
      description: Pass-through routes that it may use.
      type: list
      elements: str
      returned: always
      sample: []
    denied_passthrough_routes:
      description: Pass-through routes that it may not use.
      type: list
      elements: str
      returned: always
      sample: []
    permissions:
      description: What LiteLLM's features look up of it.
      type: dict
      returned: always
      sample: {}
    object_permission:
      description: Which other things it may use.
      type: dict
      returned: always
      sample: {vector_stores: [handbook]}
    allowed_vector_store_indexes:
      description: Indexes of vector stores that it may use.
      type: list
      elements: dict
      returned: always
      sample: [{index_name: handbook, index_permissions: [read]}]
    rpm_limit:
      description: Most requests per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 120
    tpm_limit:
      description: Most tokens per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 200000
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
    max_parallel_requests:
      description: Most requests at the same time. V(null) is no limit.
      type: int
      returned: always
      sample: 8
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
    tag_rpm_limit:
      description: Most requests per minute by tag.
      type: dict
      returned: always
      sample: {batch: 30}
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
      description: Most that may be spent with it, in US dollars. V(null) is no limit.
      type: float
      returned: always
      sample: 50.0
    soft_budget:
      description: Spending of which LiteLLM warns, in US dollars.
      type: float
      returned: always
      sample: 40.0
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
      sample: [{max_budget: 5.0, budget_duration: 1d}]
    budget_id:
      description: Identity of the budget that it was given.
      type: str
      returned: always
      sample: null
    model_max_budget:
      description: Most that may be spent by model.
      type: dict
      returned: always
      sample: {chat-large: {max_budget: 10.0, budget_duration: 1d}}
    budget_fallbacks:
      description: Models that are asked when a model's budget is spent.
      type: dict
      returned: always
      sample: {chat-large: [chat-small]}
    temp_budget_increase:
      description: What may be spent in addition for a time, in US dollars.
      type: float
      returned: always
      sample: 10.0
    temp_budget_expiry:
      description: Until when.
      type: str
      returned: always
      sample: "2027-01-31T12:00:00+00:00"
    throttle_on_budget_exceeded:
      description: Whether requests are slowed down and not refused when the budget is spent.
      type: bool
      returned: always
      sample: false
    end_user_budget_id:
      description: Identity of the budget for end users who have none.
      type: str
      returned: always
      sample: null
    spend:
      description: What was spent with it in this period, in US dollars.
      type: float
      returned: always
      sample: 1.25
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
    enforced_params:
      description: What every request must say.
      type: list
      elements: str
      returned: always
      sample: [user]
    enable_prompt_caching:
      description: Whether LiteLLM marks what a provider is to cache.
      type: bool
      returned: always
      sample: false
    allowed_cache_controls:
      description: What requests may say to LiteLLM's own cache.
      type: list
      elements: str
      returned: always
      sample: [no-cache]
    router_settings:
      description: Settings of LiteLLM's router for its requests.
      type: dict
      returned: always
      sample: {num_retries: 2}
    duration:
      description: How long it was made valid, if this collection did that.
      type: str
      returned: always
      sample: 90d
    metadata:
      description: The data kept with it, without what LiteLLM keeps there for fields of other names.
      type: dict
      returned: always
      sample: {}
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import Goal, find, views
from ansible_collections.inference.gateway.plugins.module_utils._rotation import other_generations


def read(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    asked = {name: module.params[name] for name in ("key_alias", "team_id")}
    alias = module.params["team_alias"]
    if alias:
        team = find(client, Goal(TEAM, alias, {}))
        if team is None:
            raise ApiError(f"There is no team '{alias}'.")
        asked["team_id"] = team["team_id"]
    keys = views(client, KEY, asked)
    if asked["key_alias"]:
        others = map(KEY.view, other_generations(client, asked["key_alias"]))
        keys += [other for other in others if asked["team_id"] in (None, other["team_id"])]
    return {"changed": False, "keys": keys}


def main() -> None:
    module = LiteLLMModule(
        {
            "key_alias": {"type": "str", "no_log": False},
            "team_alias": {"type": "str"},
            "team_id": {"type": "str"},
        },
        mutually_exclusive=[("team_alias", "team_id")],
    )
    module.run(read)


if __name__ == "__main__":
    main()
