# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Speaking with LiteLLM's management API over HTTP: one session, safe retries, paging, and errors of one sentence."""

from __future__ import annotations

import os
import re
import threading
import time
import typing as t
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from ansible.module_utils.basic import env_fallback

try:
    import requests
except ImportError:
    # LiteLLMModule says so in a sentence.
    requests = None

ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {
    "api_base": {"type": "str", "required": True, "fallback": (env_fallback, ["LITELLM_API_BASE"])},
    "api_key": {
        "type": "str",
        "required": True,
        "no_log": True,
        "fallback": (env_fallback, ["LITELLM_MASTER_KEY", "LITELLM_API_KEY"]),
    },
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "timeout": {"type": "int", "default": 30},
}

# Seconds before the second, third and fourth attempt, unless the answer says Retry-After.
PAUSES = (0.5, 1.0, 2.0)
# LiteLLM's rate limits are counted in windows of one minute: a longer Retry-After is not worth waiting for.
LONGEST_PAUSE = 60.0
PAGE_SIZE = 100

# 429 is said before anything is done, so that any request may be sent again. After the others a write may have
# happened: only reads are sent again.
REFUSED_FOR_NOW = 429
PASSING_TROUBLE = (502, 503, 504)

Item = t.TypeVar("Item")
Result = t.TypeVar("Result")


class ApiError(Exception):
    """What went wrong, in one sentence that says what, where, and what to do about it.

    `unfinished` tells that a write may or may not have happened: only a read can tell.
    """

    def __init__(self, sentence: str, *, status: int | None = None, unfinished: bool = False) -> None:
        super().__init__(sentence)
        self.status = status
        self.unfinished = unfinished


class Client:
    """A LiteLLM proxy, asked as the owner of one API key. Threads may share it."""

    def __init__(
        self,
        api_base: str,
        api_key: str,
        *,
        validate_certs: bool = True,
        ca_path: str | None = None,
        timeout: float = 30,
        connections: int = 1,
    ) -> None:
        self.base = _checked_base(api_base)
        self._key = _checked_key(api_key)
        if connections < 1:
            raise ApiError(f"parallel is {connections}: give a number of connections of 1 or more.")
        self._session = requests.Session()
        self._session.mount(self.base, requests.adapters.HTTPAdapter(pool_maxsize=connections))
        self._connections = connections
        self._here = threading.local()
        self._threads = ThreadPoolExecutor(connections, initializer=setattr, initargs=(self._here, "threaded", True))
        # Given with every request: REQUESTS_CA_BUNDLE would override the session's own `verify`.
        self._verify: bool | str = (ca_path or True) if validate_certs else False
        if ca_path and not os.path.exists(ca_path):
            raise ApiError(f"ca_path is '{ca_path}', which does not exist: give the file with the CA's certificate.")
        self._timeout = timeout
        if timeout <= 0:
            raise ApiError(f"timeout is {timeout}: give a number of seconds above 0.")

    @classmethod
    def from_params(cls, params: t.Mapping[str, t.Any]) -> Client:
        """The client that the options in `ARGUMENT_SPEC` describe."""
        return cls(
            params["api_base"],
            params["api_key"],
            validate_certs=params["validate_certs"],
            ca_path=params["ca_path"],
            timeout=params["timeout"],
            connections=params.get("parallel", 1),
        )

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
        return self._ask("GET", path, params=query)

    def post(self, path: str, body: t.Mapping[str, t.Any]) -> t.Any:
        return self.send("POST", path, body)

    def send(self, method: str, path: str, body: t.Mapping[str, t.Any]) -> t.Any:
        return self._ask(method, path, json=body)

    def entries(self, path: str, items: str | None, **query: t.Any) -> list[dict[str, t.Any]]:
        """The entries that LiteLLM answers with under the name `items`; without a name the answer is the list."""
        return self._entries(path, self.get(path, **query), items)

    def pages(self, path: str, items: str, size: str, **query: t.Any) -> list[dict[str, t.Any]]:
        """Every entry of a list that LiteLLM hands out by page; `size` is what it calls a page's length."""
        return self.counted_pages(path, items, size, **query)[0]

    def counted_pages(
        self, path: str, items: str, size: str, **query: t.Any
    ) -> tuple[list[dict[str, t.Any]], set[int | None]]:
        """The same, and how many entries the pages say that there are: None where they do not say it."""

        def page(number: int) -> t.Any:
            return self.get(path, page=number, **{size: PAGE_SIZE}, **query)

        first = page(1)
        entries = self._entries(path, first, items)
        others = self.each(page, range(2, (first.get("total_pages") or 1) + 1))
        for answer in others:
            entries += self._entries(path, answer, items)
        return entries, {answer.get("total_count", answer.get("total")) for answer in (first, *others)}

    def _entries(self, path: str, answer: t.Any, items: str | None) -> list[dict[str, t.Any]]:
        entries = answer if items is None else isinstance(answer, dict) and answer.get(items)
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise ApiError(
                f"GET {self.base}{path} did not answer with a list{f' of {items}' if items else ''} as LiteLLM does:"
                " check that api_base is a LiteLLM proxy of a version that this collection supports."
            )
        return entries

    def _ask(self, method: str, path: str, **content: t.Any) -> t.Any:
        where = f"{method} {self.base}{path}"
        for pause in (*PAUSES, None):
            try:
                response = self._session.request(
                    method,
                    f"{self.base}{path}",
                    # A callable, because an Authorization header of our own would lose against an entry in ~/.netrc.
                    auth=self._authorize,
                    verify=self._verify,
                    timeout=self._timeout,
                    # A redirected POST would become a GET, and the key would go wherever the answer points.
                    allow_redirects=False,
                    **content,
                )
            except requests.RequestException as error:
                if pause is not None and _worth_repeating(error) and (method == "GET" or _never_sent(error)):
                    time.sleep(pause)
                    continue
                raise self._unreachable(where, error, unfinished=method != "GET" and not _never_sent(error)) from None
            again = response.status_code == REFUSED_FOR_NOW or (
                method == "GET" and response.status_code in PASSING_TROUBLE
            )
            if not again or pause is None:
                return self._read(where, response)
            time.sleep(_retry_after(response.headers.get("Retry-After"), pause))
        raise AssertionError("the last attempt returns or raises")

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request

    def _read(self, where: str, response: requests.Response) -> t.Any:
        """The answer's content, or the sentence that says what is wrong with it."""
        status = response.status_code
        try:
            content = response.json()
        except requests.exceptions.JSONDecodeError:
            if "html" in response.headers.get("Content-Type", ""):
                found = "an HTML page"
            elif response.text.lstrip()[:1] in ("{", "["):
                found = "JSON that is broken off or damaged"
            else:
                found = "something that is not JSON"
            raise ApiError(
                f"{where} answered {status} with {found}:"
                " check that api_base is LiteLLM itself, and what a proxy in front of it says.",
                status=status,
                unfinished=not where.startswith("GET") and (status < 300 or status >= 500),
            ) from None
        if status < 300:
            return content
        raise ApiError(
            self._refusal(where, status, response, content),
            status=status,
            unfinished=not where.startswith("GET") and status in PASSING_TROUBLE,
        )

    def _refusal(self, where: str, status: int, response: requests.Response, content: t.Any) -> str:
        said = self._cleaned(_message(content))
        if status < 400:
            return (
                f"{where} was redirected ({status}) to {response.headers.get('Location', 'nowhere')}:"
                " set api_base to the address that answers."
            )
        if status == 401:
            return f"{where} was refused (401), the API key is not accepted: check api_key. LiteLLM said: {said}"
        if status == 403:
            return (
                f"{where} was refused (403), this API key or this LiteLLM's licence does not allow it:"
                f" use the master key or a proxy admin's. LiteLLM said: {said}"
            )
        if status == 404:
            return f"{where} found nothing (404): check the name, and LiteLLM's version. LiteLLM said: {said}"
        if status == REFUSED_FOR_NOW:
            return (
                f"{where} was refused (429) {len(PAUSES) + 1} times, too many requests: try later. LiteLLM said: {said}"
            )
        if status >= 500:
            return f"{where} failed in LiteLLM ({status}): look into its log. LiteLLM said: {said}"
        return f"{where} was refused ({status}): {said}"

    def _unreachable(self, where: str, error: requests.RequestException, *, unfinished: bool) -> ApiError:
        if isinstance(error, requests.exceptions.SSLError):
            reason = "the certificate is not trusted or TLS is not spoken there: give its CA in ca_path"
        elif isinstance(error, requests.exceptions.ConnectTimeout):
            reason = f"no connection within {self._timeout} s: check the address and the network in between"
        elif isinstance(error, requests.exceptions.Timeout):
            reason = f"no answer within {self._timeout} s: raise timeout, or look into LiteLLM's log"
        elif _never_sent(error):
            reason = "no connection (refused, or the name is unknown): check api_base, and that LiteLLM runs"
        elif isinstance(error, (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            reason = "the connection broke before the answer was complete: look into LiteLLM's log"
        else:
            reason = (
                f"the request could not be made ({type(error).__name__}): check api_base, ca_path and proxy settings"
            )
        return ApiError(f"{where} failed, {reason}.", unfinished=unfinished)

    def _cleaned(self, text: str) -> str:
        """One line of bounded length without anything that looks like a key or its hash: LiteLLM repeats them."""
        text = re.sub(r"sk-[\w.-]{5,}", "sk-***", text.replace(self._key, "***"))
        text = re.sub(r"\b[0-9a-f]{64}\b", "***", text)
        text = " ".join(text.split())
        return text if len(text) <= 400 else f"{text[:400]}..."


def _checked_base(api_base: str) -> str:
    try:
        parts = urlsplit(api_base.strip())
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if "@" in api_base:
        raise ApiError("api_base holds a user name or a password: LiteLLM wants neither, give the key in api_key.")
    if not usable or parts.query or parts.fragment:
        raise ApiError(f"api_base is '{api_base}': give LiteLLM's address, as in https://llm.example.com.")
    return api_base.strip().rstrip("/")


def _checked_key(api_key: str) -> str:
    key = api_key.strip()
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise ApiError("api_key is empty or holds characters that an HTTP header cannot carry: check where it is read.")
    return key


def _never_sent(error: requests.RequestException) -> bool:
    """Whether the request cannot have reached LiteLLM, so that even a write may be sent again."""
    if isinstance(error, (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError", "SSLError")


def _worth_repeating(error: requests.RequestException) -> bool:
    """Whether another moment may bring another result. A time-out is not repeated: it is the caller's own patience."""
    lasting = (requests.exceptions.Timeout, requests.exceptions.SSLError, requests.exceptions.ProxyError)
    passing = (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)
    return isinstance(error, passing) and not isinstance(error, lasting)


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
    return min(max(seconds, 0.0), LONGEST_PAUSE)


def _message(content: t.Any) -> str:
    """LiteLLM's own words from each of the shapes it has for errors, never the input that it repeats."""
    if isinstance(content, dict):
        if isinstance(content.get("detail"), list):
            return "; ".join(
                f"{'.'.join(str(part) for part in entry.get('loc', ())[1:])}: {entry.get('msg')}"
                for entry in content["detail"]
                if isinstance(entry, dict)
            )
        for name in ("error", "detail", "message"):
            if content.get(name):
                return _message(content[name])
    return content if isinstance(content, str) else "nothing that explains it"
