#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_metrics_info
short_description: Read the metrics of a LiteLLM proxy
version_added: 0.2.0
description:
  - Reads what Prometheus would scrape, and returns it as data.
  - Each replica counts for itself. Behind a load balancer, what is read is what the replica counts that happens to
    answer. Give the address of a pod as O(api_base) to read one in particular.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  path:
    description:
      - Where the metrics are. LiteLLM redirects C(/metrics) to there, and this module follows no redirect.
    type: str
    default: /metrics/
  names:
    description:
      - Only metrics and families of these names. They may be patterns such as V(litellm_*).
      - An empty list means all, which can be many thousands.
    type: list
    elements: str
    default: []
  labels:
    description:
      - Only samples with all of these labels, compared exactly.
    type: dict
    default: {}
notes:
  - By default LiteLLM wants the key of an administrator for its metrics. It serves none unless C(prometheus) is among
    its C(litellm_settings.callbacks).
  - The role P(inference.gateway.proxy#role) has the Gateway refuse them, so that they are only read inside the cluster.
seealso:
  - module: inference.gateway.litellm_health_info
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.info
"""

EXAMPLES = r"""
- name: Count the requests of a team that were refused by a limit
  inference.gateway.litellm_metrics_info:
    api_base: http://10.244.1.17:4000
    api_key: "{{ litellm_master_key }}"
    names: [litellm_proxy_total_requests_metric_total]
    labels: {team_alias: search, status_code: "429"}
  register: metrics

- name: Show the sum
  ansible.builtin.debug:
    msg: "{{ metrics.samples | sum(attribute='value') }}"
"""

RETURN = r"""
samples:
  description: The samples that were asked for, in the order in which LiteLLM serves them.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the metric. Histograms have samples that end in C(_bucket), C(_sum) and C(_count).
      type: str
      returned: always
      sample: litellm_proxy_total_requests_metric_total
    labels:
      description: Its labels. The hash of a key is cut to its first eight letters.
      type: dict
      returned: always
      sample: {team_alias: search, status_code: "200"}
    value:
      description: Its value. V(null) for what is no number, such as C(NaN) and C(+Inf).
      type: float
      returned: always
      sample: 7.0
families:
  description: Type of each metric by its name, also of those that have no sample yet.
  returned: success
  type: dict
  sample: {litellm_proxy_total_requests_metric_total: counter}
"""

import fnmatch
import math
import re
import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._metrics import Sample, parse
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule


def read(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    path, names = module.params["path"], module.params["names"]
    labels = {name: str(value) for name, value in module.params["labels"].items()}
    if not path.startswith("/"):
        raise ApiError(f"path is '{path}': begin it with /.")
    try:
        metrics = parse(client.text(path))
    except ApiError as error:
        if error.status != 404:
            raise
        raise ApiError(
            f"GET {client.base}{path} found no metrics (404): check the address, and that prometheus is among LiteLLM's"
            " litellm_settings.callbacks."
        ) from None
    except ValueError as error:
        raise ApiError(f"GET {client.base}{path} answered with no metrics: check the address. {error}") from None

    def asked(name: str) -> bool:
        return not names or any(fnmatch.fnmatchcase(name, pattern) for pattern in names)

    return {
        "changed": False,
        "samples": [
            view(sample) for sample in metrics.samples if asked(sample.name) and labels.items() <= sample.labels.items()
        ],
        "families": {name: kind for name, kind in metrics.families.items() if asked(name)},
    }


def view(sample: Sample) -> dict[str, t.Any]:
    return {
        "name": sample.name,
        "labels": {name: re.sub(r"^([0-9a-f]{8})[0-9a-f]{56}$", r"\1", text) for name, text in sample.labels.items()},
        "value": sample.value if math.isfinite(sample.value) else None,
    }


def main() -> None:
    LiteLLMModule(
        {
            "path": {"type": "str", "default": "/metrics/"},
            "names": {"type": "list", "elements": "str", "default": []},
            "labels": {"type": "dict", "default": {}},
        }
    ).run(read)


if __name__ == "__main__":
    main()
