# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket
from contextlib import closing

import pytest
from conftest import Run
from litellm_stand_in import Fault, LiteLLMStandIn

WELL = {
    "changed": False,
    "alive": True,
    "ready": True,
    "database": "connected",
    "version": "1.106.2",
    "cache": {"type": "redis", "answers": True, "role": "master"},
}


def test_a_proxy_that_is_well(litellm: LiteLLMStandIn, run: Run) -> None:
    for check in (True, False):
        result = run("litellm_health_info", check=check)
        assert result == result | WELL
        assert "models" not in result
    assert not litellm.written
    assert "/health" not in [request.path for request in litellm.requests]


def test_the_database_is_away(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.database = False
    result = run("litellm_health_info")
    assert result == result | WELL | {"ready": False, "database": "disconnected"}


def test_there_is_no_database(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.database = None
    result = run("litellm_health_info")
    assert result == result | WELL | {"database": "none"}


def test_a_proxy_that_shuts_down(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.shutting_down = True
    result = run("litellm_health_info", check_models=True)
    assert result == result | WELL | {"alive": False, "ready": False, "database": None, "cache": None}
    assert "models" not in result


def test_a_load_balancer_without_a_proxy_behind_it(litellm: LiteLLMStandIn, run: Run) -> None:
    plain = {"Content-Type": "text/plain"}
    litellm.faults = [Fault(status=503, body=b"no healthy upstream", headers=plain, times=99)]
    result = run("litellm_health_info")
    assert result == result | dict.fromkeys(WELL) | {"changed": False, "alive": False, "ready": False}


@pytest.mark.parametrize(
    ("kind", "valkey", "role", "cache"),
    [
        ("redis", True, "slave", {"type": "redis", "answers": True, "role": "slave"}),
        ("redis", False, "master", {"type": "redis", "answers": False, "role": None}),
        ("local", True, "master", {"type": "local", "answers": None, "role": None}),
        (None, True, "master", None),
    ],
)
def test_the_cache(litellm: LiteLLMStandIn, run: Run, kind: str, valkey: bool, role: str, cache: object) -> None:
    litellm.cache, litellm.valkey, litellm.valkey_role = kind, valkey, role
    assert run("litellm_health_info")["cache"] == cache


def test_each_model_when_asked_for(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.unhealthy = {"chat-small"}
    ids = {name: {"model_id": f"id-of-{name}", "model": f"hosted_vllm/{name}"} for name in litellm.models}
    error = "litellm.APIConnectionError: no route stack trace: Traceback ..."
    assert run("litellm_health_info", check_models=True)["models"] == [
        {"model_name": "chat-large", "healthy": True, "error": None} | ids["chat-large"],
        {"model_name": "chat-small", "healthy": False, "error": error} | ids["chat-small"],
    ]


def test_a_version_that_is_not_told(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.version = None
    assert run("litellm_health_info")["version"] is None


def test_a_newer_version_is_warned_of(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.version = "1.200.0"
    result = run("litellm_health_info")
    assert result["version"] == "1.200.0"
    assert "LiteLLM 1.200.0" in result["warnings"]


def test_a_key_that_is_no_administrator(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_key("sk-tenant-8hQ2wE5rT1yU", key_alias="tenant")
    result = run("litellm_health_info", api_key="sk-tenant-8hQ2wE5rT1yU")
    assert result["msg"].startswith(
        f"GET {litellm.url}/cache/ping was refused (401), the API key is not accepted: check api_key. LiteLLM said: "
    )


def test_what_is_no_litellm(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.faults = [Fault(status=200, body=b"<html>Log in</html>", headers={"Content-Type": "text/html"})]
    assert "/health/liveliness answered 200 with an HTML page" in run("litellm_health_info")["msg"]
    litellm.faults = [Fault(status=404, body=b'{"detail": "Not Found"}')]
    assert "/health/liveliness found no such endpoint (404)" in run("litellm_health_info")["msg"]


def test_nobody_listens(run: Run) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    assert run("litellm_health_info", api_base=f"http://127.0.0.1:{port}")["msg"] == (
        f"GET http://127.0.0.1:{port}/health/liveliness failed, no connection (connection refused):"
        " check api_base, and that LiteLLM runs."
    )


@pytest.mark.parametrize("body", [b"{}", b'{"db": null}', b"[]"])
def test_a_readiness_that_does_not_say(litellm: LiteLLMStandIn, run: Run, body: bytes) -> None:
    litellm.faults = [Fault(path="/health/readiness", status=200, body=body)]
    result = run("litellm_health_info")
    assert (result["ready"], result["database"]) == (True, None)


@pytest.mark.parametrize("body", [b"[]", b"null", b'{"healthy_endpoints": [1], "unhealthy_endpoints": {}}'])
def test_a_strange_answer_about_models(litellm: LiteLLMStandIn, run: Run, body: bytes) -> None:
    # The third request for a path that begins with /health.
    litellm.faults = [
        Fault(path="/health/", status=200, body=b'"fine"', times=2),
        Fault(path="/health", status=200, body=body),
    ]
    result = run("litellm_health_info", check_models=True)
    assert (result["models"], result["database"]) == ([], None)
