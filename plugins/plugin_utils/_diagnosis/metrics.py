# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_util is private to the inference.gateway collection. It may change at any time.
"""Metrics: whether Prometheus is told the right place, and LiteLLM to count."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import (
    Check,
    Finding,
    Seen,
    get,
    has_labels,
    name_of,
)
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.cluster import SITE
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.database import worker_count

PATH = "/metrics/"


def callback(seen: Seen) -> Iterator[Finding]:
    settings = get(seen.config, "litellm_settings", default={})
    callbacks = [*get(settings, "callbacks", default=[]), *get(settings, "success_callback", default=[])]
    if "prometheus" not in callbacks:
        yield Finding(
            "There are no metrics: LiteLLM is not told to count.",
            f"litellm_settings.callbacks in ConfigMap {seen.config_map} is without prometheus",
            "add prometheus to litellm_settings.callbacks (proxy_litellm_settings replaces the role's list)",
        )


def directory(seen: Seen) -> Iterator[Finding]:
    workers = worker_count(seen)
    if workers > 1 and "PROMETHEUS_MULTIPROC_DIR" not in seen.environment:
        yield Finding(
            "Metrics are too low: each worker counts alone, and a scrape reaches one of them.",
            f"{workers} workers, and no PROMETHEUS_MULTIPROC_DIR",
            f"set proxy_workers: 1 and more replicas, or {SITE} --tags proxy, which sets it",
        )
        return
    for pod, answer in seen.answers().items():
        told = answer.get("multiproc")
        if told and not told["writable"]:
            yield Finding(
                "Metrics are missing: their directory is not there, or cannot be written.",
                f"PROMETHEUS_MULTIPROC_DIR of {pod} is {told['path']}",
                "let it name a directory of an emptyDir, such as one in /tmp",
            )
            return


def monitor(seen: Seen) -> Iterator[Finding]:
    """What the ServiceMonitors of the proxy make Prometheus ask for."""
    service = seen.our("Service", seen.names.proxy) or {}
    labels, ports = get(service, "metadata", "labels", default={}), get(service, "spec", "ports", default=[])
    for each in seen.ours("ServiceMonitor"):
        name = name_of(each)
        selector = get(each, "spec", "selector", "matchLabels", default={})
        if name != seen.names.proxy:
            continue
        if not has_labels({"metadata": {"labels": labels}}, selector):
            yield Finding(
                "Prometheus finds no Service to scrape: the selector of the ServiceMonitor fits none.",
                f"ServiceMonitor {name} selects {selector}",
                f"{SITE} --tags proxy",
            )
        for endpoint in get(each, "spec", "endpoints", default=[]):
            path, port = endpoint.get("path", "/metrics"), endpoint.get("port")
            redirected = path == "/metrics" and endpoint.get("followRedirects", True)
            if path != PATH and not redirected:
                yield Finding(
                    "Prometheus scrapes a wrong path, at which LiteLLM has no metrics.",
                    f"path of ServiceMonitor {name} is {path}, LiteLLM serves {PATH}",
                    f"{SITE} --tags proxy",
                )
            if port not in [known.get("name") for known in ports]:
                yield Finding(
                    "Prometheus scrapes a port that the Service does not have.",
                    f"port of ServiceMonitor {name} is {port}",
                    f"{SITE} --tags proxy",
                )


def served(seen: Seen) -> Iterator[Finding]:
    monitors = [each for each in seen.ours("ServiceMonitor") if name_of(each) == seen.names.proxy]
    authorized = any(
        endpoint.get("authorization") or endpoint.get("bearerTokenSecret")
        for each in monitors
        for endpoint in get(each, "spec", "endpoints", default=[])
    )
    for pod, answer in seen.answers().items():
        status = get(answer, "metrics", "status")
        if status in (401, 403) and not authorized:
            yield Finding(
                "The metrics want a key, which Prometheus does not send.",
                f"{PATH} of {pod} answers {status} without a key",
                "set require_auth_for_metrics_endpoint: false in proxy_litellm_settings, which the role does by itself",
            )
            return
        if status == 404:
            yield Finding(
                "LiteLLM serves no metrics.",
                f"{PATH} of {pod} answers 404",
                "add prometheus to litellm_settings.callbacks",
            )
            return


CHECKS = (
    Check("LiteLLM is told to count", callback),
    Check("Workers count together", directory),
    Check("Prometheus asks at the right place", monitor),
    Check("Metrics are served", served),
)
