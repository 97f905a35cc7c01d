# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steady load on the gateway: a chat every so often, each on a connection of its own, none of them sent again."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import requests


@dataclass
class Record:
    """What became of the requests: their number, and how often each way to fail was seen."""

    sent: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0

    @property
    def failed(self) -> int:
        return sum(self.failures.values())

    def __str__(self) -> str:
        told = f"{self.failed} of {self.sent} requests failed, the slowest took {self.slowest:.1f} s"
        return "\n".join([told, *(f"    {number} x {why}" for why, number in self.failures.items())])


class Load:
    """`with Load(...) as record:` sends from its beginning to its end, and waits for the last answer."""

    def __init__(
        self, url: str, key: str, model: str, per_second: float = 4, timeout: float = 30, **more: object
    ) -> None:
        self.url, self.key, self.model, self.more = url, key, model, more
        self.pause, self.timeout = 1 / per_second, timeout
        self.record = Record()
        self.stop = threading.Event()
        self.pool = ThreadPoolExecutor(max_workers=64)
        self.pacer = threading.Thread(target=self.pace)

    def __enter__(self) -> Record:
        self.pacer.start()
        return self.record

    def __exit__(self, *_error: object) -> None:
        self.stop.set()
        self.pacer.join()
        self.pool.shutdown(wait=True)

    def pace(self) -> None:
        """Sends by the clock, whether the last answer has come or not: an outage loses all the requests of its time."""
        due = time.monotonic()
        while not self.stop.wait(max(0.0, due - time.monotonic())):
            number = self.record.sent
            self.record.sent += 1
            self.pool.submit(self.ask, number).add_done_callback(self.count)
            due += self.pause

    def ask(self, number: int) -> tuple[str, float]:
        """Why the request failed, empty if it did not, and its seconds."""
        started = time.monotonic()
        body = {"messages": [{"role": "user", "content": f"Request {number}"}], "max_tokens": 1} | self.more
        try:
            answer = requests.post(
                f"{self.url}/v1/chat/completions",
                json={"model": self.model} | body,
                headers={"Authorization": f"Bearer {self.key}", "Connection": "close"},
                timeout=self.timeout,
            )
            why = "" if self.is_whole(answer) else f"HTTP {answer.status_code}: {answer.text[-120:]}"
        except requests.RequestException as error:
            why = f"{type(error).__name__}: {str(error)[-120:]}"
        return why, time.monotonic() - started

    def is_whole(self, answer: requests.Response) -> bool:
        """A stream that is cut may well end as if nothing were missing, but for its last event."""
        if self.more.get("stream"):
            return answer.ok and answer.text.rstrip().endswith("data: [DONE]")
        return answer.ok and bool(answer.json()["choices"])

    def count(self, done: Future[tuple[str, float]]) -> None:
        why, seconds = done.result()
        self.record.slowest = max(self.record.slowest, seconds)
        if why:
            self.record.failures[why] += 1
