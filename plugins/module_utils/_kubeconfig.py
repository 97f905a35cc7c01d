# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""The options that say which Kubernetes cluster is meant."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible_collections.inference.gateway.plugins.module_utils._kinds._secrets import Secrets
from ansible_collections.inference.gateway.plugins.module_utils._secret_names import is_secret_name

ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {
    "kubeconfig": {"type": "raw"},
    "context": {"type": "str"},
}
# A program that fetches a token may be given secrets in its environment, which is a list of names and values.
SECRETS = Secrets(is_secret_name, carriers=frozenset({"value"}))


def secret_texts(params: Mapping[str, t.Any]) -> set[str]:
    """The texts in a kubeconfig that must not be shown."""
    kubeconfig = params.get("kubeconfig")
    if _is_content(kubeconfig):
        return {kubeconfig}
    return SECRETS.texts(kubeconfig) if isinstance(kubeconfig, Mapping) else set()


def no_kubeconfig(kubeconfig: t.Any) -> str | None:
    """The sentence about the text of a kubeconfig, which the Kubernetes client would take for a path."""
    if not _is_content(kubeconfig):
        return None
    return "kubeconfig is the text of a kubeconfig: give the path of its file, or what from_yaml makes of the text."


def _is_content(kubeconfig: t.Any) -> bool:
    return isinstance(kubeconfig, str) and ("\n" in kubeconfig or kubeconfig.lstrip().startswith("{"))
