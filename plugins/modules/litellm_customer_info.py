#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_customer_info
short_description: Read the customers of a LiteLLM proxy
version_added: 0.2.0
description:
  - Returns all customers, or the one that is asked for.
  - Among them are those that LiteLLM adds for every new name that a request brings, which may be very many.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  user_id:
    description:
      - Only the customer of this identity, which is what requests have in C(user). It is compared exactly.
    type: str
seealso:
  - module: inference.gateway.litellm_customer
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.info
"""

EXAMPLES = r"""
- name: Read all customers
  inference.gateway.litellm_customer_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
  register: customers

- name: Read one customer
  inference.gateway.litellm_customer_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    user_id: acme
"""

RETURN = r"""
customers:
  description: The customers, sorted by identity. Empty when there is none.
  returned: success
  type: list
  elements: dict
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
from ansible_collections.inference.gateway.plugins.module_utils._kinds.customer import CUSTOMER
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import views


def read(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    asked = {"user_id": module.params["user_id"]}
    return {"changed": False, "customers": views(client, CUSTOMER, asked)}


def main() -> None:
    module = LiteLLMModule({"user_id": {"type": "str"}})
    module.run(read)


if __name__ == "__main__":
    main()
