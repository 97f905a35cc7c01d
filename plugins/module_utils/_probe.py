# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Asking a gateway questions and comparing the answers with what was expected.

No request is ever repeated: a probe that tried again would hide exactly what it is there to find.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import time
import typing as t
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

try:
    import requests
except ImportError:
    # LiteLLMModule says so in a sentence.
    requests = None

# Anything above is a load test and belongs elsewhere.
MOST_REQUESTS = 200
MOST_AT_ONCE = 32
# A longer excerpt of an answer would bury the reason.
MOST_TEXT = 160

Check = Mapping[str, t.Any]


@dataclass(frozen=True)
class Answer:
    """What one request brought; without a status, what kept the answer from coming."""

    status: int = 0
    content_type: str = ""
    text: str = ""
    error: str = ""
    events: int = 0
    spread: float = 0.0
    finished: bool = False

    @property
    def label(self) -> str:
        return str(self.status) if self.status else "no answer"


class Demand(t.NamedTuple):
    met: bool
    expected: str
    found: str


@dataclass(frozen=True)
class Prober:
    base: str
    keys: Mapping[str, str]
    verify: bool | str
    timeout: float

    def run(self, check: Check) -> dict[str, t.Any]:
        started = time.monotonic()
        total = sum(check["expect"]["statuses"].values()) or 1
        at_once = min(total, MOST_AT_ONCE) if check["parallel"] else 1
        with ThreadPoolExecutor(at_once) as pool:
            answers = list(pool.map(lambda number: self.ask(check, number), range(total)))
        demands = judge(check, answers)
        return {
            "name": check["name"],
            "group": check["group"],
            "passed": all(demand.met for demand in demands),
            "expected": ", ".join(demand.expected for demand in demands),
            "found": ", ".join(demand.found for demand in demands if demand.found),
            "seconds": round(time.monotonic() - started, 3),
            "look": check["look"],
        }

    def ask(self, check: Check, number: int) -> Answer:
        """Send one request, over a connection of its own: a kept one could stay with one replica."""
        names = check["key"]
        key = self.keys[names[number % len(names)]] if names else None

        def authorize(request: requests.PreparedRequest) -> requests.PreparedRequest:
            if key:
                request.headers["Authorization"] = f"Bearer {key}"
            return request

        with requests.Session() as session:
            try:
                with session.request(
                    check["method"],
                    self.base + check["path"],
                    headers={"User-Agent": "inference.gateway"},
                    json=check["body"],
                    # Always given, because an entry in ~/.netrc would be sent in its place, or where no key is meant.
                    auth=authorize,
                    # Given here, because REQUESTS_CA_BUNDLE would override the session's own.
                    verify=self.verify,
                    timeout=self.timeout,
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                    if check["stream"] and kind == "text/event-stream":
                        return self.listen(response, kind, check["expect"]["spread"])
                    return Answer(response.status_code, kind, response.content.decode(errors="replace"))
            except requests.RequestException as error:
                return Answer(error=cause(error, self.timeout))

    def listen(self, response: requests.Response, kind: str, spread: float) -> Answer:
        """Read server-sent events and note when each of them came."""
        deadline = time.monotonic() + self.timeout + spread
        arrivals: list[float] = []
        last, rest, error = b"", b"", ""
        try:
            for chunk in response.iter_content(chunk_size=None):
                now = time.monotonic()
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    if line.startswith(b"data:"):
                        arrivals.append(now)
                        last = line.removeprefix(b"data:").strip()
                if now > deadline:
                    error = f"no end within {self.timeout + spread:g} s"
                    break
        except requests.RequestException as broken:
            error = f"broken off: {cause(broken, self.timeout)}"
        return Answer(
            response.status_code,
            kind,
            error=error,
            events=len(arrivals),
            spread=arrivals[-1] - arrivals[0] if arrivals else 0.0,
            finished=last == b"[DONE]",
        )


def judge(check: Check, answers: Sequence[Answer]) -> list[Demand]:
    """Everything that a check asks, beside what came."""
    expect = check["expect"]
    if expect["statuses"]:
        return [judge_series(expect["statuses"], check["parallel"], answers)]
    answer = answers[0]
    demands = [Demand(answer.status in expect["status"], " or ".join(map(str, expect["status"])), answer.label)]
    if check["stream"]:
        demands += judge_stream(expect["spread"], answer)
    document = parsed(answer.text)
    fields = list(judge_fields(expect, document))
    if not demands[0].met or (fields and document is None):
        # Then the answer itself says more than a list of what it lacks.
        demands[0] = Demand(False, demands[0].expected, describe(answer))
        return demands[:1] + [Demand(False, demand.expected, "") for demand in demands[1:] + fields]
    return demands + fields


def judge_stream(spread: float, answer: Answer) -> list[Demand]:
    streamed = answer.content_type == "text/event-stream" and answer.events > 1
    return [
        Demand(streamed, "a stream of events", f"{answer.events} events of {answer.content_type or 'no type'}"),
        Demand(
            answer.spread >= spread and answer.spread > 0,
            f"the first at least {spread:g} s before the last",
            f"the first {answer.spread:.3f} s before the last",
        ),
        Demand(
            answer.finished and not answer.error,
            "[DONE] at the end",
            answer.error or ("[DONE] at the end" if answer.finished else "no [DONE] at the end"),
        ),
    ]


def judge_fields(expect: Mapping[str, t.Any], document: t.Any) -> Iterator[Demand]:
    for path, wanted in expect["json"].items():
        there = look_up(document, path)
        yield Demand(there == [wanted], f"{path}={listed([wanted])}", f"{path}={listed(there)}")
    for path, wanted in expect["includes"].items():
        there = look_up(document, path)
        missing = [value for value in wanted if value not in there]
        yield Demand(
            not missing,
            f"{path} with {listed(wanted)}",
            f"{path} without {listed(missing)}" if missing else f"{path} with {listed(there)}",
        )
    for path in expect["filled"]:
        there = [value for value in look_up(document, path) if value]
        yield Demand(bool(there), f"{path} filled", f"{path}={listed(there)}")


def judge_series(wanted: Mapping[str, int], parallel: bool, answers: Sequence[Answer]) -> Demand:
    came = [answer.label for answer in answers]
    strange = next((answer for answer in answers if answer.label not in wanted), None)
    note = f" ({describe(strange)})" if strange else ""
    if parallel:
        counts = Counter(came)
        return Demand(
            counts == Counter(wanted),
            f"{in_words(wanted.items(), ' and ')}, sent at once",
            in_words(sorted(counts.items()), " and ") + note,
        )
    runs = [(label, len(list(group))) for label, group in groupby(came)]
    return Demand(runs == list(wanted.items()), in_words(wanted.items(), ", then "), in_words(runs, ", then ") + note)


def in_words(counts: Iterable[tuple[str, int]], joint: str) -> str:
    return joint.join(f"{number} x {label}" for label, number in counts)


def parsed(text: str) -> t.Any:
    try:
        return json.loads(text)
    except ValueError:
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


def listed(values: Sequence[t.Any]) -> str:
    texts = (value if isinstance(value, str) else json.dumps(value) for value in values)
    return excerpt(", ".join(texts)) or "nothing"


def describe(answer: Answer) -> str:
    """An answer in one line: its status and what it says for itself."""
    if not answer.status:
        return f"no answer: {answer.error}"
    if "html" in answer.content_type:
        title = re.search(r"<title[^>]*>(.*?)</title>", answer.text, re.IGNORECASE | re.DOTALL)
        return f"{answer.status} with a page of HTML" + (f" ({excerpt(title[1])})" if title else "")
    document = parsed(answer.text)
    said = look_up(document, "error.message") or look_up(document, "detail") or [answer.text]
    return f"{answer.status} ({excerpt(str(said[0]))})" if said[0] else str(answer.status)


def excerpt(text: str) -> str:
    """One line of a text, short, and without the hashes that LiteLLM knows its keys by."""
    line = re.sub(r"\b[0-9a-f]{64}\b", "<hash>", " ".join(text.split()))
    return line if len(line) <= MOST_TEXT else f"{line[: MOST_TEXT - 3]}..."


def cause(error: BaseException, timeout: float) -> str:
    """The reason at the bottom of a chain of exceptions, in words."""
    if isinstance(error, requests.Timeout):
        return f"nothing came within {timeout:g} s"
    while below := next(
        (
            inner
            for inner in (getattr(error, "reason", None), *error.args, error.__cause__, error.__context__)
            if isinstance(inner, BaseException)
        ),
        None,
    ):
        error = below
    if isinstance(error, TimeoutError):
        return f"nothing came within {timeout:g} s"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {(error.reason or str(error)).lower().replace('_', ' ')}"
    if isinstance(error, socket.gaierror):
        return "the name of the host is unknown"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return excerpt(str(error)) or type(error).__name__


def complaints(keys: Mapping[str, str], checks: Sequence[Check]) -> Iterator[str]:
    """What is wrong with the input, one sentence each."""
    for name, value in keys.items():
        if not re.fullmatch(r"[!-~]+", str(value)):
            yield f"keys.{name} is empty or holds a space, a line break or a letter that no HTTP header carries."
    if not checks:
        yield "checks is empty: name at least one."
    places: dict[str, int] = {}
    for place, check in enumerate(checks):
        where = f"checks[{place}] ({check['name']})"
        if places.setdefault(check["name"], place) != place:
            yield f"{where}: checks[{places[check['name']]}] has the same name."
        if not check["path"].startswith("/"):
            yield f"{where}: path is {check['path']!r}, it must start with '/'."
        for name in check["key"]:
            if name not in keys:
                yield f"{where}: key {name!r} is not among keys ({', '.join(keys) or 'there are none'})."
        expect = check["expect"]
        if bool(expect["status"]) == bool(expect["statuses"]):
            yield f"{where}: expect needs either status (one request) or statuses (many)."
        if check["stream"] and expect["statuses"]:
            yield f"{where}: a stream is one request, expect needs status in place of statuses."
        if check["parallel"] and not expect["statuses"]:
            yield f"{where}: parallel is for many requests, expect needs statuses."
        for label, number in expect["statuses"].items():
            if not (re.fullmatch(r"[1-5]\d\d", label) and isinstance(number, int) and number > 0):
                yield f"{where}: statuses has {label}: {number}; it maps HTTP status codes to numbers of answers."
                break
        else:
            if sum(expect["statuses"].values()) > MOST_REQUESTS:
                yield f"{where}: statuses asks for more than {MOST_REQUESTS} requests, which is a load test."
