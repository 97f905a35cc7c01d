#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_health_info
short_description: Read how a LiteLLM proxy is
version_added: 0.2.0
description:
  - Tells whether a LiteLLM proxy lives and is ready, its version, and the state of its database, of its cache and, when
    asked for, of its models.
  - A proxy that is not well does not fail the task, one that does not answer at all does.
  - How the proxy is, is asked once, so that what is returned is what was found at that moment. Use C(until) to wait.
    Only its version and the names of its models are asked for again when there is no answer.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  check_models:
    description:
      - Also have LiteLLM ask each of its models. This sends a request to every one of them, which may cost money, and
        may take longer than O(timeout).
    type: bool
    default: false
seealso:
  - module: inference.gateway.litellm_metrics_info
  - module: inference.gateway.litellm_chat
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.info
"""

EXAMPLES = r"""
- name: Wait until the proxy is ready
  inference.gateway.litellm_health_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
  register: health
  until: health is success and health.ready
  retries: 30
  delay: 5

- name: Fail if a model does not answer
  inference.gateway.litellm_health_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    check_models: true
    timeout: 120
  register: health
  failed_when: health is failed or health.models | rejectattr('healthy') | length > 0
"""

RETURN = r"""
alive:
  description: Whether the process answers. A load balancer that finds no process behind it makes this V(false).
  returned: success
  type: bool
  sample: true
ready:
  description: Whether the proxy takes requests, which it does not while its database is away or while it shuts down.
  returned: success
  type: bool
  sample: true
database:
  description:
    - V(connected), V(disconnected), V(stalled) when it is reached but does not answer in time, or V(none) when the
      proxy runs without one.
    - V(null) when the proxy does not say.
  returned: success
  type: str
  sample: connected
version:
  description: LiteLLM's version. V(null) when the proxy does not say.
  returned: success
  type: str
  sample: 1.106.2
cache:
  description:
    - The cache of answers. V(null) when none is set up, which says nothing of C(general_settings.coordination_redis),
      and when the proxy is not alive.
  returned: success
  type: dict
  contains:
    type:
      description: Kind of the cache. V(redis) is Valkey as well.
      type: str
      returned: always
      sample: redis
    answers:
      description: Whether Valkey answered. V(null) for a cache of another kind.
      type: bool
      returned: always
      sample: true
    role:
      description:
        - What answers, which is V(master), or V(slave) for a replica, which takes no count of a limit.
        - V(null) when nothing answers, and for a cache of another kind.
      type: str
      returned: always
      sample: master
models:
  description: The deployments of all models, as LiteLLM found them.
  returned: when O(check_models) is true and the proxy is alive
  type: list
  elements: dict
  contains:
    model_name:
      description: Name by which the model is asked. V(null) when LiteLLM does not tell it.
      type: str
      returned: always
      sample: chat-small
    model_id:
      description: Identity of the deployment.
      type: str
      returned: always
      sample: 44fed6e13c8645294e02974f058e4c8bfbba9707514f0098293067a0bd44de01
    model:
      description: What LiteLLM calls behind it.
      type: str
      returned: always
      sample: hosted_vllm/chat-small
    healthy:
      description: Whether it answered.
      type: bool
      returned: always
      sample: true
    error:
      description: Why not, in one line. V(null) when it answered.
      type: str
      returned: always
      sample: null
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client, content_of
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._probe import (
    Answer,
    Question,
    ask,
    excerpt,
    look_up,
)

# LiteLLM's word for the database, where ours is another.
DATABASE = {"Not connected": "none"}
NO_CACHE = "Cache not initialized"


def read(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    key = module.params["api_key"].strip()

    def get(path: str, *, unwell: bool = True) -> Answer:
        """An answer, which with `unwell` may be that something behind LiteLLM does not work."""
        answer = ask(client.connection, Question(path, key=key))
        if not answer.status:
            raise ApiError(f"GET {client.base}{path} failed, {answer.trouble.cause}: {answer.trouble.advice}.")
        if not (unwell and answer.status >= 500):
            content_of(f"GET {client.base}{path}", answer.status, answer.headers, answer.body)
        return answer

    alive = get("/health/liveliness").status == 200
    ready = get("/health/readiness")
    database = next(iter(look_up(ready.document, "db")), None)
    health = {
        "changed": False,
        "alive": alive,
        "ready": ready.status == 200,
        "database": database and DATABASE.get(str(database), str(database)),
        "version": str(client.version) if client.version else None,
        "cache": cache(get) if alive else None,
    }
    return health | ({"models": models(client, get)} if alive and module.params["check_models"] else {})


def cache(get: t.Callable[..., Answer]) -> dict[str, t.Any] | None:
    ping = get("/cache/ping")
    if NO_CACHE in str(look_up(ping.document, "error.message")):
        return None
    # Only of Redis LiteLLM finds out whether it answers.
    kind = look_up(ping.document, "cache_type") or ["redis"]
    answers = ping.status == 200 if kind == ["redis"] else None
    role = look_up(get("/cache/redis/info").document, "info.role") if answers else []
    return {"type": kind[0], "answers": answers, "role": role[0] if role else None}


def models(client: Client, get: t.Callable[..., Answer]) -> list[dict[str, t.Any]]:
    names = {
        str(identity): entry.get("model_name")
        for entry in client.entries("/model/info", "data")
        for identity in look_up(entry, "model_info.id")
    }
    found = get("/health", unwell=False).document
    deployments = [
        {
            "model_name": names.get(str(each.get("model_id"))),
            "model_id": each.get("model_id"),
            "model": each.get("model"),
            "healthy": healthy,
            "error": None if healthy else excerpt(str(each.get("error"))),
        }
        for healthy, path in ((True, "healthy_endpoints.*"), (False, "unhealthy_endpoints.*"))
        for each in look_up(found, path)
        if isinstance(each, dict)
    ]
    return sorted(deployments, key=lambda each: (str(each["model_name"]), str(each["model_id"])))


def main() -> None:
    LiteLLMModule({"check_models": {"type": "bool", "default": False}}).run(read)


if __name__ == "__main__":
    main()
