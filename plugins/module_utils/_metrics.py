# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Reading the text that Prometheus scrapes (text format 0.0.4), as the libraries that write it write it."""

from __future__ import annotations

import re
import typing as t

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_QUOTED = r'"(?:[^"\\\n]|\\.)*"'
_TYPE = re.compile(rf"#[ \t]*TYPE[ \t]+({_NAME})[ \t]+(\w+)")
# A name, labels, a value, and perhaps a time, which nobody asks for.
_SAMPLE = re.compile(rf"({_NAME})(?:[ \t]*\{{((?:[^\"}}]|{_QUOTED})*)\}})?[ \t]+(\S+)(?:[ \t]+-?\d+)?")
_LABEL = re.compile(rf"\s*({_NAME})\s*=\s*({_QUOTED})\s*(?:,|$)")
_ESCAPES = {r"\\": "\\", r"\"": '"', r"\n": "\n"}


class Sample(t.NamedTuple):
    name: str
    labels: dict[str, str]
    value: float


class Metrics(t.NamedTuple):
    families: dict[str, str]  # the type of each, by name; also of those without a sample yet
    samples: list[Sample]


def parse(text: str) -> Metrics:
    """What a text says; ValueError with the first line that says nothing."""
    metrics = Metrics({}, [])
    for number, line in enumerate(map(str.strip, text.split("\n")), start=1):
        family = _TYPE.fullmatch(line)
        if family:
            metrics.families[family[1]] = family[2]
        elif line and not line.startswith("#"):
            try:
                metrics.samples.append(_sample(line))
            except ValueError:
                raise ValueError(f"line {number} is no sample: {line[:80]}") from None
    return metrics


def _sample(line: str) -> Sample:
    found = _SAMPLE.fullmatch(line)
    if not found:
        raise ValueError(line)
    name, labels, value = found.groups()
    return Sample(name, _labels(labels or ""), float(value))


def _labels(text: str) -> dict[str, str]:
    labels, place = {}, 0
    while text[place:].strip():
        found = _LABEL.match(text, place)
        if not found:
            raise ValueError(text)
        labels[found[1]] = re.sub(r"\\.", lambda escape: _ESCAPES.get(escape[0], escape[0]), found[2][1:-1])
        place = found.end()
    return labels
