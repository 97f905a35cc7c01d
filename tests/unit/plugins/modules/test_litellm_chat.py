# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from conftest import OMIT, Run
from litellm_stand_in import Fault, LiteLLMStandIn

KEY = "sk-tenant-8hQ2wE5rT1yU"
PATH = "/v1/chat/completions"
STREAM = {"Content-Type": "text/event-stream"}
HTML = {"Content-Type": "text/html"}


@pytest.fixture
def chat(litellm: LiteLLMStandIn, run: Run) -> Run:
    litellm.add_key(KEY, key_alias="tenant")
    return partial(run, "litellm_chat", api_key=KEY, model="chat-small", prompt="Hello")


def sse(*events: Any, end: str = "data: [DONE]\n\n") -> bytes:
    return ("".join(f"data: {json.dumps(event)}\n\n" for event in events) + end).encode()


def test_a_whole_answer(litellm: LiteLLMStandIn, chat: Run) -> None:
    result = chat(max_tokens=5, parameters={"temperature": 0})
    assert result == result | {
        "changed": False,
        "content": "Hello from afar",
        "model": "chat-small",
        "finish_reason": "stop",
        "prompt_tokens": 4,
        "completion_tokens": 3,
        "seconds_to_first_token": None,
    }
    assert 0 < result["seconds"] < 5
    assert len(result["call_id"]) == 36
    [request] = litellm.requests
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "chat-small",
        "messages": [{"role": "user", "content": "Hello"}],
        "max_tokens": 5,
        "temperature": 0,
    }


def test_a_streamed_answer(litellm: LiteLLMStandIn, chat: Run) -> None:
    litellm.pause = 0.05
    result = chat(stream=True)
    assert result == result | {
        "content": "Hello from afar",
        "model": "chat-small",
        "finish_reason": "stop",
        "prompt_tokens": 4,
        "completion_tokens": 3,
    }
    # The first event has no token, the second has, and five others come after it.
    assert 0.1 <= result["seconds_to_first_token"] < result["seconds"] - 0.2


def test_messages_word_for_word(litellm: LiteLLMStandIn, chat: Run) -> None:
    messages = [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": [{"type": "text", "text": "a"}]},
    ]
    assert chat(prompt=OMIT, messages=messages)["content"] == "Hello from afar"
    assert litellm.requests[0].body["messages"] == messages


def test_nothing_is_sent_in_check_mode(litellm: LiteLLMStandIn, chat: Run) -> None:
    assert chat(check=True)["skipped"]
    assert litellm.requests == []


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("fields", "model", "sentence"),
    [
        ({"models": ["chat-large"]}, "chat-small", "was refused (403), this API key may not use the model: allow it"),
        ({"max_budget": 0}, "chat-small", "was refused (422), the budget is used up: raise it, or wait until its next"),
        ({"rpm_limit": 0}, "chat-small", "was refused (429), too many requests: try later. LiteLLM said: Rate limit"),
        ({"blocked": True}, "chat-small", "was refused (401), the API key is not accepted: check api_key. LiteLLM"),
        ({}, "chat-medium", "was refused (400): /chat/completions: Invalid model name passed in model=chat-medium."),
    ],
)
def test_a_refusal_is_a_sentence(
    litellm: LiteLLMStandIn, run: Run, fields: dict[str, Any], model: str, sentence: str, stream: bool
) -> None:
    token = litellm.add_key(KEY, key_alias="tenant", **fields)
    litellm.keys[token]["blocked"] = fields.get("blocked")
    result = run("litellm_chat", api_key=KEY, model=model, prompt="Hello", stream=stream)
    assert result["msg"].startswith(f"POST {litellm.url}{PATH} {sentence}")
    assert "\n" not in result["msg"]
    assert KEY not in run.printed  # type: ignore[attr-defined]
    assert token not in run.printed  # type: ignore[attr-defined]
    assert len(litellm.requests) == 1


@pytest.mark.parametrize(
    ("body", "headers", "sentence"),
    [
        (b"<html>Log in</html>", HTML, "answered 200 with an HTML page: check that api_base is LiteLLM itself"),
        (b"", {}, "answered 200 with nothing"),
        (b'{"choices": [', {}, "answered 200 with JSON that is broken off or damaged"),
        (b'{"object": "list", "data": []}', {}, "answered with no chat: check that api_base is a LiteLLM gateway"),
        (b'{"choices": []}', {}, "answered with no chat: check that api_base is a LiteLLM gateway, and that the model"),
        (b'{"choices": [{"message": "Hi"}]}', {}, 'and that the model is one for chats. It said: {"choices"'),
        (b"[1]", {}, "and that the model is one for chats. It said: [1]"),
    ],
)
def test_an_answer_that_is_no_chat(
    litellm: LiteLLMStandIn, chat: Run, body: bytes, headers: dict[str, str], sentence: str
) -> None:
    litellm.faults = [Fault("POST", PATH, status=200, body=body, headers=headers)]
    assert sentence in chat()["msg"]
    assert len(litellm.requests) == 1


@pytest.mark.parametrize(
    ("body", "headers", "sentence"),
    [
        (b'{"choices": [{"message": {"content": "Hi"}}]}', {}, "did not stream, but answered at once"),
        (
            sse({"choices": [{"delta": {"content": "Hi"}}]}, end=""),
            STREAM,
            "streamed 1 events and ended without",
        ),
        (b"", STREAM, "streamed 0 events and ended without [DONE]: look for a time-out on the way"),
        (sse({"error": {"message": "model gone"}}), STREAM, "look into LiteLLM's log. LiteLLM said: model gone"),
        (sse({"error": "sk-1234567890 gone"}), STREAM, "LiteLLM said: sk-*** gone"),
        (sse({"error": {"code": 500}}), STREAM, "LiteLLM said: nothing that explains it"),
        (sse(), STREAM, "answered with no chat: check that api_base is a LiteLLM gateway"),
        (sse({"choices": [{"delta": "Hi"}]}, [], None, 7), STREAM, "answered with no chat"),
        (b"data: {broken\n\ndata: [DONE]\n\n", STREAM, "and that the model is one for chats. It said: {broken [DONE]"),
    ],
)
def test_a_stream_that_is_no_chat(
    litellm: LiteLLMStandIn, chat: Run, body: bytes, headers: dict[str, str], sentence: str
) -> None:
    litellm.faults = [Fault("POST", PATH, status=200, body=body, headers=headers)]
    assert sentence in chat(stream=True)["msg"]


def test_an_end_without_a_line_end_and_an_error_that_is_none(litellm: LiteLLMStandIn, chat: Run) -> None:
    word = {"choices": [{"delta": {"content": "Hi"}}], "error": None}
    litellm.faults = [Fault("POST", PATH, status=200, body=sse(word, end="data: [DONE]"), headers=STREAM)]
    assert chat(stream=True)["content"] == "Hi"


def test_a_model_that_breaks_off_in_the_middle(litellm: LiteLLMStandIn, chat: Run) -> None:
    litellm.breaks_after = 1
    assert chat(stream=True)["msg"] == (
        f"POST {litellm.url}{PATH} was broken off after it began to stream: look into LiteLLM's log."
        " LiteLLM said: the model is gone"
    )


def test_a_stream_that_stands_still(litellm: LiteLLMStandIn, chat: Run) -> None:
    litellm.pause = 1.5
    assert chat(stream=True, timeout=1)["msg"] == (
        f"POST {litellm.url}{PATH} was broken off, nothing came within 1 s: raise timeout, or look into LiteLLM's log."
    )


def test_a_stream_without_an_end(litellm: LiteLLMStandIn, chat: Run) -> None:
    litellm.words, litellm.pause = ["and so on "] * 20, 0.1
    assert (
        "was broken off, no end within 1 s: raise timeout, or ask for a shorter answer."
        in (chat(stream=True, timeout=1)["msg"])
    )


def test_an_answer_that_never_comes(litellm: LiteLLMStandIn, chat: Run) -> None:
    litellm.faults = [Fault("POST", PATH)]
    result = chat()
    assert "failed, the connection broke before the answer was complete: " in result["msg"]
    assert len(litellm.requests) == 1


def test_a_model_that_thinks_or_calls_a_tool(litellm: LiteLLMStandIn, chat: Run) -> None:
    thought = {"choices": [{"delta": {"reasoning_content": "Hm"}}]}
    ended = {"choices": [{"delta": {}, "finish_reason": "length"}], "usage": {"completion_tokens": 0}}
    litellm.faults = [Fault("POST", PATH, status=200, body=sse(thought, ended), headers=STREAM)]
    result = chat(stream=True)
    assert result["seconds_to_first_token"] is not None
    assert (result["content"], result["finish_reason"], result["completion_tokens"]) == ("", "length", 0)
    called = {"choices": [{"finish_reason": "tool_calls", "message": {"content": None, "tool_calls": [{}]}}]}
    litellm.faults = [Fault("POST", PATH, status=200, body=json.dumps(called).encode())]
    result = chat()
    assert (result["content"], result["finish_reason"], result["prompt_tokens"]) == ("", "tool_calls", None)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"prompt": OMIT}, "one of the following is required: prompt, messages"),
        ({"messages": []}, "parameters are mutually exclusive: prompt|messages"),
        ({"model": OMIT}, "missing required arguments: model"),
        ({"api_key": "sk-ä"}, "api_key is empty or holds characters that an HTTP header cannot carry"),
        (
            {"parameters": {"stream": True, "n": 2}},
            "parameters has stream, n, which is not said there: use the options of the module.",
        ),
    ],
)
def test_bad_input_is_a_sentence(litellm: LiteLLMStandIn, chat: Run, options: dict[str, Any], sentence: str) -> None:
    assert sentence in chat(**options)["msg"]
    assert litellm.requests == []
