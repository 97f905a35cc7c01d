#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_user_info
short_description: Read the users of a LiteLLM proxy
version_added: 0.2.0
description:
  - Returns all users, or the one that is asked for.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  user_id:
    description:
      - Only the user of this identity. It is compared exactly.
    type: str
  user_email:
    description:
      - Only the user of this address. It is compared exactly, in its case of letters too.
    type: str
seealso:
  - module: inference.gateway.litellm_user
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.info
"""

EXAMPLES = r"""
- name: Read all users
  inference.gateway.litellm_user_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
  register: users

- name: Find the identity of a user
  inference.gateway.litellm_user_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    user_email: alice@example.com
  register: alice
"""

RETURN = r"""
users:
  description: The users, sorted by identity. Empty when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    user_id:
      description: Identity of the user.
      type: str
      returned: always
      sample: alice
    user_email:
      description: Address of the user.
      type: str
      returned: always
      sample: alice@example.com
    user_alias:
      description: Name of the user, as people read it.
      type: str
      returned: always
      sample: Alice
    user_role:
      description: What the user may do in LiteLLM.
      type: str
      returned: always
      sample: internal_user
    sso_user_id:
      description: Identity of the user at the provider of single sign-on.
      type: str
      returned: always
      sample: 00u1a2b3c4
    teams:
      description: Identities of the teams that the user is a member of.
      type: list
      elements: str
      returned: always
      sample: [2f6c8a0e-5d1f-4c1e-9a55-0f7f0c8b2a11]
    models:
      description: Models that the user may use. Every model when it is empty.
      type: list
      elements: str
      returned: always
      sample: [chat-small]
    object_permission:
      description: Which other things the user may use.
      type: dict
      returned: always
      sample: {vector_stores: [handbook]}
    rpm_limit:
      description: Most requests per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 60
    tpm_limit:
      description: Most tokens per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 100000
    max_parallel_requests:
      description: Most requests at the same time. V(null) is no limit.
      type: int
      returned: always
      sample: 4
    max_budget:
      description: Most that the user may spend, in US dollars. V(null) is no limit.
      type: float
      returned: always
      sample: 20.0
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
    model_max_budget:
      description: Most that the user may spend on single models.
      type: dict
      returned: always
      sample:
        chat-large:
          max_budget: 5.0
          budget_duration: 30d
    spend:
      description: What the user has spent in this period, in US dollars.
      type: float
      returned: always
      sample: 1.25
    metadata:
      description: The data kept with the user, without what LiteLLM keeps there for fields of its own.
      type: dict
      returned: always
      sample:
        cost_center: "4711"
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds.user import USER
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import views


def read(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    asked = {name: module.params[name] for name in ("user_id", "user_email")}
    return {"changed": False, "users": views(client, USER, asked)}


def main() -> None:
    module = LiteLLMModule({"user_id": {"type": "str"}, "user_email": {"type": "str"}})
    module.run(read)


if __name__ == "__main__":
    main()
