# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules find out that ask a gateway in place of changing it."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from conftest import Run
from stack import MODEL, Stack

TOTAL = "litellm_proxy_total_requests_metric_total"


@pytest.fixture
def key(run: Run, name: str) -> str:
    """A key that may be asked with."""
    value = f"sk-{secrets.token_urlsafe(24)}"
    run("litellm_key", key_alias=name, key=value)
    return value


@pytest.mark.parametrize("stream", [False, True])
def test_a_chat(run: Run, key: str, stream: bool) -> None:
    result = run("litellm_chat", api_key=key, model=MODEL, prompt="Hello out there", stream=stream)
    assert result == result | {
        "changed": False,
        "content": "Hello out there",
        "model": MODEL,
        "finish_reason": "stop",
        "completion_tokens": 3,
    }
    assert result["prompt_tokens"] > 0
    assert result["call_id"]
    assert (result["seconds_to_first_token"] is not None) == stream
    assert not stream or 0 < result["seconds_to_first_token"] <= result["seconds"]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"models": ["no-default-models"]}, "was refused (403), this API key may not use the model"),
        ({"max_budget": 0}, ", the budget is used up"),
        ({"rpm_limit": 0}, "was refused (429), too many requests"),
    ],
)
def test_a_chat_that_is_refused(
    run: Run, name: str, key: str, options: dict[str, Any], sentence: str, stream: bool
) -> None:
    run("litellm_key", key_alias=name, **options)
    result = run("litellm_chat", api_key=key, model=MODEL, prompt="Hello", stream=stream)
    assert sentence in result["msg"]
    assert key not in str(result)


@pytest.mark.parametrize("stream", [False, True])
def test_a_model_that_is_not_served(run: Run, key: str, stream: bool) -> None:
    result = run("litellm_chat", api_key=key, model="no-such-model", prompt="Hello", stream=stream)
    # LiteLLM has other words where it also knows models by a pattern.
    assert "was refused (400): " in result["msg"]
    assert "model=no-such-model" in result["msg"]


@pytest.mark.parametrize("parallel", [False, True])
def test_the_limit_of_a_key_is_exact(run: Run, name: str, key: str, parallel: bool) -> None:
    run("litellm_key", key_alias=name, rpm_limit=4)
    asked = {"api_key": key, "model": MODEL, "requests": 9, "expected_limit": 4, "parallel": parallel}
    result = run("litellm_rate_limit_probe", **asked)
    assert result["exact"], result
    assert result["statuses"] == {"200": 4, "429": 5}
    refused = result["first_refusal"]
    assert (refused["limit_type"], refused["retry_after"]) == ("requests", 60)
    assert refused["message"].startswith("Rate limit exceeded for api_key: ***. Limit type: requests.")
    assert refused["reset_at"].endswith("UTC")


def test_the_keys_of_a_team_share_its_limit(run: Run, name: str) -> None:
    run("litellm_team", team_alias=name, rpm_limit=3)
    keys = [f"sk-{secrets.token_urlsafe(24)}" for _key in range(2)]
    for number, value in enumerate(keys):
        run("litellm_key", key_alias=f"{name}-{number}", key=value, team_alias=name)
    result = run("litellm_rate_limit_probe", keys=keys, model=MODEL, requests=7, expected_limit=3)
    assert (result["found"], result["exact"]) == ("3 x 200, then 4 x 429", True)


def test_health(run: Run) -> None:
    result = run("litellm_health_info", check_models=True)
    assert result == result | {
        "changed": False,
        "alive": True,
        "ready": True,
        "database": "connected",
        "cache": {"type": "redis", "answers": True, "role": "master"},
    }
    [model] = [each for each in result["models"] if each["model_name"] == MODEL]
    assert model == model | {"model_name": MODEL, "model": f"hosted_vllm/{MODEL}", "healthy": True, "error": None}


def test_metrics_count_what_was_asked(stack: Stack, run: Run, name: str, key: str) -> None:
    run("litellm_chat", api_key=key, model=MODEL, prompt="Hello")
    result = run("litellm_metrics_info", names=["litellm_*"], labels={"api_key_alias": name})
    assert result["families"][TOTAL] == "counter"
    assert [sample["value"] for sample in result["samples"] if sample["name"] == TOTAL] == [1.0]
    assert all(sample["labels"]["api_key_alias"] == name for sample in result["samples"])
    assert len(run("litellm_metrics_info")["samples"]) > len(result["samples"])


def test_the_address_of_the_models(stack: Stack, run: Run) -> None:
    refused = run("litellm_team_info", api_base=f"{stack.url}/v1")["msg"]
    assert refused.endswith("leave out /v1, which only the paths of models begin with.")
    missing = run("litellm_team_info", api_base=f"{stack.url}/llm")["msg"]
    assert "found no such endpoint (404): check that api_base is the root of a LiteLLM proxy" in missing
