#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_customer
short_description: Manage a customer of a LiteLLM proxy
version_added: 0.2.0
description:
  - Creates, changes, blocks and deletes a customer, which LiteLLM also calls an end user. A request is a customer's
    when its C(user) names the customer, whatever key it comes with.
  - LiteLLM adds a customer without any limits for every new name that a request brings.
  - How much a customer may spend and ask is said by a budget. Customers of one price share one by O(budget_id), see
    M(inference.gateway.litellm_budget). A new customer may get one of its own by giving the limits here instead.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  user_id:
    description:
      - Identity of the customer, which is what requests have in C(user). LiteLLM cannot change it.
    type: str
    required: true
  state:
    description:
      - Whether the customer is to be there.
      - A customer that is deleted comes back without limits with the next request. A budget whose C(rpm_limit) is V(0)
        keeps it out.
      - A budget that was made for the customer alone stays. See M(inference.gateway.litellm_budget).
    type: str
    choices: [present, absent]
    default: present
  alias:
    description:
      - Name of the customer, as people read it.
    type: str
  blocked:
    description:
      - Whether the customer's requests are refused.
      - LiteLLM only heeds it with an enterprise licence, and with C(blocked_user_check) among its callbacks. Else,
        give a budget whose C(rpm_limit) is V(0).
      - To be taken back it needs LiteLLM 1.101 or newer.
    type: bool
  budget_id:
    description:
      - Name of the budget that the customer has. It must exist.
      - LiteLLM cannot clear it, only change it.
    type: str
  max_budget:
    description:
      - Most that the customer may spend, in US dollars. Per O(budget_duration), or ever when that is not set.
      - This and the other limits make a budget for a new customer. Later they are changed in that budget, with
        M(inference.gateway.litellm_budget) and RV(customer.budget_id).
    type: float
  soft_budget:
    description:
      - Spending, in US dollars, after which LiteLLM sends an alert. For a new customer only, see O(max_budget).
    type: float
  budget_duration:
    description:
      - After which time the spending starts at zero again. A number and a unit, which is V(s), V(m), V(h), V(d), V(w)
        or V(mo), for example V(30d). For a new customer only, see O(max_budget).
    type: str
  rpm_limit:
    description:
      - Most requests per minute. For a new customer only, see O(max_budget).
    type: int
  tpm_limit:
    description:
      - Most tokens per minute. For a new customer only, see O(max_budget).
    type: int
  tpd_limit:
    description:
      - Most tokens per day in batches. For a new customer only, see O(max_budget).
      - Needs LiteLLM 1.103 or newer.
    type: int
  max_parallel_requests:
    description:
      - Most requests at the same time. For a new customer only, see O(max_budget).
    type: int
  model_max_budget:
    description:
      - Limits for single models. For each name of a model a dictionary with any of C(max_budget) in US dollars,
        C(budget_duration), C(rpm_limit) and C(tpm_limit). For a new customer only, see O(max_budget).
    type: dict
  models:
    description:
      - Models that may be used for the customer, as LiteLLM's list of models names them.
      - A name that LiteLLM does not serve is an error, because LiteLLM would accept it silently.
      - An empty list means every model that the key may use.
      - Needs LiteLLM 1.106 or newer.
    type: list
    elements: str
  object_permission:
    description:
      - Which other things the customer may use. A dictionary of lists, by the names that LiteLLM has for them, such as
        C(vector_stores), C(mcp_servers), C(mcp_access_groups), C(agents), C(agent_access_groups), C(search_tools) and
        C(skills), and of the dictionary C(mcp_tool_permissions).
      - What is not named in it is cleared.
    type: dict
    version_added: 0.3.0
  default_model:
    description:
      - Model that LiteLLM takes when it has none in O(allowed_model_region). It must be one that LiteLLM serves.
    type: str
  allowed_model_region:
    description:
      - Region that the customer's requests must stay in.
      - LiteLLM cannot clear it.
    type: str
    choices: [eu, us]
seealso:
  - module: inference.gateway.litellm_customer_info
  - module: inference.gateway.litellm_budget
  - module: inference.gateway.litellm_user
    description: For people with keys of their own.
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.managed
"""

EXAMPLES = r"""
- name: Keep the budget of the free tier
  inference.gateway.litellm_budget:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    budget_id: free-tier
    max_budget: 1.5
    budget_duration: 1d

- name: Keep a customer of the free tier
  inference.gateway.litellm_customer:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    user_id: acme
    alias: ACME Corporation
    budget_id: free-tier
    models: [chat-small]

- name: Keep a budget with which every request is refused
  inference.gateway.litellm_budget:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    budget_id: suspended
    rpm_limit: 0

- name: Refuse the requests of a customer
  inference.gateway.litellm_customer:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    user_id: acme
    budget_id: suspended

- name: Forget a customer
  inference.gateway.litellm_customer:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    user_id: acme
    state: absent
"""

RETURN = r"""
customer:
  description: The customer as it is now, or in check mode as it would be. V(null) when it is not there.
  returned: success
  type: dict
  contains:
    user_id:
      description: Identity of the customer.
      type: str
      returned: always
      sample: acme
    alias:
      description: Name of the customer, as people read it.
      type: str
      returned: always
      sample: ACME Corporation
    blocked:
      description: Whether the customer's requests are refused.
      type: bool
      returned: always
      sample: false
    budget_id:
      description: Name of the budget that the customer has. LiteLLM makes up one for a budget of the customer's own.
      type: str
      returned: always
      sample: free-tier
    max_budget:
      description: Most that the customer may spend, in US dollars. V(null) is no limit.
      type: float
      returned: always
      sample: 1.5
    soft_budget:
      description: Spending, in US dollars, after which LiteLLM sends an alert.
      type: float
      returned: always
      sample: 1.0
    budget_duration:
      description: After which time the spending starts at zero again.
      type: str
      returned: always
      sample: 1d
    budget_reset_at:
      description: When that happens next.
      type: str
      returned: always
      sample: "2026-12-01T00:00:00Z"
    rpm_limit:
      description: Most requests per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 10
    tpm_limit:
      description: Most tokens per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 10000
    tpd_limit:
      description: Most tokens per day in batches. V(null) is no limit.
      type: int
      returned: always
      sample: 1000000
    max_parallel_requests:
      description: Most requests at the same time. V(null) is no limit.
      type: int
      returned: always
      sample: 2
    model_max_budget:
      description: Limits for single models.
      type: dict
      returned: always
      sample:
        chat-large:
          max_budget: 0.5
          budget_duration: 1d
    models:
      description: Models that may be used for the customer. Every model that the key may use when it is empty.
      type: list
      elements: str
      returned: always
      sample: [chat-small]
    object_permission:
      description: Which other things the customer may use.
      type: dict
      returned: always
      sample: {vector_stores: [handbook]}
    default_model:
      description: Model that LiteLLM takes when it has none in the region.
      type: str
      returned: always
      sample: chat-small
    allowed_model_region:
      description: Region that the customer's requests must stay in.
      type: str
      returned: always
      sample: eu
    spend:
      description: What was spent for the customer in this period, in US dollars.
      type: float
      returned: always
      sample: 0.25
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import STATE
from ansible_collections.inference.gateway.plugins.module_utils._kinds.budget import BUDGET
from ansible_collections.inference.gateway.plugins.module_utils._kinds.customer import CUSTOMER, LIMITS
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    Plan,
    apply,
    find,
    lacking,
    make_plan,
    served_models,
    unknown,
)


def manage(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    goal = module.goal(CUSTOMER)
    plan = make_plan(goal, find(client, goal))
    plan.refuse_impossible()
    module.stop_or_foretell(unknown(client, plan, BUDGET))
    module.stop_or_foretell(lacking(client, plan))
    module.stop_or_foretell(unknown_default_model(client, plan))
    if module.check_mode or not plan.changed:
        return plan.result()
    return plan.result(apply(client, plan))


def unknown_default_model(client: Client, plan: Plan) -> str | None:
    """The sentence about a default model that LiteLLM does not serve, which it notices of a new customer only."""
    model = plan.after.get("default_model")
    if not model or model in served_models(client):
        return None
    return f"default_model is {model}, which LiteLLM does not serve."


def main() -> None:
    module = LiteLLMModule(
        CUSTOMER.options() | STATE,
        # LiteLLM would ignore the name when limits are given with it.
        mutually_exclusive=[("budget_id", limit.name) for limit in LIMITS],
    )
    module.run(manage)


if __name__ == "__main__":
    main()
