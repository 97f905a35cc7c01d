#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_budget_info
short_description: Read the budgets of a LiteLLM proxy
version_added: 0.2.0
description:
  - Returns all budgets, or the one that is asked for.
  - Among them are those that LiteLLM makes for the limits of single customers, keys and members of teams.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  budget_id:
    description:
      - Only the budget of this name. It is compared exactly.
    type: str
seealso:
  - module: inference.gateway.litellm_budget
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.info
"""

EXAMPLES = r"""
- name: Read all budgets
  inference.gateway.litellm_budget_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
  register: budgets

- name: Read one budget
  inference.gateway.litellm_budget_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    budget_id: free-tier
"""

RETURN = r"""
budgets:
  description: The budgets, sorted by name. Empty when there is none.
  returned: success
  type: list
  elements: dict
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

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds.budget import BUDGET
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import views


def read(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    asked = {"budget_id": module.params["budget_id"]}
    return {"changed": False, "budgets": views(client, BUDGET, asked)}


def main() -> None:
    module = LiteLLMModule({"budget_id": {"type": "str"}})
    module.run(read)


if __name__ == "__main__":
    main()
