# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.inference.gateway.plugins.filter.secrets_in_clear import secrets_in_clear

KEY = "s3cret"


@pytest.mark.parametrize(
    "name",
    [
        "api_key",
        "aws_secret_access_key",
        "aws_session_token",
        "azure_ad_token",
        "azure_password",
        "client_secret",
        "langfuse_secret",
        "redis_password",
        "sentinel_password",
        "slack_webhook_url",
        "master_key",
        "vault_token",
        "vertex_credentials",
        "Authorization",
        "X-Api-Key",
        "Cookie",
        "clientSecret",
        "OPENAI_API_KEY",
    ],
)
def test_the_name_of_a_secret(name: str) -> None:
    assert secrets_in_clear({name: KEY}) == [name]
    assert secrets_in_clear({name: f"os.environ/{KEY}"}) == []
    assert secrets_in_clear({name: ""}) == []
    assert secrets_in_clear({name: None}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_tokens", "64"),
        ("input_cost_per_token", "1e-6"),  # YAML takes it for a text
        ("output_cost_per_reasoning_token", "1e-6"),
        ("api_key_header_name", "X-Key"),
        ("key_alias", "demo"),
        ("prompt_cache_key", "demo"),
        ("s3_object_key", "logs"),
        ("langfuse_public_key", "pk-lf-1"),
        ("key_management_system", "aws_secret_manager"),
        ("primary_secret_name", "litellm"),
        ("aws_access_key_id", "AKIA"),
        ("azure_ad_token", "oidc/azure"),
        ("aws_web_identity_token", "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"),
        ("vertex_credentials", "/etc/google/credentials.json"),
        ("allow_env_credentials", False),
        ("topologyKey", "kubernetes.io/hostname"),
        ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"),
        ("HF_TOKEN", "$(TOKEN)"),  # Kubernetes fills it in
        ("cache_key", 1),
        ("custom_auth", "auth.user_auth"),
        ("database_url", "postgresql://litellm@db.example.com/litellm"),
        ("api_base", "http://tiny-predictor.models.svc.cluster.local:8080/v1"),
    ],
)
def test_a_name_that_only_sounds_secret(name: str, value: Any) -> None:
    assert secrets_in_clear({name: value}) == []


def test_secrets_are_known_by_their_form_too() -> None:
    settings = {
        "database_url": f"postgresql://litellm:{KEY}@db.example.com/litellm",
        "service_account": ["-----BEGIN RSA PRIVATE KEY-----"],
        "cache_params": {"url": f"rediss://:{KEY}@redis.example.com"},
    }
    assert secrets_in_clear(settings) == ["database_url", "service_account[0]", "cache_params.url"]


def test_the_place_is_told_and_never_the_secret() -> None:
    settings = {
        "model_list": [
            {"model_name": "gpt-4o", "litellm_params": {"extra_headers": {"Authorization": f"Bearer {KEY}"}}},
            {"model_name": "gpt-4o", "litellm_params": {"extra_headers": {"Authorization": f"Bearer {KEY}"}}},
            {"model_name": "gemini", "litellm_params": {"vertex_credentials": {"type": "x", "private_key": KEY}}},
        ],
        "general_settings": {
            "alert_to_webhook_url": {"llm_exceptions": [f"https://hooks.example.com/{KEY}"]},
            "pass_through_endpoints": [{"path": "/x", "headers": {"x-api-key": KEY}}],
        },
    }
    assert secrets_in_clear(settings) == [
        "model_list[gpt-4o].litellm_params.extra_headers.Authorization",
        "model_list[gemini].litellm_params.vertex_credentials",
        "general_settings.alert_to_webhook_url",
        "general_settings.pass_through_endpoints[0].headers.x-api-key",
    ]


@pytest.mark.parametrize(
    ("args", "found"),
    [
        ([f"--api-key={KEY}"], ["args[--api-key]"]),
        (["--hf-token", KEY, "--port=8080"], ["args[--hf-token]"]),
        (["--hf-token", "--port", "8080"], []),
        (["--api-key=$(API_KEY)", "--hf-token", "$(HF_TOKEN)"], []),
        (["--inter-token-latency", "20ms", "--prefill-time-per-token=1ms", "--tokenizer=x"], []),
        # Those of the simulator of the kind inventory, and of vLLM.
        (["--time-to-first-token", "100ms", "--inter-token-latency", "20ms", "--tokenizer", "gpt2"], []),
        (["--max-num-batched-tokens", "8192", "--tool-call-parser=hermes", "--max-tokens=64"], []),
        (["--media", f"https://me:{KEY}@example.com/"], ["args[--media]"]),
        (["sh", "-c", f"curl https://me:{KEY}@example.com/"], ["args[2]"]),
    ],
)
def test_arguments(args: list[str], found: list[str]) -> None:
    assert secrets_in_clear({"args": args}) == found


def test_variables_of_a_container() -> None:
    reference = {"secretKeyRef": {"name": "hugging-face", "key": "token"}}
    env = [
        {"name": "HF_TOKEN", "value": KEY},
        {"name": "TOKEN", "valueFrom": reference},
        {"name": "HF_HOME", "value": "/tmp"},
        {"name": "HTTPS_PROXY", "value": f"http://me:{KEY}@proxy.example.com"},
    ]
    assert secrets_in_clear({"containers": [{"name": "agent", "env": env}]}) == [
        "containers[agent].env[HF_TOKEN]",
        "containers[agent].env[HTTPS_PROXY]",
    ]
