# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import Fault, LiteLLMStandIn

TOTAL = "litellm_proxy_total_requests_metric_total"
LATENCY = "litellm_request_total_latency_metric"
BUDGET = "litellm_remaining_team_budget_metric"
PLAIN = {"Content-Type": "text/plain; version=0.0.4"}


def test_all_metrics_as_data(litellm: LiteLLMStandIn, run: Run) -> None:
    for check in (True, False):
        result = run("litellm_metrics_info", check=check)
        assert not result["changed"]
        assert result["families"] == {TOTAL: "counter", LATENCY: "histogram", BUDGET: "gauge"}
        assert [sample["value"] for sample in result["samples"]] == [7.0, 5.0, 0.0, 7.0, 7.0, 0.36, None]
        assert result["samples"][1] == {
            "name": TOTAL,
            "labels": {"api_key_alias": "b", "status_code": "429", "team_alias": 'other "x"'},
            "value": 5.0,
        }


@pytest.mark.parametrize(
    ("asked", "samples", "families"),
    [
        ({"names": [TOTAL]}, 2, [TOTAL]),
        ({"names": [f"{LATENCY}*"]}, 4, [LATENCY]),
        ({"names": [f"{LATENCY}_sum", BUDGET]}, 2, [BUDGET]),
        ({"names": ["nothing"]}, 0, []),
        ({"labels": {"status_code": 429}}, 1, [TOTAL, LATENCY, BUDGET]),
        ({"names": [TOTAL], "labels": {"status_code": "200", "team_alias": "search"}}, 1, [TOTAL]),
        ({"labels": {"status_code": "200", "team_alias": "nobody"}}, 0, [TOTAL, LATENCY, BUDGET]),
    ],
)
def test_what_is_asked_for(
    litellm: LiteLLMStandIn, run: Run, asked: dict[str, Any], samples: int, families: list[str]
) -> None:
    result = run("litellm_metrics_info", **asked)
    assert (len(result["samples"]), list(result["families"])) == (samples, families)


def test_the_hash_of_a_key_is_cut(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.metrics = f'm{{hashed_api_key="{"0a" * 32}"}} 1\n'
    assert run("litellm_metrics_info")["samples"] == [
        {"name": "m", "labels": {"hashed_api_key": "0a0a0a0a"}, "value": 1}
    ]


def test_another_path(litellm: LiteLLMStandIn, run: Run) -> None:
    assert "was redirected (307) to /metrics/: " in run("litellm_metrics_info", path="/metrics")["msg"]
    assert run("litellm_metrics_info", path="metrics")["msg"] == "path is 'metrics': begin it with /."


def test_metrics_that_need_the_key_of_an_administrator(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_key("sk-tenant-8hQ2wE5rT1yU", key_alias="tenant")
    refused = run("litellm_metrics_info", api_key="sk-tenant-8hQ2wE5rT1yU")["msg"]
    assert "was refused (401), the API key is not accepted: check api_key. LiteLLM said: Unauthorized" in refused
    litellm.metrics_need_key = False
    assert run("litellm_metrics_info", api_key="sk-tenant-8hQ2wE5rT1yU")["samples"]


def test_a_litellm_that_serves_none(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.metrics = None
    assert run("litellm_metrics_info")["msg"] == (
        f"GET {litellm.url}/metrics/ found no metrics (404): check the address, and that prometheus is among LiteLLM's"
        " litellm_settings.callbacks."
    )


@pytest.mark.parametrize(
    ("body", "headers", "sentence"),
    [
        (b"<html>Log in</html>", {"Content-Type": "text/html"}, "answered 200 with an HTML page"),
        (b'{"a": 1}', {"Content-Type": "application/json"}, "answered with application/json in place of a text"),
        (b"{}", {}, "answered with no type in place of a text"),
        (b"fine\n", PLAIN, "answered with no metrics: check the address. line 1 is no sample: fine"),
        (b"m 1\nm{a=\xff} 2", PLAIN, "answered with no metrics: check the address. line 2 is no sample: m{a="),
    ],
)
def test_something_else_in_the_place_of_metrics(
    litellm: LiteLLMStandIn, run: Run, body: bytes, headers: dict[str, str], sentence: str
) -> None:
    litellm.faults = [Fault(path="/metrics/", status=200, body=body, headers=headers)]
    assert sentence in run("litellm_metrics_info")["msg"]


def test_nothing_at_all_is_no_metrics_either(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.metrics = ""
    assert run("litellm_metrics_info")["samples"] == []
