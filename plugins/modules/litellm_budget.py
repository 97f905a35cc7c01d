#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_budget
short_description: Manage a budget of a LiteLLM proxy
version_added: 0.2.0
description:
  - Creates, changes and deletes a budget, which is a set of limits with a name, such as the tiers of a price list.
  - Customers are linked to it by name. Each of them may spend and ask as much as it says. See
    M(inference.gateway.litellm_customer). So may keys be.
  - LiteLLM makes budgets without a speaking name as well, for the limits of single customers, keys and members of
    teams. They are changed here too, by their identity.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  budget_id:
    description:
      - Name of the budget, which is its identity. LiteLLM cannot change it.
    type: str
    required: true
  state:
    description:
      - Whether the budget is to be there.
    type: str
    choices: [present, absent]
    default: present
  max_budget:
    description:
      - Most that each may spend, in US dollars. Per O(budget_duration), or ever when that is not set.
    type: float
  soft_budget:
    description:
      - Spending, in US dollars, after which LiteLLM sends an alert. Nothing is refused because of it.
    type: float
  budget_duration:
    description:
      - After which time the spending starts at zero again. A number and a unit, which is V(s), V(m), V(h), V(d), V(w)
        or V(mo), for example V(30d).
      - LiteLLM begins a new period when this changes, and rounds its end, for example to the first of a month.
    type: str
  rpm_limit:
    description:
      - Most requests per minute.
    type: int
  tpm_limit:
    description:
      - Most tokens per minute.
    type: int
  tpd_limit:
    description:
      - Most tokens per day in batches, which count here instead of against O(rpm_limit) and O(tpm_limit).
      - Needs LiteLLM 1.103 or newer.
    type: int
  max_parallel_requests:
    description:
      - Most requests at the same time.
    type: int
  model_max_budget:
    description:
      - Limits for single models. For each name of a model a dictionary with any of C(max_budget) in US dollars,
        C(budget_duration), C(rpm_limit) and C(tpm_limit).
      - LiteLLM wants an enterprise licence for it.
    type: dict
  force:
    description:
      - Delete the budget although customers or keys are linked to it. They are then without its limits.
    type: bool
    default: false
seealso:
  - module: inference.gateway.litellm_budget_info
  - module: inference.gateway.litellm_customer
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
    rpm_limit: 10

- name: Lift its limit of requests, and leave everything else as it is
  inference.gateway.litellm_budget:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    budget_id: free-tier
    rpm_limit: null

- name: Delete a budget
  inference.gateway.litellm_budget:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    budget_id: early-bird
    state: absent
"""

RETURN = r"""
budget:
  description: The budget as it is now, or in check mode as it would be. V(null) when it is not there.
  returned: success
  type: dict
  contains:
    budget_id:
      description: Name of the budget.
      type: str
      returned: always
      sample: free-tier
    max_budget:
      description: Most that each may spend, in US dollars. V(null) is no limit.
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
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import FORCE, STATE
from ansible_collections.inference.gateway.plugins.module_utils._kinds.budget import BUDGET
from ansible_collections.inference.gateway.plugins.module_utils._kinds.customer import CUSTOMER
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    apply,
    find,
    lacking,
    listed,
    make_plan,
)


def manage(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    goal = module.goal(BUDGET)
    plan = make_plan(goal, find(client, goal))
    if plan.action == "delete" and not module.params["force"]:
        refuse_linked(client, goal.alias)
    module.stop_or_foretell(lacking(client, plan))
    if module.check_mode or not plan.changed:
        return plan.result()
    return plan.result(apply(client, plan))


def refuse_linked(client: Client, budget_id: str) -> None:
    """Fail when something is linked to the budget: LiteLLM would silently take the limits away from it."""
    customers = listed(client, CUSTOMER, budget_id=budget_id)
    # LiteLLM makes a budget of its own for a key's soft limit.
    keys = [key for key in listed(client, KEY) if budget_id in (key["budget_id"], key["own_budget"])]
    if customers or keys:
        raise ApiError(
            f"Budget '{budget_id}' has customers ({len(customers)}) or keys ({len(keys)}), which would be without"
            " limits: give them another budget first, or set force to true."
        )


def main() -> None:
    module = LiteLLMModule(BUDGET.options() | STATE | FORCE)
    module.run(manage)


if __name__ == "__main__":
    main()
