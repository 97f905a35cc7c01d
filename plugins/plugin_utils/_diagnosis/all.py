# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_util is private to the inference.gateway collection. It may change at any time.
"""All checks, what others depend on first, so that the cause of a fault stands before what it brings about."""

from __future__ import annotations

import re
import traceback
import typing as t
from pathlib import Path

from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis import (
    cluster,
    database,
    gateway,
    keys,
    metrics,
    models,
    network,
    proxy,
    valkey,
)
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import Check, Seen, UnreadError

PARTS: t.Mapping[str, tuple[Check, ...]] = {
    "cluster": cluster.CHECKS,
    "network": network.CHECKS,
    "database": database.CHECKS,
    "valkey": valkey.CHECKS,
    "proxy": proxy.CHECKS,
    "models": models.CHECKS,
    "gateway": gateway.CHECKS,
    "metrics": metrics.CHECKS,
    "keys": keys.CHECKS,
}


# In the order of the report.
STATUSES = ("broken", "risk", "missed", "skipped", "sound")


class Result(t.TypedDict):
    """What one check says: once for each finding, or once that there is none."""

    part: str
    check: str
    status: str
    cause: str
    evidence: str
    remedy: str


def diagnosed(seen: Seen, skip: t.Container[str] = ()) -> list[Result]:
    """The results of all checks: what is broken, what will be, what did not run, and then all else."""
    results = [
        result for part, checks in PARTS.items() for check in checks for result in judged(part, check, seen, skip)
    ]
    return sorted(results, key=lambda result: STATUSES.index(result["status"]))


def judged(part: str, check: Check, seen: Seen, skip: t.Container[str]) -> list[Result]:
    def result(status: str, cause: str = "", evidence: str = "", remedy: str = "") -> Result:
        """What is told, without a secret in it."""
        return Result(
            part=part,
            check=check.name,
            status=status,
            cause=seen.clean(cause),
            evidence=seen.clean(evidence),
            remedy=seen.clean(remedy),
        )

    if part in skip or check.name in skip:
        return [result("skipped", "diagnose_skip leaves it out")]
    try:
        findings = list(check.judge(seen))
    except UnreadError as reason:
        # Ansible says by whom a message came; what counts stands behind that.
        return [result("missed", re.sub(r"^(?:(?:Task|Action|Module) failed: )+", "", str(reason)))]
    # One value that nobody has thought of is not to end all other checks.
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}, {error}"
        return [result("missed", f"this check could not be made, it was not written for what is there ({said})")]
    status = "risk" if check.risk else "broken"
    return [result(status, *finding) for finding in findings] or [result("sound")]
