#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_credential
short_description: Manage a credential of a LiteLLM proxy
version_added: 0.2.0
description:
  - Creates, changes and deletes a credential, which is what several models authenticate with at a provider. A model
    refers to it by C(litellm_credential_name).
  - Credentials are kept in LiteLLM's database, encrypted. One that comes from LiteLLM's configuration file can be
    neither changed nor deleted. Trying to is an error.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  credential_name:
    description:
      - Name of the credential. LiteLLM keeps it unique and cannot change it.
    type: str
    required: true
  state:
    description:
      - Whether the credential is to be there.
      - LiteLLM deletes a credential although models refer to it.
    type: str
    choices: [present, absent]
    default: present
  credential_values:
    description:
      - What the provider wants, as LiteLLM's parameters name it. For example C(api_key), C(api_base) and
        C(api_version). An entry that is not given, or is V(null), is removed.
      - LiteLLM does not give the values back. With the credential, a salted fingerprint of each is kept, so that the
        same value is no change. When somebody else changes a value, that is not seen. When somebody else adds or
        removes one, it is. A value that was not set by this module is set once.
      - A new credential needs at least one.
      - To take single ones away needs LiteLLM 1.106 or newer.
    type: dict
  credential_info:
    description:
      - What is to be known of the credential. For example C(custom_llm_provider), which is the provider that LiteLLM's
        user interface shows, or anything else.
    type: dict
  display_name:
    description:
      - Name that LiteLLM's user interface shows.
      - Needs LiteLLM 1.106 or newer.
    type: str
seealso:
  - module: inference.gateway.litellm_credential_info
  - module: inference.gateway.litellm_model
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.managed
"""

EXAMPLES = r"""
- name: Keep what the models in Azure authenticate with
  inference.gateway.litellm_credential:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    credential_name: azure-west
    credential_values:
      api_key: "{{ vaulted_azure_key }}"
      api_base: https://west.openai.azure.com
      api_version: 2025-04-01-preview
    credential_info:
      custom_llm_provider: azure

- name: Delete a credential
  inference.gateway.litellm_credential:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    credential_name: azure-east
    state: absent
"""

RETURN = r"""
credential:
  description: The credential as it is now, or in check mode as it would be. V(null) when it is not there.
  returned: success
  type: dict
  contains:
    credential_name:
      description: Name of the credential.
      type: str
      returned: always
      sample: azure-west
    credential_values:
      description: The names of the values. In the place of each value stands V((hidden\)).
      type: dict
      returned: always
      sample:
        api_key: (hidden)
        api_base: (hidden)
    credential_info:
      description: What is known of the credential.
      type: dict
      returned: always
      sample:
        custom_llm_provider: azure
    display_name:
      description: Name that LiteLLM's user interface shows. V(null) when it is O(credential_name).
      type: str
      returned: always
      sample: Azure, West Europe
    source:
      description:
        - Whether it is in LiteLLM's database (V(db)) or in its configuration file (V(config)). In check mode V(null)
          for one that is to be created.
      type: str
      returned: always
      sample: db
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import STATE
from ansible_collections.inference.gateway.plugins.module_utils._kinds.credential import CREDENTIAL
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    apply,
    find,
    lacking,
    make_plan,
)


def manage(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    goal = module.goal(CREDENTIAL)
    plan = make_plan(goal, find(client, goal))
    plan.refuse_impossible()
    module.stop_or_foretell(lacking(client, plan))
    if module.check_mode or not plan.changed:
        return plan.result()
    return plan.result(apply(client, plan))


def main() -> None:
    module = LiteLLMModule(
        CREDENTIAL.options() | STATE,
        # no_log alone does not find them in a dictionary that is given as text.
        secrets=CREDENTIAL.secret_texts,
    )
    module.run(manage)


if __name__ == "__main__":
    main()
