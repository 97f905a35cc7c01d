# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where everything is, what it is called, and what a user may change: one variable each."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
KUBERNETES = "v1.36.3"

#: One folder for everything that is built or downloaded, outside the checkout.
CACHE = Path(os.environ.get("CLUSTER_CACHE") or Path.home() / ".cache" / "inference.gateway").absolute()
#: Name of the kind cluster, and of the node container's prefix.
NAME = os.environ.get("CLUSTER_NAME", "inference-gateway")
#: Port of the host's loopback interface that leads to port 80 of the cluster's load balancer.
HTTP_PORT = int(os.environ.get("CLUSTER_HTTP_PORT", "80"))
#: "registry": public images; "packages": build everything from package registries; "": find out.
SOURCE = os.environ.get("CLUSTER_SOURCE", "")
#: Whether to build as well what only some scenarios of Molecule need, and a first cluster does not have to wait for.
EXTRAS = bool(os.environ.get("CLUSTER_EXTRAS"))

BIN = CACHE / "bin"
LOGS = CACHE / "logs"
STAMPS = CACHE / "stamps"
MANIFESTS = CACHE / "manifests"
KUBECONFIG = CACHE / f"kubeconfig-{NAME}"
ENGINE_SOCKET = CACHE / "run" / "docker.sock"
REGISTRY = "inference-gateway-registry"
REGISTRY_PORT = 5001
NODE_IMAGE = f"inference-gateway/node:{KUBERNETES}"
BASE_IMAGE = "inference-gateway/debian:trixie"


class ClusterError(Exception):
    """What went wrong, where, and what to do about it, for a person to read."""


@dataclass(frozen=True)
class Image:
    """One row of images.toml: a public image name and how the same thing is made from packages."""

    name: str
    source: str
    go: str = ""
    binaries: dict[str, str] | None = None
    user: str = ""
    directory: str = ""
    arguments: dict[str, str] | None = None
    wheels: bool = False
    node: bool = False
    extra: bool = False

    @property
    def repository(self) -> str:
        """The name as a registry mirror is asked for it: without the host."""
        return self.name.split("/", 1)[1]


def images() -> list[Image]:
    """The images to build."""
    return [image for image in all_images() if EXTRAS or not image.extra]


@cache
def all_images() -> list[Image]:
    """Every image of images.toml, in its order: what is needed first stands first.

    Read once: a first run takes half an hour, in which the file may change.
    """
    rows = tomllib.loads((HERE / "images.toml").read_text())["image"]
    return [Image(**row) for row in rows]


def subprocess_environment() -> dict[str, str]:
    """The environment every program of this package runs in: its own tools first, its own engine."""
    environment = dict(os.environ)
    environment["PATH"] = f"{BIN}:{environment['PATH']}"
    environment["KUBECONFIG"] = str(KUBECONFIG)
    if ENGINE_SOCKET.exists():  # an engine of our own, with a configuration that knows its plug-ins
        environment["DOCKER_HOST"] = f"unix://{ENGINE_SOCKET}"
        environment["DOCKER_CONFIG"] = str(CACHE / "run" / "docker-config")
    return environment
