# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the LiteLLM under test can do, as the collection's own tables of fields say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from stack import VERSION

from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import Field, Kind
from ansible_collections.inference.gateway.plugins.module_utils._versions import Version

Options = dict[str, Any]


def is_there(release: str | None) -> bool:
    return release is None or Version.parse(release) <= Version.parse(VERSION)


def having(kind: Kind, options: Options) -> Options:
    """Those of the options that this LiteLLM has."""
    return _those(kind, options, lambda field: is_there(field.since))


def clearing(kind: Kind, options: Options) -> Options:
    """Those that it also clears."""
    return _those(kind, having(kind, options), lambda field: is_there(field.clears_since))


def needs(release: str | None) -> pytest.MarkDecorator:
    """For a test of what an older LiteLLM cannot do. There, test_releases.py sees that the module says so."""
    return pytest.mark.skipif(not is_there(release), reason=f"LiteLLM {VERSION} cannot do that: it takes {release}.")


def _those(kind: Kind, options: Options, can: Callable[[Field], bool]) -> Options:
    able = {field.name for field in kind.fields if can(field)}
    return {name: value for name, value in options.items() if name in able}
