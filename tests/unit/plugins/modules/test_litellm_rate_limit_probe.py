# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from conftest import OMIT, Run
from litellm_stand_in import Fault, LiteLLMStandIn

KEY = "sk-tenant-8hQ2wE5rT1yU"
OTHER = "sk-tenant-3kL6zX9cV0bN"
REFUSAL = {
    "message": "Rate limit exceeded for api_key: ***. Limit type: requests. Current limit: 3, Remaining: 0.",
    "limit_type": "requests",
    "retry_after": 60,
    "reset_at": "2026-11-25 10:00:00 UTC",
}


@pytest.fixture
def probe(run: Run) -> Run:
    return partial(run, "litellm_rate_limit_probe", api_key=KEY, model="chat-small")


@pytest.mark.parametrize(
    ("parallel", "found"), [(False, "3 x 200, then 2 x 429"), (True, "3 x 200 and 2 x 429")], ids=["in turn", "at once"]
)
def test_a_limit_that_is_exact(litellm: LiteLLMStandIn, probe: Run, run: Run, parallel: bool, found: str) -> None:
    token = litellm.add_key(KEY, key_alias="tenant", rpm_limit=3)
    result = probe(requests=5, expected_limit=3, parallel=parallel)
    assert result == result | {
        "changed": False,
        "statuses": {"200": 3, "429": 2},
        "found": found,
        "exact": True,
        "first_refusal": REFUSAL,
        "unexpected": None,
    }
    assert 0 < result["seconds"] < 5
    assert token not in run.printed  # type: ignore[attr-defined]
    assert [request.body for request in litellm.requests] == [
        {"model": "chat-small", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
    ] * 5


@pytest.mark.parametrize("expected", [2, 4])
@pytest.mark.parametrize("parallel", [False, True])
def test_one_too_many_or_too_few_is_not_exact(
    litellm: LiteLLMStandIn, probe: Run, expected: int, parallel: bool
) -> None:
    litellm.add_key(KEY, key_alias="tenant", rpm_limit=3)
    result = probe(requests=5, expected_limit=expected, parallel=parallel)
    assert (result["exact"], result["statuses"]) == (False, {"200": 3, "429": 2})


@pytest.mark.parametrize(("limit", "expected"), [(0, 0), (3, None), (None, 3)])
def test_no_request_no_expectation_no_limit(
    litellm: LiteLLMStandIn, probe: Run, limit: int | None, expected: int | None
) -> None:
    litellm.add_key(KEY, key_alias="tenant", rpm_limit=limit)
    result = probe(requests=4, expected_limit=OMIT if expected is None else expected)
    assert result["exact"] is (None if expected is None else limit == expected)
    assert (result["first_refusal"] is None) == (limit is None)


def test_the_right_numbers_in_the_wrong_order_are_not_exact(litellm: LiteLLMStandIn, probe: Run) -> None:
    litellm.add_key(KEY, key_alias="tenant")
    litellm.faults = [Fault("POST", status=429)]
    result = probe(requests=2, expected_limit=1)
    assert (result["found"], result["exact"]) == ("1 x 429, then 1 x 200", False)
    assert result["first_refusal"] == {"message": "a fault", "limit_type": None, "retry_after": None, "reset_at": None}


def test_keys_of_a_team_take_turns(litellm: LiteLLMStandIn, probe: Run) -> None:
    team_id = litellm.add_team(team_alias="search", rpm_limit=3)
    for alias, key in (("first", KEY), ("second", OTHER)):
        litellm.add_key(key, key_alias=alias, team_id=team_id)
    assert probe(api_key=OMIT, keys=[KEY, OTHER], requests=5, expected_limit=3)["failed"]
    assert probe(keys=[KEY, OTHER], requests=5, expected_limit=3)["exact"]
    sent = [request.headers["Authorization"] for request in litellm.requests]
    assert sent == [f"Bearer {key}" for key in (KEY, OTHER, KEY, OTHER, KEY)]


def test_what_is_neither_an_answer_nor_a_refusal_is_told(litellm: LiteLLMStandIn, probe: Run) -> None:
    litellm.add_key(KEY, key_alias="tenant", rpm_limit=1)
    litellm.faults = [Fault("POST", times=1), Fault("POST", status=503, body=b'{"detail": "away"}', times=1)]
    result = probe(requests=4, expected_limit=1)
    assert result["found"] == "1 x no answer, then 1 x 503, then 1 x 200, then 1 x 429"
    assert result["statuses"] == {"no answer": 1, "503": 1, "200": 1, "429": 1}
    assert (result["exact"], result["unexpected"][:11]) == (False, "no answer: ")
    litellm.faults = [Fault("POST", status=503, body=b'{"detail": "away"}', times=1)]
    assert probe(requests=1)["unexpected"] == "503 (away)"


def test_nothing_is_sent_in_check_mode(litellm: LiteLLMStandIn, probe: Run) -> None:
    assert probe(check=True, requests=5)["skipped"]
    assert litellm.requests == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"requests": 0}, "requests is 0: give a number from 1 to 200, more would be a load test."),
        ({"requests": 201}, "requests is 201: give a number from 1 to 200, more would be a load test."),
        (
            {"requests": 5, "expected_limit": 5},
            "expected_limit is 5 of 5 requests, which cannot show it: give more requests than the limit.",
        ),
        ({"requests": 5, "expected_limit": -1}, "expected_limit is -1 of 5 requests"),
        ({"requests": 5, "keys": [KEY, "sk-a b"]}, "keys[1] is empty or holds characters that an HTTP header"),
        ({}, "missing required arguments: requests"),
    ],
)
def test_bad_input_is_a_sentence(litellm: LiteLLMStandIn, probe: Run, options: dict[str, Any], sentence: str) -> None:
    assert sentence in probe(**options)["msg"]
    assert litellm.requests == []
