# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import LiteLLMStandIn


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["config-chat-large", "config-chat-small", "ams", "fra"]),
        ({"model_name": "embedding"}, ["ams", "fra"]),
        ({"model_name": "embed"}, []),
        ({"model_id": "fra"}, ["fra"]),
        ({"model_id": "config-chat-small"}, ["config-chat-small"]),
        ({"model_name": "chat-small", "model_id": "fra"}, []),
    ],
)
def test_models_by_what_is_asked_for(
    litellm: LiteLLMStandIn, run: Run, asked: dict[str, Any], found: list[str]
) -> None:
    for model_id in ("fra", "ams"):
        litellm.add_model("embedding", model_id)
    for check in (True, False):
        result = run("litellm_model_info", check=check, **asked)
        assert not result["changed"]
        assert [model["model_id"] for model in result["models"]] == found
    assert len(litellm.written) == 0


def test_what_is_said_of_a_model_is_not_secret(litellm: LiteLLMStandIn, run: Run) -> None:
    token = "aws-5tK9mZ2qRw7x"
    run(
        "litellm_model",
        model_name="chat",
        model_id="fra",
        litellm_params={"model": "openai/gpt", "api_key": "sk-1234567890"},
    )
    litellm.add_model("chat", "ams", aws_session_token=token, extra_headers={"X-Api-Key": token})
    ams, fra = run("litellm_model_info", model_name="chat")["models"]
    assert fra == {
        "model_id": "fra",
        "model_name": "chat",
        "db_model": True,
        "blocked": False,
        "litellm_params": {
            "use_in_pass_through": False,
            "merge_reasoning_content_in_choices": False,
            "model": "openai/gpt",
            "api_key": "(hidden)",
        },
        "model_info": {"key": "gpt", "max_tokens": 32768, "mode": "chat", "input_cost_per_token": 2e-06},
    }
    assert ams["litellm_params"]["aws_session_token"] == ams["litellm_params"]["extra_headers"] == "(hidden)"
    # Not even the letters that LiteLLM shows of it.
    assert token[:4] not in run.printed  # type: ignore[attr-defined]
    assert token[-4:] not in run.printed  # type: ignore[attr-defined]


def test_what_the_configuration_file_has_twice_is_one(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.models = ["chat-small", "chat-small", "chat-large"]
    found = run("litellm_model_info")["models"]
    assert [model["model_id"] for model in found] == ["config-chat-large", "config-chat-small"]
    assert run("litellm_export", kinds=["models"])["changed"] is False
    other = {"model_name": "other", "litellm_params": {"model": "openai/gpt"}}
    assert run("litellm_sync", models=[other])["changed"]
    assert not run("litellm_model", **other)["changed"]
    refused = run("litellm_model", model_name="chat-small", state="absent")["msg"]
    assert "config-chat-small comes from LiteLLM's configuration file" in refused


def test_all_pages_are_read(litellm: LiteLLMStandIn, run: Run) -> None:
    for number in range(201):
        litellm.add_model(f"model-{number:03}")
    assert len(run("litellm_model_info")["models"]) == 203
    assert len(litellm.requests) == 3
