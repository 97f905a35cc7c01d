# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This doc fragment is private to the inference.gateway collection. It may change at any time.

from __future__ import annotations


class ModuleDocFragment:
    # The connection to LiteLLM, the same in every module.
    DOCUMENTATION = r"""
options:
  api_base:
    description:
      - Address of the LiteLLM proxy, for example V(https://llm.example.com). Without C(/v1), which the paths of models
        begin with.
      - When it is not given, the environment variable E(LITELLM_API_BASE) is used.
    type: str
    required: true
  api_key:
    description:
      - The master key, or the key of a proxy admin.
      - When it is not given, the environment variables E(LITELLM_MASTER_KEY) and then E(LITELLM_API_KEY) are used.
    type: str
    required: true
  validate_certs:
    description:
      - Whether the certificate of O(api_base) must be trusted.
    type: bool
    default: true
  ca_path:
    description:
      - File or directory with the CA certificates that O(api_base) is checked against.
      - When it is not given, those of C(requests) are used.
    type: path
  client_cert:
    description:
      - File with the certificate (PEM) that this side shows, where the server wants one (mutual TLS).
      - It may hold the key as well. Then O(client_key) is not needed.
    type: path
    version_added: 0.2.0
  client_key:
    description:
      - File with the key (PEM, not encrypted) of O(client_cert).
    type: path
    version_added: 0.2.0
  timeout:
    description:
      - How long one request may wait for the connection, and then for each part of the answer, in seconds. At most
        86400, which is a day.
    type: int
    default: 30
requirements:
  - requests
attributes:
  check_mode:
    description: Can run in check mode, and returns what would change without changing anything.
  diff_mode:
    description: Returns what has changed (or would change in check mode) when in diff mode.
  idempotent:
    description: A second run with the same options changes nothing.
  action_group:
    description: Use C(group/inference.gateway.litellm) in C(module_defaults) to set the connection options once.
    support: full
    membership:
      - inference.gateway.litellm
"""

    # For modules that keep objects in LiteLLM.
    MANAGED = r"""
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details: The difference holds the changed options only.
  idempotent:
    support: full
notes:
  - An option that is not given is left alone. An option that is given is made exactly that. An option that is given
    empty, as C(null) or as an empty string, list or dictionary, is cleared, which removes the limit.
    V(omit) is the same as not given.
  - After a change the object is read back. An option that LiteLLM accepted but did not keep is an error that names it.
"""

    # For modules that only read.
    INFO = r"""
attributes:
  check_mode:
    support: full
    details: This module only reads.
  diff_mode:
    support: N/A
    details: This module only reads.
  idempotent:
    support: full
    details: This module only reads.
"""

    # For modules that ask models, which costs tokens.
    ASKING = r"""
attributes:
  check_mode:
    support: none
    details: Nothing is sent in check mode, because each request costs tokens. The task is shown as skipped.
  diff_mode:
    support: N/A
    details: This module changes nothing.
  idempotent:
    support: N/A
    details: This module changes nothing. Each request counts towards the limits and the budget of its key.
"""
