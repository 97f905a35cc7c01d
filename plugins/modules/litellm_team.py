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
      - When it is not given, one is made up for a new team.
    type: str
  state:
    description:
      - Whether the team is to be there.
    type: str
    choices: [present, absent]
    default: present
  organization_alias:
    description:
      - Name of the organization that the team belongs to. An empty value takes the team out of its organization.
      - LiteLLM only tells of organizations with an enterprise licence.
    type: str
    version_added: 0.2.0
  organization_id:
    description:
      - Identity of the organization that the team belongs to. An empty value takes the team out of its organization.
    type: str
    version_added: 0.2.0
  blocked:
    description:
      - Whether the requests of the team's keys are refused.
      - LiteLLM goes on to accept keys that it has just seen for up to a minute.
    type: bool
    version_added: 0.2.0
  models:
    description:
      - Models that the team's keys may use, as LiteLLM's list of models names them. Model access groups, patterns such
        as V(openai/*) and V(all-proxy-models) are possible.
      - A name that LiteLLM does not serve is an error, because LiteLLM would accept it silently.
      - An empty list means every model.
    type: list
    elements: str
  model_aliases:
    description:
      - Other names under which the team's keys reach models. A dictionary of the model by its other name.
    type: dict
    version_added: 0.2.0
  access_group_ids:
    description:
      - Identities of access groups whose models, MCP servers and agents the team may use besides.
    type: list
    version_added: 0.2.0
    elements: str
  object_permission:
    description:
      - Which other things the team's keys may use. A dictionary of lists, by the names that LiteLLM has for them, such
        as C(vector_stores), C(mcp_servers), C(mcp_access_groups), C(agents), C(agent_access_groups), C(search_tools)
        and C(skills), and of the dictionary C(mcp_tool_permissions).
      - What is not named in it is cleared.
    type: dict
    version_added: 0.2.0
  rpm_limit:
    description:
      - Most requests per minute, of all the team's keys together.
    type: int
  tpm_limit:
    description:
      - Most tokens per minute, of all the team's keys together.
    type: int
  tpd_limit:
    description:
      - Most tokens per day of the batches that the team's keys submit, which do not count for O(rpm_limit) and
        O(tpm_limit).
      - Needs LiteLLM 1.103 or newer.
    type: int
    version_added: 0.2.0
  rpm_limit_type:
    description:
      - Whether LiteLLM refuses to set more requests per minute than the organization has to give
        (V(guaranteed_throughput)), or leaves that to chance (V(best_effort_throughput)).
    type: str
    version_added: 0.2.0
    choices: [guaranteed_throughput, best_effort_throughput]
  tpm_limit_type:
    description:
      - The same for tokens per minute.
    type: str
    version_added: 0.2.0
    choices: [guaranteed_throughput, best_effort_throughput]
  model_rpm_limit:
    description:
      - Most requests per minute for each model, of all the team's keys together. A dictionary of the number by model.
    type: dict
    version_added: 0.2.0
  model_tpm_limit:
    description:
      - Most tokens per minute for each model, of all the team's keys together. A dictionary of the number by model.
    type: dict
    version_added: 0.2.0
  mcp_rpm_limit:
    description:
      - Most requests per minute to each MCP server, of all the team's keys together. A dictionary of the number by
        server.
    type: dict
    version_added: 0.2.0
  default_estimated_output_tokens:
    description:
      - How many tokens of output a request counts for O(tpm_limit) until it is answered, if it does not say
        C(max_tokens). At least 1.
    type: int
    version_added: 0.2.0
  default_estimated_output_tokens_per_model:
    description:
      - The same for each model. A dictionary of the number by model.
    type: dict
    version_added: 0.2.0
  max_budget:
    description:
      - Most that the team may spend, in US dollars. Per O(budget_duration), or ever when that is not set.
    type: float
  soft_budget:
    description:
      - Spending of which LiteLLM warns, in US dollars. It must be less than O(max_budget).
    type: float
    version_added: 0.2.0
  budget_duration:
    description:
      - After which time the spending starts at zero again. A number and a unit, which is V(s), V(m), V(h), V(d), V(w)
        or V(mo), for example V(30d).
      - LiteLLM begins a new period when this changes, and rounds its end, for example to the first of a month.
    type: str
  budget_limits:
    description:
      - Budgets for several periods at the same time, each of which holds besides O(max_budget).
      - LiteLLM begins new periods when this changes.
    type: list
    version_added: 0.2.0
    elements: dict
    suboptions:
      max_budget:
        description:
          - Most that the team may spend in one such period, in US dollars.
        type: float
        required: true
      budget_duration:
        description:
          - How long the period is. Units as in O(budget_duration).
        type: str
        required: true
  model_max_budget:
    description:
      - Most that each of the team's keys may spend on a model. A dictionary by model, of dictionaries with
        C(max_budget) in US dollars and C(budget_duration) in units as in O(budget_duration).
      - Needs an enterprise licence of LiteLLM, except to clear it. So does C(team_member_model_max_budget), which is no
        option here.
      - Needs LiteLLM 1.103 or newer.
    type: dict
    version_added: 0.2.0
  team_member_budget:
    description:
      - Most that each member may spend in the team, in US dollars, unless M(inference.gateway.litellm_team_member)
        gives them limits of their own.
    type: float
    version_added: 0.2.0
  team_member_budget_duration:
    description:
      - After which time the spending of each member starts at zero again. Units as in O(budget_duration).
      - When it is not given with the first of the limits for members, LiteLLM takes O(budget_duration).
    type: str
    version_added: 0.2.0
  team_member_rpm_limit:
    description:
      - Most requests per minute of each member.
    type: int
    version_added: 0.2.0
  team_member_tpm_limit:
    description:
      - Most tokens per minute of each member.
    type: int
    version_added: 0.2.0
  team_member_key_duration:
    description:
      - How long a key is valid that a member makes. Units as in O(budget_duration).
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: str
    version_added: 0.2.0
  team_member_permissions:
    description:
      - Routes for managing keys that members may use who are no admins of the team, besides V(/key/info) and
        V(/key/health), which every member may use.
      - Name only routes that the version of LiteLLM knows, it would accept others and then fail for every member.
    type: list
    version_added: 0.2.0
    elements: str
    choices:
      - /auto_router/manage
      - /key/access_group_assignment
      - /key/aliases
      - /key/block
      - /key/bulk_update
      - /key/delete
      - /key/generate
      - /key/health
      - /key/info
      - /key/list
      - /key/regenerate
      - /key/service-account/generate
      - /key/unblock
      - /key/update
      - "/key/{key_id}/regenerate"
      - "/key/{key_id}/reset_spend"
      - /spend/logs
      - /spend/logs/v2
      - /team/daily/activity
      - /team/daily/activity/aggregated
      - /team/key/bulk_update
  default_team_member_models:
    description:
      - Models that a new member may use, if nothing else is said. They must be among O(models).
    type: list
    version_added: 0.2.0
    elements: str
  tags:
    description:
      - Tags of the team's requests, for reports of spending and for routing.
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: list
    version_added: 0.2.0
    elements: str
  guardrails:
    description:
      - Guardrails that check the team's requests.
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: list
    version_added: 0.2.0
    elements: str
  disable_global_guardrails:
    description:
      - Whether the guardrails that check all requests leave out the team's.
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: bool
    version_added: 0.2.0
  policies:
    description:
      - Guardrail policies for the team's requests.
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: list
    version_added: 0.2.0
    elements: str
  prompts:
    description:
      - Prompts of LiteLLM's prompt management that the team may use.
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: list
    version_added: 0.2.0
    elements: str
  allowed_passthrough_routes:
    description:
      - Pass-through routes that the team's keys may use.
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: list
    version_added: 0.2.0
    elements: str
  denied_passthrough_routes:
    description:
      - Pass-through routes that the team's keys may not use, even when they are allowed.
      - Needs an enterprise licence of LiteLLM, except to clear it.
      - Needs LiteLLM 1.106 or newer.
    type: list
    version_added: 0.2.0
    elements: str
  allowed_vector_store_indexes:
    description:
      - Indexes of vector stores that the team's keys may use, and no others.
    type: list
    version_added: 0.2.0
    elements: dict
    suboptions:
      index_name:
        description:
          - Name of the index.
        type: str
        required: true
      index_permissions:
        description:
          - What may be done with it.
        type: list
        elements: str
        choices: [read, write]
        required: true
  enforced_file_expires_after:
    description:
      - After which time files that the team's keys upload are deleted, whatever the request says.
      - V(null) alone clears it. An empty dictionary lacks the time.
    type: dict
    version_added: 0.2.0
    suboptions:
      seconds:
        description:
          - The time, in seconds.
        type: int
        required: true
      anchor:
        description:
          - From when it counts.
        type: str
        choices: [created_at]
        default: created_at
  enforced_batch_output_expires_after:
    description:
      - The same for the results of batches.
      - V(null) alone clears it. An empty dictionary lacks the time.
    type: dict
    version_added: 0.2.0
    suboptions:
      seconds:
        description:
          - The time, in seconds.
        type: int
        required: true
      anchor:
        description:
          - From when it counts.
        type: str
        choices: [created_at]
        default: created_at
  secret_manager_settings:
    description:
      - Where in the secret manager the keys of the team are kept, for example C(namespace), C(mount) and
        C(path_prefix). No secrets.
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: dict
    version_added: 0.2.0
  require_trace_id:
    description:
      - Whether every request of the team must say which trace it belongs to.
      - Needs LiteLLM 1.108 or newer.
    type: bool
    version_added: 0.4.0
  router_settings:
    description:
      - Settings of LiteLLM's router for the team's requests, for example C(num_retries), C(timeout) in seconds and
        C(fallbacks).
    type: dict
    version_added: 0.2.0
  metadata:
    description:
      - Any data to keep with the team.
      - What LiteLLM keeps there for fields of other names, such as O(tags), O(guardrails) and O(model_rpm_limit), is
        only touched when it is named here.
      - C(logging) and C(callback_settings) hold what callbacks authenticate with. LiteLLM encrypts that, and ignores
        C(os.environ/NAME) there. It is never shown. A salted fingerprint is kept beside it, so that the same value is
        no change. When somebody else changes a value, that is not seen.
    type: dict
  force:
    description:
      - Delete the team although it has keys. They are blocked first, so that they stop working at once, and are
        deleted with it.
    type: bool
    default: false
seealso:
  - module: inference.gateway.litellm_team_info
  - module: inference.gateway.litellm_team_member
  - module: inference.gateway.litellm_organization
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

- name: Keep what the members of the search team may do
  inference.gateway.litellm_team:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    team_alias: search
    model_rpm_limit:
      chat-large: 60
    team_member_budget: 25
    team_member_budget_duration: 30d
    team_member_permissions: [/key/generate, /key/delete]
    object_permission:
      vector_stores: [handbook]

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
    secret_manager_settings:
      description: Where in the secret manager its keys are kept.
      type: dict
      returned: always
      sample: {namespace: search}
    require_trace_id:
      description: Whether its requests must say which trace they belong to.
      type: bool
      returned: always
      sample: false
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
from dataclasses import replace

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._keys_of import block, keys_of
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import FORCE, STATE
from ansible_collections.inference.gateway.plugins.module_utils._kinds.organization import ORGANIZATION
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    apply,
    find,
    lacking,
    make_plan,
)


def manage(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    goal = module.goal(TEAM, identity=module.params["team_id"])
    if goal.options is not None and "organization_alias" in module.given:
        goal = replace(goal, options=goal.options | module.parent_of(client, ORGANIZATION))
    plan = make_plan(goal, find(client, goal))
    keys = keys_of(client, plan, force=module.params["force"])
    module.stop_or_foretell(lacking(client, plan))
    if module.check_mode or not plan.changed:
        return plan.result()
    block(client, keys)
    return plan.result(apply(client, plan))


def main() -> None:
    module = LiteLLMModule(
        TEAM.options()
        | STATE
        | FORCE
        | {
            "team_id": {"type": "str"},
            "organization_alias": {"type": "str"},
        },
        mutually_exclusive=[("organization_alias", "organization_id")],
        secrets=TEAM.secret_texts,
    )
    module.run(manage)


if __name__ == "__main__":
    main()
