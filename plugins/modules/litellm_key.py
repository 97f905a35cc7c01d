#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_key
short_description: Manage an API key of a LiteLLM proxy
description:
  - Creates, changes, rotates and deletes an API key, with the models that it may use and its limits.
  - A new key goes straight into a Kubernetes Secret, and nowhere else. It is never returned, logged or shown in a
    difference. The Secret is written first, so that there is never a key that nobody has. When LiteLLM then does not
    make the key, the Secret is put back as it was.
  - A key is found by its alias, which LiteLLM keeps unique.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  key_alias:
    description:
      - Name of the key.
    type: str
    required: true
  token:
    description:
      - Identity of the key, which is the SHA-256 of its value. RV(key.token) tells it.
      - With it, a key that has another alias is renamed to O(key_alias). There must be a key with it.
      - With O(state=absent), a key is only deleted when it has this identity and this alias, and its older generations
        stay.
    type: str
    version_added: 0.2.0
  state:
    description:
      - Whether the key is to be there.
      - A key that is deleted is blocked first, because the replicas of LiteLLM go on to accept a deleted key for a
        minute. Its older generations are deleted with it. With O(secret), it is taken out of the Secret as well.
    type: str
    choices: [present, absent]
    default: present
  blocked:
    description:
      - Whether requests with the key are refused. All replicas of LiteLLM know at once.
    type: bool
    version_added: 0.2.0
  team_alias:
    description:
      - Name of the team that the key belongs to. An empty value takes the key out of its team.
    type: str
  team_id:
    description:
      - Identity of the team that the key belongs to. An empty value takes the key out of its team.
    type: str
  user_id:
    description:
      - Identity of the user that the key belongs to, who must exist. An empty value takes the key from its user.
    type: str
    version_added: 0.2.0
  organization_alias:
    description:
      - Name of the organization that the key belongs to. An empty value takes the key out of its organization.
      - LiteLLM only tells of organizations with an enterprise licence.
    type: str
    version_added: 0.2.0
  organization_id:
    description:
      - Identity of the organization that the key belongs to. An empty value takes the key out of its organization.
    type: str
    version_added: 0.2.0
  agent_id:
    description:
      - Identity of the agent that the key belongs to.
    type: str
    version_added: 0.2.0
  models:
    description:
      - Models that the key may use, as LiteLLM's list of models names them. Model access groups, patterns such as
        V(openai/*) and V(all-team-models) are possible.
      - A name that LiteLLM does not serve is an error, because LiteLLM would accept it silently.
      - An empty list means every model of the team, or of the proxy for a key without a team.
    type: list
    elements: str
  aliases:
    description:
      - Other names under which the key reaches models. A dictionary of the model by its other name.
    type: dict
    version_added: 0.2.0
  access_group_ids:
    description:
      - Identities of access groups whose models, MCP servers and agents the key may use besides.
    type: list
    elements: str
    version_added: 0.2.0
  key_type:
    description:
      - What a new key is for. V(llm_api) lets it use models, V(management) manage other objects, V(read_only) read what
        there is, V(default) all that its owner may.
      - LiteLLM turns this into routes. It cannot change later, except with O(rotation) or O(recreate). Change
        O(allowed_routes) instead.
    type: str
    choices: [default, llm_api, management, read_only]
    version_added: 0.2.0
  allowed_routes:
    description:
      - Routes that the key may use, such as V(/v1/embeddings), or groups of routes, such as V(llm_api_routes) and
        V(info_routes). An empty list means all that its owner may use.
    type: list
    elements: str
    version_added: 0.2.0
  allowed_passthrough_routes:
    description:
      - Pass-through routes that the key may use.
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: list
    elements: str
    version_added: 0.2.0
  denied_passthrough_routes:
    description:
      - Pass-through routes that the key may not use, even when they are allowed.
      - Needs an enterprise licence of LiteLLM, except to clear it.
      - Needs LiteLLM 1.106 or newer.
    type: list
    elements: str
    version_added: 0.2.0
  permissions:
    description:
      - What LiteLLM's features look up of a key, for example C(pii) or C(allow_pii_controls). A new key only gets
        C(get_spend_routes) with an enterprise licence.
    type: dict
    version_added: 0.2.0
  object_permission:
    description:
      - Which other things the key may use. A dictionary of lists, by the names that LiteLLM has for them, such as
        C(vector_stores), C(mcp_servers), C(mcp_access_groups), C(agents), C(agent_access_groups), C(search_tools) and
        C(skills), and of the dictionary C(mcp_tool_permissions).
      - What is not named in it is cleared.
    type: dict
    version_added: 0.2.0
  allowed_vector_store_indexes:
    description:
      - Indexes of vector stores that the key may use, and no others.
    type: list
    elements: dict
    version_added: 0.2.0
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
  rpm_limit:
    description:
      - Most requests per minute. With V(0) every request is refused.
    type: int
  tpm_limit:
    description:
      - Most tokens per minute.
    type: int
  tpd_limit:
    description:
      - Most tokens per day of the batches that are submitted with the key, which do not count for O(rpm_limit) and
        O(tpm_limit).
      - Needs LiteLLM 1.103 or newer.
    type: int
    version_added: 0.2.0
  rpm_limit_type:
    description:
      - Whether LiteLLM refuses to set more requests per minute than the team has to give (V(guaranteed_throughput)),
        leaves that to chance (V(best_effort_throughput)), or only holds to the limit while the model fails
        (V(dynamic)).
    type: str
    choices: [guaranteed_throughput, best_effort_throughput, dynamic]
    version_added: 0.2.0
  tpm_limit_type:
    description:
      - The same for tokens per minute.
    type: str
    choices: [guaranteed_throughput, best_effort_throughput, dynamic]
    version_added: 0.2.0
  max_parallel_requests:
    description:
      - Most requests at the same time.
    type: int
  model_rpm_limit:
    description:
      - Most requests per minute for each model. A dictionary of the number by model.
    type: dict
    version_added: 0.2.0
  model_tpm_limit:
    description:
      - Most tokens per minute for each model. A dictionary of the number by model.
    type: dict
    version_added: 0.2.0
  mcp_rpm_limit:
    description:
      - Most requests per minute to each MCP server. A dictionary of the number by server.
    type: dict
    version_added: 0.2.0
  tag_rpm_limit:
    description:
      - Most requests per minute with each tag of requests. A dictionary of the number by tag.
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
      - Most that may be spent with the key, in US dollars. Per O(budget_duration), or ever when that is not set. With
        V(0) every request is refused.
    type: float
  soft_budget:
    description:
      - Spending of which LiteLLM warns, in US dollars.
      - LiteLLM makes a budget for it. A key with O(budget_id) has the soft budget of that one.
      - Needs LiteLLM 1.102 or newer.
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
    elements: dict
    version_added: 0.2.0
    suboptions:
      max_budget:
        description:
          - Most that may be spent in one such period, in US dollars.
        type: float
        required: true
      budget_duration:
        description:
          - How long the period is. Units as in O(budget_duration).
        type: str
        required: true
  budget_id:
    description:
      - Identity of a budget that the key has, with its limits, which must exist. The key's own limits go before them.
    type: str
    version_added: 0.2.0
  model_max_budget:
    description:
      - Most that may be spent on a model. A dictionary by model, of dictionaries with C(max_budget) in US dollars and
        C(budget_duration) in units as in O(budget_duration).
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: dict
    version_added: 0.2.0
  budget_fallbacks:
    description:
      - Models that are asked, one after the other, instead of one whose part of O(model_max_budget) is spent. A
        dictionary of lists by model.
    type: dict
    version_added: 0.2.0
  temp_budget_increase:
    description:
      - What may be spent in addition to O(max_budget) until O(temp_budget_expiry), in US dollars. Nothing without that.
    type: float
    version_added: 0.2.0
  temp_budget_expiry:
    description:
      - Until when O(temp_budget_increase) counts. A moment, for example V(2027-01-31T12:00:00Z).
    type: str
    version_added: 0.2.0
  throttle_on_budget_exceeded:
    description:
      - Whether requests are slowed down and not refused when O(max_budget) is spent. The proxy's setting
        C(budget_exceeded_throttle_percentage) says to which part of O(rpm_limit) and O(tpm_limit).
    type: bool
    version_added: 0.2.0
  end_user_budget_id:
    description:
      - Identity of the budget that an end user gets who comes with this key first and has none.
      - Needs LiteLLM 1.103 or newer.
    type: str
    version_added: 0.2.0
  tags:
    description:
      - Tags of the key's requests, for reports of spending and for routing.
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: list
    elements: str
    version_added: 0.2.0
  guardrails:
    description:
      - Guardrails that check the key's requests.
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: list
    elements: str
    version_added: 0.2.0
  disable_global_guardrails:
    description:
      - Whether the guardrails that check all requests leave out the key's.
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: bool
    version_added: 0.2.0
  policies:
    description:
      - Guardrail policies for the key's requests.
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: list
    elements: str
    version_added: 0.2.0
  prompts:
    description:
      - Prompts of LiteLLM's prompt management that the key may use.
      - Needs an enterprise licence of LiteLLM, except to clear it.
    type: list
    elements: str
    version_added: 0.2.0
  enforced_params:
    description:
      - What every request must say, such as V(user) or V(metadata.ticket).
      - LiteLLM keeps it without an enterprise licence as well, but then refuses every request with the key.
    type: list
    elements: str
    version_added: 0.2.0
  enable_prompt_caching:
    description:
      - Whether LiteLLM marks what a provider is to cache of the key's requests.
    type: bool
    version_added: 0.2.0
  allowed_cache_controls:
    description:
      - What requests may say to LiteLLM's own cache, such as V(no-cache), V(no-store) and V(ttl).
    type: list
    elements: str
    version_added: 0.2.0
  router_settings:
    description:
      - Settings of LiteLLM's router for the key's requests, for example C(num_retries), C(timeout) in seconds and
        C(fallbacks).
    type: dict
    version_added: 0.2.0
  duration:
    description:
      - How long the key is valid, counted from when this is set or changed. Units as in O(budget_duration).
      - LiteLLM only keeps the date of expiry. What was asked for is remembered in the key's metadata, so that a second
        run does not prolong the key.
    type: str
  metadata:
    description:
      - Any data to keep with the key.
      - What LiteLLM keeps there for fields of other names, such as O(tags), O(guardrails) and O(model_rpm_limit), is
        only touched when it is named here.
      - C(logging) and C(callback_settings) hold what callbacks authenticate with. LiteLLM encrypts that, and ignores
        C(os.environ/NAME) there. It is never shown. A salted fingerprint is kept beside it, so that the same value is
        no change. When somebody else changes a value, that is not seen.
    type: dict
  key:
    description:
      - The value of the key, when it is not to be made up. Must begin with V(sk-). Spaces and line breaks around it are
        left out.
      - LiteLLM cannot change the value of a key. See O(recreate).
    type: str
  secret:
    description:
      - The Kubernetes Secret that holds the key. Without it and without O(key), a key cannot be created, because its
        value would be lost.
      - It gets the label C(app.kubernetes.io/managed-by=inference.gateway). A Secret that exists without this label is
        not touched.
      - Whoever runs this must be allowed to get, create, patch and delete Secrets in the namespace.
      - On later runs the Secret is compared with what LiteLLM has. See O(recreate).
    type: dict
    suboptions:
      name:
        description:
          - Name of the Secret.
        type: str
        required: true
      namespace:
        description:
          - Namespace of the Secret. It must exist. That it does not is said before anything is changed, to whoever may
            get it.
        type: str
        required: true
      key:
        description:
          - Name of the entry in the Secret that holds the key. Other entries are left alone.
        type: str
        default: api-key
      labels:
        description:
          - More labels for the Secret.
        type: dict
        default: {}
  rotation:
    description:
      - When another key takes the place of this one. It has what this one has and what is given here, goes on with what
        was spent, and is delivered into O(secret), which must be given.
      - The old key goes on working for O(rotation.grace), under the alias C(<alias>@<beginning of its token>).
        M(inference.gateway.litellm_key_info) shows it. The first run after it has expired deletes it.
      - At every moment, O(secret) holds a key that works. The next run finishes what was interrupted.
      - Not the same as LiteLLM's own rotation, which needs an enterprise licence, and tells nobody the new value. So
        C(auto_rotate) and C(rotation_interval) are no options here.
    type: dict
    version_added: 0.2.0
    suboptions:
      every:
        description:
          - How old a key may become. A run that finds it older makes another. Units as in O(budget_duration).
        type: str
      generation:
        description:
          - Anything that names a generation of the key, such as V(2) or V(2027-01). It is remembered with the key. A
            key that was made with another one, or without one, is replaced once. An empty one is the same as none.
        type: str
      grace:
        description:
          - How long the old key goes on working. Units as in O(budget_duration). With an empty value it is deleted at
            once. A key that would have expired before does so.
        type: str
        default: 24h
  recreate:
    description:
      - What to do when the key exists, but O(secret) does not hold it, or O(key) is another value. With V(false) this
        is an error. With V(true) another key takes its place, as with O(rotation). The old value stops working then,
        after O(rotation.grace) if that is given.
    type: bool
    default: false
  kubeconfig:
    description:
      - Path to the kubeconfig, or the dictionary that is in it, of the cluster that O(secret) is in.
      - When it is not given, the environment variable E(K8S_AUTH_KUBECONFIG) is used, then the cluster that this runs
        in, then E(KUBECONFIG), then C(~/.kube/config). The other C(K8S_AUTH_) variables of C(kubernetes.core) work too.
    type: raw
  context:
    description:
      - Context in the kubeconfig.
      - When it is not given, the environment variable E(K8S_AUTH_CONTEXT) is used.
    type: str
requirements:
  - kubernetes, for O(secret)
seealso:
  - module: inference.gateway.litellm_key_info
  - module: inference.gateway.litellm_team
  - plugin: inference.gateway.delivered_key
    plugin_type: lookup
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.managed
"""

EXAMPLES = r"""
- name: Keep a key of the search team, and deliver it to where it is used
  inference.gateway.litellm_key:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: search-backend
    team_alias: search
    models: [chat-small]
    rpm_limit: 120
    tpm_limit: 200000
    max_parallel_requests: 8
    max_budget: 50
    budget_duration: 30d
    secret:
      name: search-backend-llm
      namespace: search

- name: Replace the key every 90 days, and let the old one work for another day
  inference.gateway.litellm_key:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: search-backend
    secret:
      name: search-backend-llm
      namespace: search
    rotation:
      every: 90d
      grace: 24h

- name: Replace the key once, because it has become known, and let the old one stop at once
  inference.gateway.litellm_key:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: search-backend
    secret:
      name: search-backend-llm
      namespace: search
    rotation:
      generation: incident-4711
      grace: null

- name: Replace a key whose Secret was deleted
  inference.gateway.litellm_key:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: search-backend
    recreate: true
    secret:
      name: search-backend-llm
      namespace: search

- name: Keep a key whose value comes from a vault
  inference.gateway.litellm_key:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: batch
    key: "{{ vaulted_batch_key }}"

- name: Let a key use two models only, one of them slowly
  inference.gateway.litellm_key:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: batch
    models: [chat-small, chat-large]
    model_rpm_limit:
      chat-large: 10
    allowed_routes: [/v1/chat/completions]

- name: Refuse all requests with a key for the time being
  inference.gateway.litellm_key:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: batch
    blocked: true

- name: Rename a key
  inference.gateway.litellm_key:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: nightly-batch
    token: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08

- name: Delete a key, and its Secret
  inference.gateway.litellm_key:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: search-backend
    state: absent
    secret:
      name: search-backend-llm
      namespace: search
"""

RETURN = r"""
key:
  description:
    - The key as it is now, or in check mode as it would be, without its value. V(null) when it is not there.
  returned: success
  type: dict
  contains:
    token:
      description: Identity of the key, which is the SHA-256 of its value. It cannot be used in the place of the key.
      type: str
      returned: always
      sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    key_alias:
      description: Name of the key.
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
from dataclasses import replace

from ansible_collections.inference.gateway.plugins.module_utils import _kubeconfig, _rotation, _secret
from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._key_value import digest, no_key
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import STATE
from ansible_collections.inference.gateway.plugins.module_utils._kinds.budget import BUDGET
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._kinds.organization import ORGANIZATION
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM
from ansible_collections.inference.gateway.plugins.module_utils._kinds.user import USER
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    Goal,
    apply,
    find,
    lacking,
    make_plan,
    unknown,
)
from ansible_collections.inference.gateway.plugins.module_utils._rotation import Generations, other_generations
from ansible_collections.inference.gateway.plugins.module_utils._secret import (
    DELIVERED,
    NOT_DELIVERED,
    Delivery,
    KeySecret,
    refuse_foreign,
    with_change,
)


def manage(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    if module.params["rotation"]:
        _rotation.refuse_impossible(module.params["rotation"])
    goal = module.goal(KEY, identity=module.params["token"])
    live = find(client, goal)
    alias = live["key_alias"] if live else goal.alias
    keys = Generations(client, alias, live, other_generations(client, alias), check=module.check_mode)
    # Read after the keys: a successor that it does not hold by now was not delivered.
    secret = KeySecret.of(module.params)
    if goal.options is None:
        return delete(module, client, goal, keys, secret)
    if goal.identity and not live:
        raise ApiError(f"No key has the token {goal.identity}: look it up again, or leave it out to have a key made.")
    parents = module.parent_of(client, TEAM) | module.parent_of(client, ORGANIZATION)
    return keep(module, client, replace(goal, options=goal.options | parents), keys, secret)


def keep(
    module: LiteLLMModule, client: Client, goal: Goal, keys: Generations, secret: KeySecret | None
) -> dict[str, t.Any]:
    rotation = module.params["rotation"]
    if module.params["key"]:
        take_key(module)
    known = module.params["key"] or (secret.value or "" if secret else None)
    there = keys.heir(known) or keys.current
    due = bool(there and rotation and _rotation.due(rotation, there))
    delivery = Delivery.of(goal.alias, there, module.params, secret, keys.foreign, due=due)
    if delivery.value:
        module.no_log_values.add(delivery.value)
    goal = replace(goal, options=goal.options | _rotation.options(rotation))
    plan = make_plan(goal, there)
    if not delivery.new:
        plan.refuse_impossible()
    module.stop_or_foretell(delivery.secret and delivery.secret.nowhere)
    module.stop_or_foretell(unknown(client, plan, USER, BUDGET))
    module.stop_or_foretell(lacking(client, plan))

    names, grace = keys.names, rotation and rotation["grace"]
    keys.settle(known, grace)
    if delivery.new:
        keys.make(goal.options, delivery.value, delivery.secret, grace)
    if keys.alias != goal.alias:
        keys.rename(goal.alias)
    live = None
    if not module.check_mode:
        rest = make_plan(goal, keys.current)
        live = apply(client, rest) if rest.changed else keys.current
        if delivery.secret and not delivery.new:
            delivery.secret.write(delivery.value)

    result = with_change(plan.result(live), "generations", names, keys.names)
    if delivery.new and there:
        result = with_change(result, "value", f"of {there['created_at']}", "new")
    return with_change(result, "secret", delivery.before, DELIVERED)


def take_key(module: LiteLLMModule) -> None:
    """See that the value that is given can be that of a key, without the line break that a file may end with."""
    reason = no_key(module.params["key"])
    if reason:
        raise ApiError(f"key {reason}.")
    module.params["key"] = module.params["key"].strip()
    module.no_log_values.add(module.params["key"])


def delete(
    module: LiteLLMModule, client: Client, goal: Goal, keys: Generations, secret: KeySecret | None
) -> dict[str, t.Any]:
    """Delete the key with all its generations; with a token, that one alone."""
    plan = make_plan(goal, keys.current)
    value = secret and secret.value
    # The Secret is that of the present key, unless it still holds the one that is meant.
    if goal.identity and not plan.changed and not (value and digest(value) == goal.identity):
        secret = None
    if secret:
        refuse_foreign(keys.foreign, goal.alias, None, secret)
    names = keys.names
    if not goal.identity:
        keys.delete_others()
    if not module.check_mode and plan.changed:
        apply(client, plan)
    result = with_change(plan.result(), "generations", names, keys.names)
    if secret is None or not secret.present:
        return result
    if not module.check_mode:
        secret.remove()
    return with_change(result, "secret", DELIVERED, NOT_DELIVERED)


def main() -> None:
    module = LiteLLMModule(
        KEY.options()
        | STATE
        | _secret.ARGUMENT_SPEC
        | _rotation.ARGUMENT_SPEC
        | {
            "team_alias": {"type": "str"},
            "organization_alias": {"type": "str"},
            "token": {"type": "str", "no_log": False},
            "key": {"type": "str", "no_log": True},
            "recreate": {"type": "bool", "default": False},
        },
        mutually_exclusive=[
            ("team_alias", "team_id"),
            ("organization_alias", "organization_id"),
            ("key", "rotation"),
            ("token", "rotation"),
            ("token", "recreate"),
            *KEY.exclusive,
        ],
        required_by={"rotation": "secret"},
        secrets=lambda params: KEY.secret_texts(params) | _kubeconfig.secret_texts(params),
    )
    module.run(manage)


if __name__ == "__main__":
    main()
