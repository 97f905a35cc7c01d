# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.filter.litellm_model_list import litellm_model_list


def test_a_model_is_called_at_its_predictor() -> None:
    assert litellm_model_list([{"name": "qwen", "runtime": "vllm", "min_replicas": 2}], "models", "example.org") == [
        {
            "model_name": "qwen",
            "litellm_params": {
                "model": "hosted_vllm/qwen",
                "api_base": "http://qwen-predictor.models.svc.example.org/v1",
            },
            "model_info": {"id": "qwen"},
        }
    ]


def test_what_the_model_says_is_added_and_wins() -> None:
    model = {
        "name": "qwen",
        "litellm_params": {"api_base": "http://elsewhere/openai/v1", "input_cost_per_token": 0.001},
        "model_info": {"mode": "embedding"},
    }
    (entry,) = litellm_model_list([model], "models")
    assert entry["litellm_params"] == {
        "model": "hosted_vllm/qwen",
        "api_base": "http://elsewhere/openai/v1",
        "input_cost_per_token": 0.001,
    }
    assert entry["model_info"] == {"id": "qwen", "mode": "embedding"}


def test_parameters_given_as_null_are_none() -> None:
    (entry,) = litellm_model_list([{"name": "qwen", "litellm_params": None, "model_info": None}], "models")
    assert entry["model_info"] == {"id": "qwen"}


def test_the_order_is_kept_and_nothing_gives_nothing() -> None:
    assert [entry["model_name"] for entry in litellm_model_list([{"name": "b"}, {"name": "a"}], "models")] == ["b", "a"]
    assert litellm_model_list([], "models") == []


def test_a_model_without_a_name_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="A model needs a name"):
        litellm_model_list([{"runtime": "vllm"}], "models")
