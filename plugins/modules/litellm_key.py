#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_key
short_description: Manage an API key of a LiteLLM proxy
description:
  - Creates, changes and deletes an API key, with the models that it may use and its limits.
  - A new key goes straight into a Kubernetes Secret, and nowhere else. It is never returned, logged or shown in a
    difference. The Secret is written first, so that there is never a key that nobody has. When LiteLLM then does not
    make the key, the Secret is put back as it was.
  - A key is found by its alias, which LiteLLM keeps unique.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  key_alias:
    description:
      - Name of the key.
    type: str
    required: true
  state:
    description:
      - Whether the key is to be there.
      - A key that is deleted is blocked first, because the replicas of LiteLLM go on to accept a deleted key for a
        minute. With O(secret), it is taken out of the Secret as well.
    type: str
    choices: [present, absent]
    default: present
  team_alias:
    description:
      - Name of the team that the key belongs to. An empty value takes the key out of its team.
    type: str
  team_id:
    description:
      - Identity of the team that the key belongs to. An empty value takes the key out of its team.
    type: str
  models:
    description:
      - Models that the key may use, as LiteLLM's list of models names them. Model access groups, patterns such as
        V(openai/*) and V(all-team-models) are possible.
      - A name that LiteLLM does not serve is an error, because LiteLLM would accept it silently.
      - An empty list means every model of the team, or of the proxy for a key without a team.
    type: list
    elements: str
  rpm_limit:
    description:
      - Most requests per minute. With V(0) every request is refused.
    type: int
  tpm_limit:
    description:
      - Most tokens per minute.
    type: int
  max_parallel_requests:
    description:
      - Most requests at the same time.
    type: int
  max_budget:
    description:
      - Most that may be spent with the key, in US dollars. Per O(budget_duration), or ever when that is not set. With
        V(0) every request is refused.
    type: float
  budget_duration:
    description:
      - After which time the spending starts at zero again. A number and a unit, which is V(s), V(m), V(h), V(d), V(w)
        or V(mo), for example V(30d).
      - LiteLLM begins a new period when this changes, and rounds its end, for example to the first of a month.
    type: str
  duration:
    description:
      - How long the key is valid, counted from when this is set or changed. Units as in O(budget_duration).
      - LiteLLM only keeps the date of expiry. What was asked for is remembered in the key's metadata, so that a second
        run does not prolong the key.
    type: str
  metadata:
    description:
      - Any data to keep with the key.
      - What LiteLLM keeps there for fields of its own, such as C(tags), C(guardrails) and C(model_rpm_limit), is only
        touched when it is named here.
    type: dict
  key:
    description:
      - The value of the key, when it is not to be made up. Must begin with V(sk-).
      - LiteLLM cannot change the value of a key. See O(recreate).
    type: str
  secret:
    description:
      - The Kubernetes Secret that holds the key. Without it and without O(key), a key cannot be created, because its
        value would be lost.
      - It gets the label C(app.kubernetes.io/managed-by=inference.gateway). A Secret that exists without this label is
        not touched.
      - Whoever runs this must be allowed to get, create, patch and delete Secrets in the namespace.
      - On later runs the Secret is compared with what LiteLLM has. See O(recreate).
    type: dict
    suboptions:
      name:
        description:
          - Name of the Secret.
        type: str
        required: true
      namespace:
        description:
          - Namespace of the Secret. It must exist.
        type: str
        required: true
      key:
        description:
          - Name of the entry in the Secret that holds the key. Other entries are left alone.
        type: str
        default: api-key
      labels:
        description:
          - More labels for the Secret.
        type: dict
        default: {}
  recreate:
    description:
      - What to do when the key exists, but O(secret) does not hold it, or O(key) is another value. With V(false) this
        is an error. With V(true) the key is deleted and made anew, with what it has and what is given here.
      - The old value stops working, and what was spent with it is no longer counted.
    type: bool
    default: false
  kubeconfig:
    description:
      - Path to, or content of, the kubeconfig of the cluster that O(secret) is in.
      - When it is not given, the environment variable E(K8S_AUTH_KUBECONFIG) is used, then the cluster that this runs
        in, then E(KUBECONFIG), then C(~/.kube/config). The other C(K8S_AUTH_) variables of C(kubernetes.core) work too.
    type: raw
  context:
    description:
      - Context in the kubeconfig.
      - When it is not given, the environment variable E(K8S_AUTH_CONTEXT) is used.
    type: str
requirements:
  - kubernetes, for O(secret)
seealso:
  - module: inference.gateway.litellm_key_info
  - module: inference.gateway.litellm_team
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.managed
"""

EXAMPLES = r"""
- name: Keep a key of the search team, and deliver it to where it is used
  inference.gateway.litellm_key:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: search-backend
    team_alias: search
    models: [chat-small]
    rpm_limit: 120
    tpm_limit: 200000
    max_parallel_requests: 8
    max_budget: 50
    budget_duration: 30d
    duration: 90d
    secret:
      name: search-backend-llm
      namespace: search

- name: Keep a key whose value comes from a vault
  inference.gateway.litellm_key:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: batch
    key: "{{ vaulted_batch_key }}"

- name: Replace a key whose Secret was deleted
  inference.gateway.litellm_key:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: search-backend
    recreate: true
    secret:
      name: search-backend-llm
      namespace: search

- name: Delete a key, and its Secret
  inference.gateway.litellm_key:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: search-backend
    state: absent
    secret:
      name: search-backend-llm
      namespace: search
"""

RETURN = r"""
key:
  description:
    - The key as it is now, or in check mode as it would be, without its value. V(null) when it is not there.
  returned: success
  type: dict
  contains:
    key_alias:
      description: Name of the key.
      type: str
      returned: always
      sample: search-backend
    team_id:
      description: Identity of the team that it belongs to.
      type: str
      returned: always
      sample: 2f6c8a0e-5d1f-4c1e-9a55-0f7f0c8b2a11
    models:
      description: Models that it may use. Every model of its team when it is empty.
      type: list
      elements: str
      returned: always
      sample: [chat-small]
    rpm_limit:
      description: Most requests per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 120
    tpm_limit:
      description: Most tokens per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 200000
    max_parallel_requests:
      description: Most requests at the same time. V(null) is no limit.
      type: int
      returned: always
      sample: 8
    max_budget:
      description: Most that may be spent with it, in US dollars. V(null) is no limit.
      type: float
      returned: always
      sample: 50.0
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
    duration:
      description: How long it was made valid, if this collection did that.
      type: str
      returned: always
      sample: 90d
    expires:
      description: When it stops being valid. V(null) is never.
      type: str
      returned: always
      sample: "2027-02-22T09:30:00Z"
    spend:
      description: What was spent with it in this period, in US dollars.
      type: float
      returned: always
      sample: 1.25
    blocked:
      description: Whether it is blocked. V(null) when it never was.
      type: bool
      returned: always
      sample: false
    metadata:
      description: The data kept with it, without what LiteLLM keeps there for fields of its own.
      type: dict
      returned: always
      sample: {}
"""

import typing as t
from dataclasses import replace

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    Goal,
    apply,
    find,
    find_by_id,
    make_plan,
    unknown_models,
)
from ansible_collections.inference.gateway.plugins.module_utils._secret import (
    ARGUMENT_SPEC,
    DELIVERED,
    NOT_DELIVERED,
    Delivery,
    KeySecret,
    digest,
    refuse_foreign,
    take_back,
    with_secret,
)


def manage(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    params, goal = module.params, module.goal(KEY)
    secret = KeySecret.read(params["secret"], params["kubeconfig"], params["context"]) if params["secret"] else None
    live = find(client, goal)
    if goal.options is None:
        return delete(module, client, goal, live, secret)

    delivery = Delivery.of(goal.alias, live, params, secret, holder(client))
    if delivery.value:
        module.no_log_values.update((delivery.value, digest(delivery.value)))
    goal = delivery.goal(replace(goal, options=goal.options | team_of(module, client)), live)
    plan = make_plan(goal, None if delivery.new else live)
    module.stop_or_foretell(unknown_models(client, plan))

    if not module.check_mode and (plan.changed or delivery.secret):
        if delivery.secret:
            delivery.secret.write(delivery.value)
        try:
            if delivery.new and live:
                apply(client, make_plan(replace(goal, options=None, identity=live[KEY.id]), live))
            live = apply(client, plan) if plan.changed else live
        except ApiError as error:
            if not (delivery.new and delivery.secret):
                raise
            raise ApiError(f"{str(error).rstrip('.')}. {take_back(client, delivery.secret, delivery.value)}") from None
    result = plan.result(None if module.check_mode else live)
    return with_secret(result, delivery.before, DELIVERED) if delivery.secret else result


def delete(
    module: LiteLLMModule, client: Client, goal: Goal, live: t.Mapping[str, t.Any] | None, secret: KeySecret | None
) -> dict[str, t.Any]:
    plan = make_plan(goal, live)
    if secret:
        refuse_foreign(holder(client), goal.alias, None, secret)
    if not module.check_mode and plan.changed:
        apply(client, plan)
    if secret is None or not secret.present:
        return plan.result()
    if not module.check_mode:
        secret.remove()
    return with_secret(plan.result(), DELIVERED, NOT_DELIVERED)


def holder(client: Client) -> t.Callable[[str], t.Mapping[str, t.Any] | None]:
    return lambda identity: find_by_id(client, KEY, identity)


def team_of(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    """The team that the key is to belong to, if the options say so. LiteLLM would accept one that does not exist."""
    alias, identity = module.params["team_alias"], module.params["team_id"]
    if alias:
        team = find(client, Goal(TEAM, alias, {}))
        module.stop_or_foretell(None if team else f"There is no team '{alias}': create it first.")
        return {"team_id": team["team_id"] if team else f"(of the new team {alias})"}
    if identity and not find_by_id(client, TEAM, identity):
        module.stop_or_foretell(f"There is no team with the team_id '{identity}': create it first.")
    return {"team_id": identity or None} if {"team_alias", "team_id"} & module.given else {}


def main() -> None:
    module = LiteLLMModule(
        KEY.options()
        | ARGUMENT_SPEC
        | {
            "team_alias": {"type": "str"},
            "key": {"type": "str", "no_log": True},
            "recreate": {"type": "bool", "default": False},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        mutually_exclusive=[("team_alias", "team_id")],
    )
    module.run(manage)


if __name__ == "__main__":
    main()
