# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""A chat completion: what asks for it, and what came of it."""

from __future__ import annotations

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import cleaned, content_of, message_of
from ansible_collections.inference.gateway.plugins.module_utils._connection import ApiError
from ansible_collections.inference.gateway.plugins.module_utils._probe import Answer, Question, excerpt, look_up, parsed

PATH = "/v1/chat/completions"
# What an event brings when it brings a token, of the answer or of the thought before it.
TOKENS = ("content", "reasoning_content", "tool_calls")
# What other options say, and what would make one answer many.
NOT_BESIDES = ("model", "messages", "max_tokens", "stream", "stream_options", "n")


def question(params: t.Mapping[str, t.Any], key: str) -> Question:
    """The request that a module's options describe, sent with a key."""
    besides = params.get("parameters") or {}
    twice = [name for name in NOT_BESIDES if name in besides]
    if twice:
        raise ApiError(f"parameters has {', '.join(twice)}, which is not said there: use the options of the module.")
    messages = params.get("messages")
    if messages is None:
        messages = [{"role": "user", "content": params["prompt"]}]
    body = {**besides, "model": params["model"], "messages": messages}
    if params["max_tokens"] is not None:
        body["max_tokens"] = params["max_tokens"]
    stream = params.get("stream", False)
    if stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return Question(PATH, "POST", key, body, stream)


def read(base: str, asked: Question, answer: Answer) -> dict[str, t.Any]:
    """What came of it, or the sentence that says why it is no chat."""
    where = f"POST {base}{PATH}"
    if not answer.status:
        raise ApiError(f"{where} failed, {answer.trouble.cause}: {answer.trouble.advice}.")
    if asked.stream and answer.status < 300 and answer.content_type == "text/event-stream":
        found = _streamed(where, answer)
    else:
        found = _whole(where, asked, answer)
    return found | {"seconds": round(answer.seconds, 3), "call_id": answer.headers.get("x-litellm-call-id")}


def _whole(where: str, asked: Question, answer: Answer) -> dict[str, t.Any]:
    content = content_of(where, answer.status, answer.headers, answer.body)
    if asked.stream:
        raise ApiError(f"{where} did not stream, but answered at once: check that the model can stream.")
    messages = look_up(content, "choices.0.message")
    if not messages or not isinstance(messages[0], dict):
        raise _no_chat(where, answer.text)
    return {
        "content": _text(messages[0].get("content")),
        "seconds_to_first_token": None,
        **_facts([content]),
    }


def _streamed(where: str, answer: Answer) -> dict[str, t.Any]:
    events = [(event.seconds, parsed(event.data)) for event in answer.events if event.data != "[DONE]"]
    failure = next((error for _seconds, content in events for error in look_up(content, "error") if error), None)
    if failure:
        raise ApiError(
            f"{where} was broken off after it began to stream: look into LiteLLM's log."
            f" LiteLLM said: {cleaned(message_of(failure))}"
        )
    if answer.trouble:
        raise ApiError(f"{where} was broken off, {answer.trouble.cause}: {answer.trouble.advice}.")
    if not answer.finished:
        raise ApiError(
            f"{where} streamed {len(events)} events and ended without [DONE]: look for a time-out on the way, and into"
            " LiteLLM's log."
        )
    deltas = [(seconds, delta) for seconds, content in events for delta in look_up(content, "choices.0.delta")]
    deltas = [(seconds, delta) for seconds, delta in deltas if isinstance(delta, dict)]
    if not deltas:
        raise _no_chat(where, " ".join(event.data for event in answer.events))
    arrivals = (seconds for seconds, delta in deltas if any(delta.get(name) for name in TOKENS))
    first = next(arrivals, None)
    return {
        "content": "".join(_text(delta.get("content")) for _seconds, delta in deltas),
        "seconds_to_first_token": None if first is None else round(first, 3),
        **_facts([content for _seconds, content in events]),
    }


def _facts(contents: t.Sequence[t.Any]) -> dict[str, t.Any]:
    """What an answer, or the events of one, say besides; of each, what is said last."""

    def last(path: str) -> t.Any:
        said = (value for content in reversed(contents) for value in look_up(content, path))
        return next((value for value in said if value is not None), None)

    return {
        "model": last("model"),
        "finish_reason": last("choices.0.finish_reason"),
        "prompt_tokens": last("usage.prompt_tokens"),
        "completion_tokens": last("usage.completion_tokens"),
    }


def _text(value: t.Any) -> str:
    return value if isinstance(value, str) else ""


def _no_chat(where: str, said: str) -> ApiError:
    return ApiError(
        f"{where} answered with no chat: check that api_base is a LiteLLM gateway, and that the model is one for chats."
        f" It said: {excerpt(said)}"
    )
