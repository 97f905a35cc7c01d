#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_credential_info
short_description: Read the credentials of a LiteLLM proxy
version_added: 0.2.0
description:
  - Returns all credentials, or the one that is asked for, without their values.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  credential_name:
    description:
      - Only the credential of this name. It is compared exactly.
    type: str
seealso:
  - module: inference.gateway.litellm_credential
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.info
"""

EXAMPLES = r"""
- name: Read all credentials
  inference.gateway.litellm_credential_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
  register: credentials

- name: Read one credential
  inference.gateway.litellm_credential_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    credential_name: azure-west
"""

RETURN = r"""
credentials:
  description: The credentials, sorted by name. Empty when there is none.
  returned: success
  type: list
  elements: dict
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
      description: Name that LiteLLM's user interface shows. V(null) when it is the credential's own.
      type: str
      returned: always
      sample: Azure, West Europe
    source:
      description: Whether it is in LiteLLM's database (V(db)) or in its configuration file (V(config)).
      type: str
      returned: always
      sample: db
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds.credential import CREDENTIAL
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import views


def read(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    return {
        "changed": False,
        "credentials": views(client, CREDENTIAL, {"credential_name": module.params["credential_name"]}),
    }


def main() -> None:
    module = LiteLLMModule({"credential_name": {"type": "str", "no_log": False}})
    module.run(read)


if __name__ == "__main__":
    main()
