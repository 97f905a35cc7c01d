# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Asking a gateway once, and keeping everything that came.

No request is ever repeated: a probe that tried again would hide exactly what it is there to find.
"""

from __future__ import annotations

import json
import re
import time
import typing as t
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, groupby

from ansible_collections.inference.gateway.plugins.module_utils._client import cleaned
from ansible_collections.inference.gateway.plugins.module_utils._connection import (
    Connection,
    NoAnswerError,
    requests,
)

# Anything above is a load test and belongs elsewhere.
MOST_REQUESTS = 200
MOST_AT_ONCE = 32
# A longer excerpt of an answer would bury the reason.
MOST_TEXT = 160


@dataclass(frozen=True)
class Question:
    """One request."""

    path: str
    method: str = "GET"
    key: str | None = field(default=None, repr=False)
    body: Mapping[str, t.Any] | None = None
    stream: bool = False  # read the answer as server-sent events, as they come
    patience: float = 0.0  # seconds that a stream may take besides the connection's time-out


class Event(t.NamedTuple):
    """One server-sent event, and the seconds from the request to its arrival."""

    seconds: float
    data: str


@dataclass(frozen=True)
class Answer:
    """What one request brought. Without a status no answer came; with one, `trouble` broke a stream off."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    events: tuple[Event, ...] = ()
    seconds: float = 0.0
    trouble: NoAnswerError | None = None

    @property
    def label(self) -> str:
        return str(self.status) if self.status else "no answer"

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def finished(self) -> bool:
        """Whether a stream came to its end."""
        return bool(self.events) and self.events[-1].data == "[DONE]" and not self.trouble

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def document(self) -> t.Any:
        """The content, when it is JSON."""
        return parsed(self.text)

    def describe(self) -> str:
        """The answer in one line: its status and what it says for itself."""
        if not self.status:
            return f"no answer: {self.trouble}"
        text = self.text
        if "html" in self.content_type:
            title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
            return f"{self.status} with a page of HTML" + (f" ({excerpt(title[1])})" if title else "")
        said = look_up(self.document, "error.message") or look_up(self.document, "detail") or [text]
        return f"{self.status} ({excerpt(str(said[0]))})" if said[0] else str(self.status)


def ask_all(connection: Connection, questions: Sequence[Question], *, at_once: bool) -> list[Answer]:
    """The answers to questions in their order: asked one after the other, or as many together as may be."""
    with ThreadPoolExecutor(min(len(questions), MOST_AT_ONCE) if at_once else 1) as pool:
        return list(pool.map(lambda question: ask(connection, question), questions))


def ask(connection: Connection, question: Question) -> Answer:
    """Send one request, over a connection of its own: a kept one could stay with one replica."""
    began = time.monotonic()
    answer: dict[str, t.Any] = {}
    events: list[Event] = []
    with requests.Session() as session:
        try:
            with connection.request(
                session, question.method, question.path, key=question.key, json=question.body, stream=True
            ) as response:
                head = {"status": response.status_code, "headers": response.headers}
                chunks = connection.chunks(response)
                if question.stream and Answer(**head).content_type == "text/event-stream":
                    # A stream that breaks off is an answer as far as it came. Anything else is whole, or none.
                    answer = head
                    for event in listen(chunks, began, connection.timeout + question.patience):
                        events.append(event)
                else:
                    answer = head | {"body": b"".join(chunks)}
        except NoAnswerError as trouble:
            answer["trouble"] = trouble
    return Answer(**answer, events=tuple(events), seconds=time.monotonic() - began)


def listen(chunks: Iterator[bytes], began: float, patience: float) -> Iterator[Event]:
    """The data of server-sent events, each when it comes."""
    rest = b""
    for chunk in chain(chunks, [b"\n"]):
        seconds = time.monotonic() - began
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield Event(seconds, line.removeprefix(b"data:").decode(errors="replace").strip())
        if seconds > patience:
            raise NoAnswerError(f"no end within {patience:g} s", "raise timeout, or ask for a shorter answer")


def series(answers: Sequence[Answer], *, at_once: bool) -> list[tuple[str, int]]:
    """How many answers had which status: as they followed each other, or of those that came together all of each."""
    labels = [answer.label for answer in answers]
    return [(label, len(list(group))) for label, group in groupby(sorted(labels) if at_once else labels)]


def in_words(counts: Iterable[tuple[str, int]], *, at_once: bool) -> str:
    return (" and " if at_once else ", then ").join(f"{number} x {label}" for label, number in counts)


def parsed(text: str) -> t.Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def look_up(document: t.Any, path: str) -> list[t.Any]:
    """All values at a dotted path; a number is a place in a list, * stands for every element."""
    there = [document]
    for step in path.split("."):
        below: list[t.Any] = []
        for value in there:
            if isinstance(value, list):
                below += value if step == "*" else value[int(step) :][:1] if step.isdecimal() else []
            elif isinstance(value, dict) and step in value:
                below.append(value[step])
        there = below
    return there


def excerpt(text: str) -> str:
    """One line of a text, short, and without what LiteLLM knows its keys by."""
    return cleaned(text, MOST_TEXT)
