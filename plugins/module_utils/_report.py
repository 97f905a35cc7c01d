# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Tables and texts for a terminal."""

from __future__ import annotations

import re
import typing as t

# Leaves room for what a callback puts in front of each line of a terminal with 120 columns.
WIDTH = 110
GAP = "  "
# What an answer may hold, but neither a terminal, nor XML, nor UTF-8 should be given.
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def aligned(lines: t.Sequence[t.Sequence[str]], *, flexible: int, numbers: t.Container[int] = ()) -> list[str]:
    """The first line as the head of the others; what does not fit is cut from the flexible column."""
    columns = range(len(lines[0]))
    widths = [max(len(line[column]) for line in lines) for column in columns]
    room = WIDTH - len(GAP) * (len(widths) - 1) - sum(widths) + widths[flexible]
    widths[flexible] = min(widths[flexible], room)
    told = [
        GAP.join(
            line[column].rjust(widths[column])
            if column in numbers
            else shortened(line[column], widths[column]).ljust(widths[column])
            for column in columns
        )
        for line in lines
    ]
    return [told[0], GAP.join("-" * width for width in widths), *told[1:]]


def by_reason(missed: t.Iterable[tuple[str, str]]) -> list[str]:
    """Lines about checks that did not run: each reason once, with the checks that it kept from running below it."""
    checks: dict[str, list[str]] = {}
    for reason, check in missed:
        checks.setdefault(reason, []).append(check)
    return [
        line
        for reason, names in checks.items()
        for line in ("", f"did not run: {one_line(reason)}", *(f"  {name}" for name in names))
    ]


def one_line(text: str) -> str:
    return " ".join(str(text).split())


def printable(text: str) -> str:
    return UNPRINTABLE.sub("\ufffd", str(text))


def shortened(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3]}..."
