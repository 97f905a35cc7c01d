# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operators' manifests, one file each as their releases have it, made from the sources of the same Go modules."""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path

import golang
import settings
from steps import Log

#: Program of go/ -> its module, and the name of the file that the operator role looks for.
SOURCES = {
    "cert-manager": "github.com/cert-manager/cert-manager",
    "cloudnative-pg": "github.com/cloudnative-pg/cloudnative-pg",
    "envoy-gateway": "github.com/envoyproxy/gateway",
    "kserve": "github.com/kserve/kserve",
    "metrics-server": "sigs.k8s.io/metrics-server",
    "plugin-barman-cloud": "github.com/cloudnative-pg/plugin-barman-cloud",
    "prometheus-operator": "github.com/prometheus-operator/prometheus-operator",
}
GATEWAY_API = "sigs.k8s.io/gateway-api"


def write(log: Log, program: str) -> None:
    """Write <program>-<version>.yaml (and what else comes from the same module) into the folder of manifests."""
    settings.MANIFESTS.mkdir(parents=True, exist_ok=True)
    module = SOURCES[program]
    folder, version = golang.source(log, program, module), golang.version(log, program, module)
    documents = globals()["_" + program.replace("-", "_")](log, folder, version)
    tag = version.removeprefix("v") if program == "cloudnative-pg" else version  # its releases are numbered without a v
    _save(f"{program}-{tag}.yaml", documents)


def written(program: str) -> bool:
    return any(settings.MANIFESTS.glob(f"{program}-*.yaml"))


def _save(name: str, documents: list[str]) -> None:
    part = settings.MANIFESTS / f"{name}.part"
    part.write_text("\n---\n".join(document.strip() for document in documents) + "\n")
    part.replace(settings.MANIFESTS / name)


def _template(log: Log, chart: Path, release: str, namespace: str, *options: str) -> str:
    return log.run(
        "helm", "template", release, chart, "--namespace", namespace, "--kube-version", settings.KUBERNETES, *options
    )


def _namespace(name: str) -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n"


def _copy(chart: Path, name: str) -> Path:
    """A chart as it lies in a module is a template of a chart, and read-only: work on a copy."""
    copy = settings.CACHE / "charts" / name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(chart, copy, copy_function=shutil.copyfile)
    for folder in [copy, *(path for path in copy.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)
    return copy


def _cert_manager(log: Log, folder: Path, version: str) -> list[str]:
    chart = _copy(folder / "deploy/charts/cert-manager", "cert-manager")
    metadata = (chart / "Chart.template.yaml").read_text().replace("v0.1.0", version)
    (chart / "Chart.yaml").write_text(metadata)
    crds = [
        "\n".join(line for line in path.read_text().splitlines() if "{{" not in line)
        for path in sorted((folder / "deploy/crds").glob("crd-*.yaml"))
    ]
    return [
        _namespace("cert-manager"),
        *crds,
        _template(log, chart, "cert-manager", "cert-manager", "--set", "startupapicheck.enabled=false"),
    ]


def _cloudnative_pg(log: Log, folder: Path, version: str) -> list[str]:
    return [(folder / f"releases/cnpg-{version.removeprefix('v')}.yaml").read_text()]


def _envoy_gateway(log: Log, folder: Path, version: str) -> list[str]:
    gateway_api = golang.source(log, "envoy-gateway", GATEWAY_API)
    crds = [path.read_text() for path in sorted((gateway_api / "config/crd/standard").glob("gateway.networking*.yaml"))]
    _save(f"gateway-api-{golang.version(log, 'envoy-gateway', GATEWAY_API)}.yaml", crds)
    chart = _copy(folder / "charts/gateway-helm", "envoy-gateway")
    values = (chart / "values.tmpl.yaml").read_text()
    values = values.replace("${GatewayImage}", f"docker.io/envoyproxy/gateway:{version}")
    (chart / "values.yaml").write_text(values.replace("${GatewayImagePullPolicy}", "IfNotPresent"))
    own = [path.read_text() for path in sorted((chart / "charts/crds/crds/generated").glob("*.yaml"))]
    return [
        _namespace("envoy-gateway-system"),
        *own,
        _template(log, chart, "eg", "envoy-gateway-system", "--skip-crds"),
    ]


def _kserve(log: Log, folder: Path, version: str) -> list[str]:
    return [_namespace("kserve"), (folder / f"install/{version}/kserve.yaml").read_text()]


def _metrics_server(log: Log, folder: Path, version: str) -> list[str]:
    text = log.run("kubectl", "kustomize", folder / "manifests/base")
    return [
        text.replace(
            "gcr.io/k8s-staging-metrics-server/metrics-server:master",
            f"registry.k8s.io/metrics-server/metrics-server:{version}",
        )
    ]


def _plugin_barman_cloud(log: Log, folder: Path, version: str) -> list[str]:
    """The module's manifest names the images of its main branch, one of them in a Secret."""
    image = "ghcr.io/cloudnative-pg/plugin-barman-cloud"
    text = (folder / "manifest.yaml").read_text().replace(f"{image}-testing:main", f"{image}:{version}")
    sidecar = base64.b64encode(f"{image}-sidecar:{version}".encode()).decode()
    return [re.sub(r"SIDECAR_IMAGE: \|\n(?:    .*\n)+", f"SIDECAR_IMAGE: {sidecar}\n", text)]


def _prometheus_operator(log: Log, folder: Path, version: str) -> list[str]:
    return [(folder / "bundle.yaml").read_text()]
