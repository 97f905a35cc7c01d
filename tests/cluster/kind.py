# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cluster itself: one kind node, its load balancer, and, where images are made here, mirror and policy engine."""

from __future__ import annotations

import json
import socket

import settings
from settings import ClusterError
from steps import Log, digest

NODE = f"{settings.NAME}-control-plane"
FILES = settings.HERE / "node"
MIRROR = f"http://{settings.REGISTRY}:{settings.REGISTRY_PORT}"


def made_from(packages: bool) -> str:
    """What a running cluster must have been made from to be the one that is asked for."""
    return digest(json.dumps(_configuration(packages)), FILES, settings.KUBERNETES)


def exists(log: Log) -> bool:
    return settings.NAME in log.run("kind", "get", "clusters").split()


def is_running(log: Log) -> bool:
    """Whether the cluster's API answers."""
    try:
        log.run("kubectl", "get", "--raw", "/readyz", "--request-timeout", "5s")
    except ClusterError:
        return False
    return True


def create(log: Log, packages: bool) -> None:
    """Create the cluster and wait until its node is ready; what is left of an earlier one with the name is removed."""
    delete(log)
    _require_free_port(settings.HTTP_PORT)
    image = ["--image", settings.NODE_IMAGE] if packages else []
    log.run(
        "kind",
        "create",
        "cluster",
        "--name",
        settings.NAME,
        "--kubeconfig",
        settings.KUBECONFIG,
        "--wait",
        "180s",
        "--config",
        "-",
        *image,
        stdin=json.dumps(_configuration(packages)),
    )
    log.run("docker", "cp", FILES / "load-balancer", f"{NODE}:/usr/local/bin/load-balancer")
    log.run("docker", "cp", FILES / "load-balancer.service", f"{NODE}:/etc/systemd/system/load-balancer.service")
    log.run("docker", "exec", NODE, "chmod", "0755", "/usr/local/bin/load-balancer")
    log.run("docker", "exec", NODE, "systemctl", "enable", "--now", "load-balancer.service")


def connect_mirror(log: Log) -> None:
    """Let the node's containerd ask our registry for every image, whatever host its name begins with."""
    networks = json.loads(
        log.run("docker", "inspect", "--format", "{{json .NetworkSettings.Networks}}", settings.REGISTRY)
    )
    if "kind" not in networks:
        log.run("docker", "network", "connect", "kind", settings.REGISTRY)
    log.run(
        "docker",
        "exec",
        "--interactive",
        NODE,
        "sh",
        "-c",
        "mkdir -p /etc/containerd/certs.d/_default && cat > /etc/containerd/certs.d/_default/hosts.toml",
        stdin=f'[host."{MIRROR}"]\n  capabilities = ["pull", "resolve"]\n',
    )
    log.run("kubectl", "apply", "--filename", FILES / "kube-router.yaml")


def forget_image(log: Log, name: str) -> None:
    """Let a node that runs ask the registry for an image again, which it would not do for a name that it knows.

    A node that is just being made knows no image yet, and has nobody who could be told.
    """
    if is_running(log):
        log.run("docker", "exec", NODE, "ctr", "--namespace", "k8s.io", "images", "rm", name)


def delete(log: Log) -> None:
    log.run("kind", "delete", "cluster", "--name", settings.NAME, "--kubeconfig", settings.KUBECONFIG)


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ClusterError(
                f"port {port} of 127.0.0.1 cannot be had ({error.strerror}): stop what listens there, "
                "or set CLUSTER_HTTP_PORT to another port."
            ) from error


def _configuration(packages: bool) -> dict[str, object]:
    node: dict[str, object] = {
        "role": "control-plane",
        "extraPortMappings": [{"listenAddress": "127.0.0.1", "hostPort": settings.HTTP_PORT, "containerPort": 80}],
    }
    cluster: dict[str, object] = {"kind": "Cluster", "apiVersion": "kind.x-k8s.io/v1alpha4", "nodes": [node]}
    if packages:
        cluster["networking"] = {"disableDefaultCNI": True, "kubeProxyMode": "nftables", "ipFamily": "ipv4"}
        cluster["containerdConfigPatches"] = [
            # A sandboxed root may not lower a process's out-of-memory score.
            '[plugins."io.containerd.grpc.v1.cri"]\n  restrict_oom_score_adj = true\n'
            '[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n'
        ]
        # kubelet 1.35 and newer refuse cgroup v1 unless told otherwise.
        cluster["kubeadmConfigPatches"] = ["kind: KubeletConfiguration\nfailCgroupV1: false\n"]
    return cluster
