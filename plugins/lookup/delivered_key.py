# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: delivered_key
short_description: Read an API key from the Kubernetes Secret that it was delivered into
version_added: 0.2.0
author:
  - inference.gateway contributors (@inference-gateway)
description:
  - Returns the value of a key that M(inference.gateway.litellm_key) has delivered, for a task that has to send it.
  - This plugin shows nothing of the value, at whatever verbosity. A task shows its own arguments, though. Set C(no_log)
    to V(true) on every task that uses it, or a variable that is made of it.
  - Whoever runs this must be allowed to get Secrets in the namespace.
options:
  _terms:
    description:
      - Names of the Secrets.
    type: list
    elements: str
    required: true
  namespace:
    description:
      - Namespace of the Secrets.
    type: str
    required: true
  entry:
    description:
      - Name of the entry in the Secret that holds the key.
    type: str
    default: api-key
  kubeconfig:
    description:
      - Path to the kubeconfig, or the dictionary that is in it, of the cluster that the Secrets are in.
      - When it is not given, the environment variable E(K8S_AUTH_KUBECONFIG) is used, then the cluster that this runs
        in, then E(KUBECONFIG), then C(~/.kube/config). The other C(K8S_AUTH_) variables of C(kubernetes.core) work too.
    type: raw
  context:
    description:
      - Context in the kubeconfig.
      - When it is not given, the environment variable E(K8S_AUTH_CONTEXT) is used.
    type: str
requirements:
  - kubernetes
seealso:
  - module: inference.gateway.litellm_key
"""

EXAMPLES = r"""
- name: Send a request with the key of the search team
  ansible.builtin.uri:
    url: https://llm.example.com/v1/chat/completions
    method: POST
    headers:
      Authorization: "Bearer {{ lookup('inference.gateway.delivered_key', 'search-backend-llm', namespace='search') }}"
    body_format: json
    body:
      model: chat-small
      messages:
        - role: user
          content: Hello
  no_log: true
"""

RETURN = r"""
_raw:
  description: The key of each Secret, in the order of the names.
  type: list
  elements: str
"""

import typing as t

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError
from ansible_collections.inference.gateway.plugins.module_utils._secret import Cluster, Secret


class LookupModule(LookupBase):
    def run(self, terms: list[str], variables: t.Mapping[str, t.Any] | None = None, **kwargs: t.Any) -> list[str]:
        self.set_options(var_options=variables, direct=kwargs)
        return [self._value(name) for name in terms]

    def _value(self, name: str) -> str:
        entry = self.get_option("entry")
        try:
            cluster = Cluster(self.get_option("kubeconfig"), self.get_option("context"))
            secret = Secret.read(cluster, self.get_option("namespace"), name)
        except ApiError as error:
            raise AnsibleLookupError(str(error)) from None
        value = secret.value(entry)
        if not value:
            missing = f"has no entry {entry} with a key in it" if secret.there else "does not exist"
            raise AnsibleLookupError(f"{secret} {missing}: check its name, or have the key delivered first.")
        return value
