# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only looks at the running gateway looks in check mode as well, and finds the same."""

from __future__ import annotations

import pytest
from playbook import play


@pytest.mark.parametrize("name", ["preflight", "status", "diagnose", "verify"])
def test_a_playbook_that_only_looks(name: str) -> None:
    assert play(name, options=("--check", "--diff")).changed == 0
