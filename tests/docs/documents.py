# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The code blocks of every document, as a reader finds them."""

from __future__ import annotations

import re
import subprocess
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
MARKDOWN = re.compile(r"^```(?P<language>\w+)?(?: (?P<file>\S+))?$")
RST = re.compile(r"^\.\. code-block:: (?P<language>\S+)$")
CAPTION = re.compile(r"^\s+:caption: (?P<file>\S+)$")


@dataclass(frozen=True)
class Block:
    document: str
    line: int
    language: str
    text: str
    #: The file that the reader is to write this into. Empty if none is named.
    file: str = ""
    #: Nothing stands between it and the block before: it is what that one prints.
    follows: bool = False

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"


def names() -> list[str]:
    """Every document in version control, or about to be, that people write."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md", "*.rst"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    return sorted(name for name in listed if name != "CHANGELOG.md" and (ROOT / name).is_file())


@cache
def blocks(document: str) -> tuple[Block, ...]:
    lines = (ROOT / document).read_text().splitlines()
    return tuple((in_markdown if document.endswith(".md") else in_rst)(document, lines))


def all_blocks(language: str) -> list[Block]:
    return [block for name in names() for block in blocks(name) if block.language == language]


def in_markdown(document: str, lines: list[str]) -> Iterator[Block]:
    follows, number = False, 0
    while number < len(lines):
        found = MARKDOWN.match(lines[number])
        if found:
            end = lines.index("```", number + 1)
            text = "\n".join(lines[number + 1 : end]) + "\n"
            yield Block(document, number + 1, found["language"] or "", text, found["file"] or "", follows)
            number = end
        if lines[number].strip():
            follows = bool(found)
        number += 1


def in_rst(document: str, lines: list[str]) -> Iterator[Block]:
    follows, number = False, 0
    while number < len(lines):
        found = RST.match(lines[number])
        end = number + 1
        if found:
            while end < len(lines) and (not lines[end].strip() or lines[end].startswith(" ")):
                end += 1
            caption = CAPTION.match(lines[number + 1])
            text = textwrap.dedent("\n".join(lines[number + (2 if caption else 1) : end])).strip("\n") + "\n"
            yield Block(document, number + 1, found["language"], text, caption["file"] if caption else "", follows)
        if lines[number].strip():
            follows = bool(found)
        number = end


def commands(block: Block) -> list[str]:
    """The commands of a console block, each as a shell would take it: up to the first line where it is complete."""
    found: list[str] = []
    begun = ""
    for line in block.text.splitlines():
        begun += f"{line}\n"
        if begun.strip() and not line.endswith("\\") and complete(begun):
            found.append(begun)
            begun = ""
    assert not begun.strip(), f"{block}: no shell takes {begun!r}"
    return found


@cache
def complete(text: str) -> bool:
    return subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False).returncode == 0


def words(command: str) -> str:
    """A command without its layout, and without a comment at its end."""
    return " ".join(re.sub(r"\s+#.*$", "", command.replace("\\\n", " "), flags=re.MULTILINE).split())
