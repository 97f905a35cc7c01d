#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_organization_info
short_description: Read the organizations of a LiteLLM proxy
version_added: 0.2.0
description:
  - Returns all organizations, or those that are asked for.
  - LiteLLM needs an enterprise licence for organizations. Without one, it refuses everything about them.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  organization_alias:
    description:
      - Only the organization of this name. It is compared exactly.
    type: str
  organization_id:
    description:
      - Only the organization of this identity.
    type: str
seealso:
  - module: inference.gateway.litellm_organization
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.info
"""

EXAMPLES = r"""
- name: Read all organizations
  inference.gateway.litellm_organization_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
  register: organizations

- name: Read one organization
  inference.gateway.litellm_organization_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    organization_alias: research
"""

RETURN = r"""
organizations:
  description: The organizations, sorted by alias. Empty when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    organization_id:
      description: Identity of the organization.
      type: str
      returned: always
      sample: 9a1f7d52-8c0b-4a8e-bb0e-54a4c61c4f0a
    organization_alias:
      description: Name of the organization. LiteLLM lets several organizations have one name.
      type: str
      returned: always
      sample: research
    models:
      description: Models that its teams may use. Every model when it is empty.
      type: list
      elements: str
      returned: always
      sample: [chat-small, chat-large]
    object_permission:
      description: Which other things its teams may use.
      type: dict
      returned: always
      sample: {vector_stores: [handbook]}
    budget_id:
      description: Identity of its budget.
      type: str
      returned: always
      sample: 428eeaa8-f3ac-4e85-a8fb-7dc8d7aa8689
    rpm_limit:
      description: Most requests per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 6000
    tpm_limit:
      description: Most tokens per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 10000000
    max_parallel_requests:
      description: Most requests at the same time. V(null) is no limit.
      type: int
      returned: always
      sample: 100
    max_budget:
      description: Most that it may spend, in US dollars. V(null) is no limit.
      type: float
      returned: always
      sample: 5000.0
    soft_budget:
      description: Spending of which LiteLLM warns, in US dollars.
      type: float
      returned: always
      sample: 4000.0
    budget_duration:
      description: After which time the spending starts at zero again.
      type: str
      returned: always
      sample: 30d
    model_max_budget:
      description: Most that may be spent by model.
      type: dict
      returned: always
      sample: {chat-large: {max_budget: 100.0, budget_duration: 1d}}
    model_rpm_limit:
      description: Most requests per minute by model.
      type: dict
      returned: always
      sample: {chat-large: 600}
    model_tpm_limit:
      description: Most tokens per minute by model.
      type: dict
      returned: always
      sample: {chat-large: 1000000}
    spend:
      description: What it has spent in this period, in US dollars.
      type: float
      returned: always
      sample: 125.5
    metadata:
      description: The data kept with it, without what LiteLLM keeps there for fields of other names.
      type: dict
      returned: always
      sample:
        cost_center: "4711"
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds.organization import ORGANIZATION
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import views


def read(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    asked = {name: module.params[name] for name in ("organization_alias", "organization_id")}
    return {"changed": False, "organizations": views(client, ORGANIZATION, asked)}


def main() -> None:
    module = LiteLLMModule({"organization_alias": {"type": "str"}, "organization_id": {"type": "str"}})
    module.run(read)


if __name__ == "__main__":
    main()
