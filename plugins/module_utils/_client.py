# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Speaking with LiteLLM's management API over HTTP: one session, safe retries, paging, and errors of one sentence."""

from __future__ import annotations

import json
import math
import re
import threading
import time
import typing as t
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from urllib.parse import quote, urlencode

from ansible_collections.inference.gateway.plugins.module_utils._connection import (
    ApiError,
    Connection,
    NoAnswerError,
    checked_key,
    requests,
)
from ansible_collections.inference.gateway.plugins.module_utils._versions import Version, stealing, too_old, unknown

# Seconds before the second, third and fourth attempt, unless the answer says Retry-After.
PAUSES = (0.5, 1.0, 2.0)
# LiteLLM's rate limits are counted in windows of one minute: a longer Retry-After is not worth waiting for.
LONGEST_PAUSE = 60.0
PAGE_SIZE = 100
UNEXPLAINED = "nothing that explains it"

# What the API key may not do, or this LiteLLM's licence.
FORBIDDEN = 403
# 429 is said before anything is done, so that any request may be sent again. After the others a write may have
# happened: only reads are sent again.
REFUSED_FOR_NOW = 429
PASSING_TROUBLE = (502, 503, 504)

# LiteLLM's many words for having been started without a database. One that it cannot reach is another matter.
NO_DATABASE = re.compile(
    r"\bno (connected db|db connected)|\b(db|database) not connected|not connected to db", re.IGNORECASE
)
# What its web framework says of a path that it does not know.
NO_ENDPOINT = {"detail": "Not Found"}
Item = t.TypeVar("Item")
Result = t.TypeVar("Result")


# What a refusal means and what to do: by the type that LiteLLM gives an error, or else by its status.
BY_TYPE = {
    "budget_exceeded": "the budget is used up: raise it, or wait until its next period begins",
    "expired_key": "the API key has expired: give api_key another one",
    "key_model_access_denied": "this API key may not use the model: allow it in the key's models",
    "team_model_access_denied": "the key's team may not use the model: allow it in the team's models",
}
BY_STATUS = {
    401: "the API key is not accepted: check api_key",
    FORBIDDEN: "this API key or this LiteLLM's licence does not allow it: use the master key or a proxy admin's",
    REFUSED_FOR_NOW: "too many requests: try later",
}


class Client:
    """A LiteLLM proxy, asked as the owner of one API key. Threads may share it."""

    def __init__(
        self, connection: Connection, api_key: str, warn: t.Callable[[str], None], *, connections: int = 1
    ) -> None:
        self.connection = connection
        self.base = connection.base
        self._key = checked_key(api_key)
        if connections < 1:
            raise ApiError(f"parallel is {connections}: give a number of connections of 1 or more.")
        self._session = requests.Session()
        self._session.mount(self.base, requests.adapters.HTTPAdapter(pool_maxsize=connections))
        self._connections = connections
        self._here = threading.local()
        self._threads = ThreadPoolExecutor(connections, initializer=setattr, initargs=(self._here, "threaded", True))
        self._warn = warn

    @classmethod
    def from_params(
        cls, params: t.Mapping[str, t.Any], warn: t.Callable[[str], None], *, connections: int = 1
    ) -> Client:
        """The client that the options in `ARGUMENT_SPEC` describe."""
        return cls(Connection.from_params(params), params["api_key"], warn, connections=connections)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *unused: object) -> None:
        # What has begun is waited for; after an exception, nothing more begins.
        self._threads.shutdown(cancel_futures=True)
        self._session.close()

    def each(self, work: t.Callable[[Item], Result], items: t.Iterable[Item]) -> list[Result]:
        """What `work` returns for each of the items, in their order; as many at once as there are connections."""
        # Work of a thread of ours does not wait for others of them, which may all be waiting like itself.
        if self._connections == 1 or hasattr(self._here, "threaded"):
            return list(map(work, items))
        return list(self._threads.map(work, items))

    def get(self, path: str, **query: t.Any) -> t.Any:
        # LiteLLM takes a plus sign for one in some places, and for a space in others.
        return self._content("GET", path, self._ask("GET", path, params=urlencode(query, quote_via=quote)))

    def text(self, path: str) -> str:
        """A text that is not JSON."""
        response = self._ask("GET", path)
        kind = response.headers.get("Content-Type", "")
        if response.status_code >= 300 or not kind.startswith("text/plain"):
            self._content("GET", path, response)
            raise ApiError(
                f"GET {self.base}{path} answered with {kind or 'no type'} in place of a text: check the address."
            )
        return response.content.decode(errors="replace")

    def post(self, path: str, body: t.Mapping[str, t.Any]) -> t.Any:
        return self.send("POST", path, body)

    def send(self, method: str, path: str, body: t.Mapping[str, t.Any]) -> t.Any:
        return self._content(method, path, self._ask(method, path, json=body))

    def entries(self, path: str, items: str | None, **query: t.Any) -> list[dict[str, t.Any]]:
        """The entries that LiteLLM answers with under the name `items`; without a name the answer is the list."""
        answer = self.get(path, **query)
        return self._entries(path, answer.get(items) if items and isinstance(answer, dict) else answer, items)

    def pages(self, path: str, items: str, size: str, **query: t.Any) -> list[dict[str, t.Any]]:
        """Every entry of a list that LiteLLM hands out by page; `size` is what it calls a page's length."""
        return self.counted_pages(path, items, size, **query)[0]

    def counted_pages(
        self, path: str, items: str, size: str, **query: t.Any
    ) -> tuple[list[dict[str, t.Any]], set[int | None]]:
        """The same, and how many entries the pages say that there are: None where they do not say it."""

        def page(number: int) -> dict[str, t.Any]:
            answer = self.get(path, page=number, **{size: PAGE_SIZE}, **query)
            return answer if isinstance(answer, dict) else {}

        first = page(1)
        entries = self._entries(path, first.get(items), items)
        last = first.get("total_pages")
        others = self.each(page, range(2, (last if isinstance(last, int) else 1) + 1))
        for answer in others:
            entries += self._entries(path, answer.get(items), items)
        with self.reading(path):
            return entries, {answer.get("total_count", answer.get("total")) for answer in (first, *others)}

    @contextmanager
    def reading(self, path: str) -> t.Iterator[None]:
        """While an answer is read: what it lacks of those that LiteLLM gives is said in one sentence."""
        try:
            yield
        except (AttributeError, KeyError, TypeError):
            raise ApiError(
                f"GET {self.base}{path} did not answer as LiteLLM does: check that api_base is a LiteLLM proxy of a"
                " version that this collection supports."
            ) from None

    @cached_property
    def version(self) -> Version | None:
        """The version that answers, asked for once, when something is to change; None if it does not say."""
        try:
            # Of all that tells it, this alone is the same in all versions, needs no key and asks no database.
            answer = self.get("/public/model_hub/info")
        except ApiError:
            return None
        version = Version.parse(answer.get("litellm_version")) if isinstance(answer, dict) else None
        for caution in (stealing, unknown):
            sentence = caution(version, f" at {self.base}")
            if sentence:
                self._warn(sentence)
        return version

    def too_old(self, needs: t.Mapping[str, str]) -> str | None:
        """The sentence about what this LiteLLM is too old for; `needs` has the first release by what needs it."""
        return too_old(self.version, needs, f" at {self.base}")

    def _entries(self, path: str, entries: t.Any, items: str | None) -> list[dict[str, t.Any]]:
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise ApiError(
                f"GET {self.base}{path} did not answer with a list{f' of {items}' if items else ''} as LiteLLM does:"
                " check that api_base is a LiteLLM proxy of a version that this collection supports."
            )
        return entries

    def _content(self, method: str, path: str, response: requests.Response) -> t.Any:
        return content_of(f"{method} {self.base}{path}", response.status_code, response.headers, response.content)

    def _ask(self, method: str, path: str, **content: t.Any) -> requests.Response:
        where = f"{method} {self.base}{path}"
        for pause in (*PAUSES, None):
            try:
                response = self.connection.request(self._session, method, path, key=self._key, **content)
            except NoAnswerError as error:
                if pause is not None and error.passing and (method == "GET" or not error.sent):
                    time.sleep(pause)
                    continue
                raise ApiError(
                    f"{where} failed, {error.cause}: {error.advice}.", unfinished=method != "GET" and error.sent
                ) from None
            again = response.status_code == REFUSED_FOR_NOW or (
                method == "GET" and response.status_code in PASSING_TROUBLE
            )
            if not again or pause is None:
                return response
            time.sleep(_retry_after(response.headers.get("Retry-After"), pause))
        raise AssertionError("the last attempt returns or raises")


def content_of(where: str, status: int, headers: t.Mapping[str, str], body: bytes) -> t.Any:
    """The content of an answer, or the sentence that says what is wrong with it."""
    writing = not where.startswith("GET ")
    if 300 <= status < 400:
        raise ApiError(
            f"{where} was redirected ({status}) to {headers.get('Location', 'nowhere')}:"
            " set api_base to the address that answers.",
            status=status,
        )
    try:
        content = json.loads(body)
    # More than a JSONDecodeError: there are answers with letters, numbers or depths that Python refuses.
    except (ValueError, RecursionError):
        raise ApiError(
            f"{where} answered {status} with {_found(headers, body)}:"
            " check that api_base is LiteLLM itself, and what a proxy in front of it says.",
            status=status,
            unfinished=writing and (status < 300 or status >= 500),
        ) from None
    if status < 300:
        return content
    raise ApiError(_refusal(where, status, content), status=status, unfinished=writing and status in PASSING_TROUBLE)


def _found(headers: t.Mapping[str, str], body: bytes) -> str:
    if not body.strip():
        return "nothing"
    if "html" in headers.get("Content-Type", ""):
        return "an HTML page"
    return "JSON that is broken off or damaged" if body.lstrip()[:1] in (b"{", b"[") else "something that is not JSON"


def _refusal(where: str, status: int, content: t.Any) -> str:
    said = cleaned(message_of(content))
    if NO_DATABASE.search(said):
        return (
            f"{where} was refused ({status}), this LiteLLM runs without a database, which it needs for that:"
            f" set its DATABASE_URL. LiteLLM said: {said}"
        )
    if status == 405 or (status == 404 and content == NO_ENDPOINT):
        return (
            f"{where} found no such endpoint ({status}): check that api_base is the root of a LiteLLM proxy, without a"
            " path such as /v1, and of a version that has it."
        )
    if status == 404:
        return f"{where} found nothing (404): check the name, and LiteLLM's version. LiteLLM said: {said}"
    if status in (400, FORBIDDEN) and "LiteLLM Enterprise" in said:
        return f"{where} was refused ({status}), this needs an enterprise licence of LiteLLM. LiteLLM said: {said}"
    if status >= 500:
        return f"{where} failed in LiteLLM ({status}): look into its log. LiteLLM said: {said}"
    meaning = BY_TYPE.get(_type(content)) or BY_STATUS.get(status)
    return f"{where} was refused ({status})" + (f", {meaning}. LiteLLM said: {said}" if meaning else f": {said}")


def cleaned(text: str, most: int = 400) -> str:
    """One line of bounded length without anything that looks like a key or its hash: LiteLLM repeats them."""
    text = re.sub(r"sk-[\w.+/=~-]{5,}", "sk-***", text)
    text = " ".join(re.sub(r"\b[0-9a-f]{64}\b", "***", text).split())
    return text if len(text) <= most else f"{text[:most]}..."


def _retry_after(header: str | None, default: float) -> float:
    """Seconds to wait: what the answer asks for (as a number or as a date), within bounds."""
    if not header:
        return default
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return default
    return default if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_PAUSE)


def message_of(content: t.Any) -> str:
    """LiteLLM's own words from each of the shapes it has for errors, never the input that it repeats."""
    while isinstance(content, dict):
        content = next((content[name] for name in ("error", "detail", "message") if content.get(name)), None)
    if isinstance(content, list):
        content = "; ".join(filter(None, map(_entry, content)))
    return content if content and isinstance(content, str) else UNEXPLAINED


def _entry(problem: t.Any) -> str:
    """One entry of the list that a 422 has: a field, and what is wrong with it."""
    if not isinstance(problem, dict) or not problem.get("msg"):
        return ""
    place = problem.get("loc")
    field = ".".join(map(str, place[1:])) if isinstance(place, list) else ""
    return f"{field}: {problem['msg']}" if field else str(problem["msg"])


def _type(content: t.Any) -> str | None:
    error = content.get("error") if isinstance(content, dict) else None
    kind = error.get("type") if isinstance(error, dict) else None
    return kind if isinstance(kind, str) else None
