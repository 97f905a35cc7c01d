# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""A table of checks: what each of them asks, and the answers compared with what was expected."""

from __future__ import annotations

import json
import re
import time
import typing as t
from collections.abc import Iterator, Mapping, Sequence

from ansible_collections.inference.gateway.plugins.module_utils._connection import Connection
from ansible_collections.inference.gateway.plugins.module_utils._probe import (
    MOST_REQUESTS,
    Answer,
    Question,
    ask_all,
    excerpt,
    in_words,
    look_up,
    series,
)

Check = Mapping[str, t.Any]


class Demand(t.NamedTuple):
    met: bool
    expected: str
    found: str


def run(connection: Connection, keys: Mapping[str, str], check: Check) -> dict[str, t.Any]:
    """Ask what a check asks, and say whether that brought what it expects."""
    began = time.monotonic()
    answers = ask_all(connection, questions(keys, check), at_once=check["parallel"])
    demands = judge(check, answers)
    return {
        "name": check["name"],
        "group": check["group"],
        "passed": all(demand.met for demand in demands),
        "expected": ", ".join(demand.expected for demand in demands),
        "found": ", ".join(demand.found for demand in demands if demand.found),
        "seconds": round(time.monotonic() - began, 3),
        "look": check["look"],
    }


def questions(keys: Mapping[str, str], check: Check) -> list[Question]:
    """The requests of a check. Its keys take turns."""
    expect, names = check["expect"], check["key"] or [None]
    return [
        Question(
            check["path"],
            check["method"],
            keys.get(names[number % len(names)]),
            check["body"],
            check["stream"],
            expect["spread"],
        )
        for number in range(sum(expect["statuses"].values()) or 1)
    ]


def judge(check: Check, answers: Sequence[Answer]) -> list[Demand]:
    """Everything that a check asks, beside what came."""
    expect = check["expect"]
    if expect["statuses"]:
        return [judge_series(expect["statuses"], check["parallel"], answers)]
    answer = answers[0]
    demands = [Demand(answer.status in expect["status"], " or ".join(map(str, expect["status"])), answer.label)]
    if check["stream"]:
        demands += judge_stream(expect["spread"], answer)
    document = answer.document
    fields = list(judge_fields(expect, document))
    if not demands[0].met or (fields and document is None):
        # Then the answer itself says more than a list of what it lacks.
        demands[0] = Demand(False, demands[0].expected, answer.describe())
        return demands[:1] + [Demand(False, demand.expected, "") for demand in demands[1:] + fields]
    return demands + fields


def judge_stream(least: float, answer: Answer) -> list[Demand]:
    streamed = answer.content_type == "text/event-stream" and len(answer.events) > 1
    spread = answer.events[-1].seconds - answer.events[0].seconds if answer.events else 0.0
    end = "[DONE] at the end" if answer.finished else "no [DONE] at the end"
    return [
        Demand(streamed, "a stream of events", f"{len(answer.events)} events of {answer.content_type or 'no type'}"),
        Demand(
            spread >= least and spread > 0,
            f"the first at least {least:g} s before the last",
            f"the first {spread:.3f} s before the last",
        ),
        Demand(answer.finished, "[DONE] at the end", f"broken off: {answer.trouble}" if answer.trouble else end),
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
    came = series(answers, at_once=parallel)
    expected = sorted(wanted.items()) if parallel else list(wanted.items())
    strange = next((answer for answer in answers if answer.label not in wanted), None)
    return Demand(
        came == expected,
        in_words(wanted.items(), at_once=parallel) + (", sent at once" if parallel else ""),
        in_words(came, at_once=parallel) + (f" ({strange.describe()})" if strange else ""),
    )


def listed(values: Sequence[t.Any]) -> str:
    texts = (value if isinstance(value, str) else json.dumps(value) for value in values)
    return excerpt(", ".join(texts)) or "nothing"


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
        named = [name for name in ("json", "includes", "filled") if expect[name]]
        if named and (check["stream"] or expect["statuses"]):
            yield f"{where}: expect.{named[0]} looks into the body of one answer, which needs status and no stream."
        if expect["spread"] and not check["stream"]:
            yield f"{where}: expect.spread looks at a stream, set stream to true."
        if check["parallel"] and not expect["statuses"]:
            yield f"{where}: parallel is for many requests, expect needs statuses."
        for label, number in expect["statuses"].items():
            if not (re.fullmatch(r"[1-5]\d\d", label) and isinstance(number, int) and number > 0):
                yield f"{where}: statuses has {label}: {number}; it maps HTTP status codes to numbers of answers."
                break
        else:
            if sum(expect["statuses"].values()) > MOST_REQUESTS:
                yield f"{where}: statuses asks for more than {MOST_REQUESTS} requests, which is a load test."
