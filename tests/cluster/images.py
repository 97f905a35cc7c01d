# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images made from packages under their public names, and the registry of the cluster's own that serves them."""

from __future__ import annotations

import io
import json
import shutil
import ssl
import sys
import tarfile
from dataclasses import asdict
from pathlib import Path

import debian
import golang
import kind
import settings
from settings import ClusterError, Image
from steps import Log, digest

RECIPES = settings.HERE / "images"
STORAGE = settings.CACHE / "registry"
REGISTRY_IMAGE = "docker.io/library/registry:3.0.0"
LOCAL_REGISTRY = f"127.0.0.1:{settings.REGISTRY_PORT}"
BASE_PACKAGES = ["ca-certificates"]
NODE_PACKAGES = ["containerd", "containernetworking-plugins", "runc"]
NODE_BASE = f"inference-gateway/node-base:{debian.SUITE}"


# ---------------------------------------------------------------- what images are made of
def base_made_from() -> str:
    return digest(debian.SUITE, *BASE_PACKAGES)


def build_base(log: Log) -> None:
    """The Debian root file system under every image that is more than one program."""
    archive = settings.CACHE / "rootfs" / "base.tar"
    debian.root_file_system(log, BASE_PACKAGES, archive)
    log.run("docker", "import", archive, settings.BASE_IMAGE)
    archive.unlink()


def made_from(image: Image) -> str:
    """What identifies an image's sources: its row, its recipe, its program, what it stands on."""
    said = {name: value for name, value in asdict(image).items() if value}
    return digest(
        json.dumps(said, sort_keys=True),
        RECIPES / image.directory if image.directory else "",
        golang.made_from(image.go) if image.go else "",
        base_made_from(),
    )


def build(log: Log, image: Image) -> None:
    """Build an image and tag it with its public name."""
    contexts = {"bin": golang.folder(image.go)} if image.go else {}
    if image.wheels:
        contexts["wheels"] = _wheels(log, RECIPES / image.directory)
    if image.directory:
        _buildx(log, image.name, RECIPES / image.directory, contexts, arguments=image.arguments)
    else:
        _buildx(log, image.name, golang.folder(image.go), contexts, dockerfile=_dockerfile(image))


def _buildx(
    log: Log,
    name: str,
    folder: Path,
    contexts: dict[str, Path],
    *,
    arguments: dict[str, str] | None = None,
    dockerfile: str = "",
) -> None:
    """Build the recipe of a folder, or another one with that folder, with more folders under names of their own."""
    options = [f"--build-context={context}={path}" for context, path in contexts.items()]
    options += [f"--build-arg={argument}={value}" for argument, value in (arguments or {}).items()]
    options += ["--build-arg", f"BASE={settings.BASE_IMAGE}", "--secret", f"id=ca,src={certificates()}"]
    options += ["--file", "-"] if dockerfile else []
    log.run(
        "docker", "buildx", "build", "--provenance=false", "--load", "--tag", name, *options, folder, stdin=dockerfile
    )


def certificates() -> str:
    """The host's own list of certificate authorities: a build that fetches over https must trust what the host does."""
    paths = ssl.get_default_verify_paths()
    for path in (paths.cafile, paths.openssl_cafile, "/etc/ssl/certs/ca-certificates.crt"):
        if path and Path(path).exists():
            return path
    raise ClusterError("no list of certificate authorities on this host: install ca-certificates.")


def _dockerfile(image: Image) -> str:
    """The recipe of an image that is nothing but programs."""
    lines = ["FROM scratch"]
    lines += [f"COPY --from=bin --chmod=0755 {binary} {path}" for binary, path in (image.binaries or {}).items()]
    first = next(iter((image.binaries or {}).values()))
    lines += [f"USER {image.user}"] if image.user else []
    # kubeadm's static pods and local-path's Deployment call their program by name.
    lines += [f"ENV PATH={Path(first).parent}", f"ENTRYPOINT {json.dumps([first])}"]
    return "\n".join(lines) + "\n"


def _wheels(log: Log, recipe: Path) -> Path:
    """Unpack the wheels that a recipe's requirements.txt names and pins by hash."""
    into = settings.CACHE / "wheels" / recipe.name
    into.mkdir(parents=True, exist_ok=True)
    log.run(
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--only-binary=:all:",
        "--dest",
        into,
        "--requirement",
        recipe / "requirements.txt",
    )
    for wheel in into.glob("*.whl"):
        shutil.unpack_archive(wheel, into, "zip")
        wheel.unlink()
    return into


# ---------------------------------------------------------------- the registry
def start_registry(log: Log) -> None:
    """Run the registry whose storage is in the cache; a registry that runs already is kept."""
    state = log.run(
        "docker", "ps", "--all", "--filter", f"name=^{settings.REGISTRY}$", "--format", "{{.State}}"
    ).strip()
    if state == "running":
        return
    if state:
        log.run("docker", "rm", "--force", settings.REGISTRY)
    STORAGE.mkdir(parents=True, exist_ok=True)
    configuration = settings.CACHE / "registry.yml"
    configuration.write_text(
        "version: 0.1\nlog: {level: warn}\n"
        "storage: {filesystem: {rootdirectory: /var/lib/registry}, delete: {enabled: true}}\n"
        f"http: {{addr: ':{settings.REGISTRY_PORT}', secret: no-client-but-the-cluster}}\n"
    )
    log.run(
        "docker",
        "run",
        "--detach",
        "--name",
        settings.REGISTRY,
        "--restart",
        "unless-stopped",
        "--publish",
        f"{LOCAL_REGISTRY}:{settings.REGISTRY_PORT}",
        "--volume",
        f"{STORAGE}:/var/lib/registry",
        "--volume",
        f"{configuration}:/etc/registry.yml:ro",
        REGISTRY_IMAGE,
        "serve",
        "/etc/registry.yml",
    )


def push(log: Log, image: Image) -> None:
    """Put an image into the registry and drop the engine's own copy."""
    local = f"{LOCAL_REGISTRY}/{image.repository}"
    log.run("docker", "tag", image.name, local)
    log.run("docker", "push", "--quiet", local)
    # By force: a container of an earlier build may still run. Only the name goes, not what the container uses.
    log.run("docker", "rmi", "--force", local, image.name)
    kind.forget_image(log, image.name)


def is_pushed(image: Image) -> bool:
    repository, tag = image.repository.rsplit(":", 1)
    return (
        STORAGE / "docker/registry/v2/repositories" / repository / "_manifests/tags" / tag / "current/link"
    ).exists()


def size(image: Image) -> int:
    """Compressed bytes of a pushed image."""
    repository, tag = image.repository.rsplit(":", 1)
    root = STORAGE / "docker/registry/v2"
    link = root / "repositories" / repository / "_manifests/tags" / tag / "current/link"
    algorithm, value = link.read_text().split(":")
    manifest = json.loads((root / "blobs" / algorithm / value[:2] / value / "data").read_text())
    return sum(layer["size"] for layer in manifest.get("layers", []))


# ---------------------------------------------------------------- the node
def has_local(log: Log, name: str) -> bool:
    """Whether the engine itself has an image; raises ClusterError, as every failed program does, when it has not."""
    return bool(log.run("docker", "image", "inspect", "--format", "{{.Id}}", name))


def node_made_from() -> str:
    return digest(
        RECIPES / "node",
        golang.made_from("kind"),
        *[made_from(image) for image in settings.images() if image.node],
        *NODE_PACKAGES,
        base_made_from(),
    )


def build_node(log: Log) -> None:
    """The node image, by kind's own `build node-image` around programs that were compiled here."""
    programs = settings.CACHE / "node-programs"
    debian.unpack(log, "sid", NODE_PACKAGES, programs)
    kind_files = golang.source(log, "kind", "sigs.k8s.io/kind") / "images" / "base" / "files"
    _buildx(log, NODE_BASE, RECIPES / "node", {"kind": kind_files, "programs": programs})
    release = settings.CACHE / "kubernetes-server.tar.gz"
    _write_release(log, release)
    log.run(
        "kind",
        "build",
        "node-image",
        "--type",
        "file",
        release,
        "--base-image",
        NODE_BASE,
        "--image",
        settings.NODE_IMAGE,
    )
    release.unlink()


def _write_release(log: Log, path: Path) -> None:
    """A Kubernetes server release as kind reads it: programs, and images, of which the last archive has all the rest.

    kind fetches every image it wants and does not find among the archives' tags, so what is no part of a real release
    (etcd, CoreDNS, pause, the storage provisioner) goes along with kube-proxy.
    """
    of_node = [image for image in settings.images() if image.node]
    with tarfile.open(path, "w:gz", compresslevel=1) as release:
        _add(release, "kubernetes/version", settings.KUBERNETES.encode())
        for program in ("kubeadm", "kubelet", "kubectl"):
            release.add(golang.folder("kubernetes") / program, f"kubernetes/server/bin/{program}")
        alone = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
        for program in alone:
            images = [image for image in of_node if f"/{program}:" in image.name]
            release.add(_archive(log, program, images), f"kubernetes/server/bin/{program}.tar")
        rest = [image for image in of_node if not any(f"/{program}:" in image.name for program in alone)]
        release.add(_archive(log, "kube-proxy", rest), "kubernetes/server/bin/kube-proxy.tar")
    for archive in settings.CACHE.glob("node-*.tar"):
        archive.unlink()


def _archive(log: Log, name: str, images: list[Image]) -> Path:
    """`docker save`, with the list of tags first and its names whole: kind reads the first list that it meets."""
    saved, archive = settings.CACHE / f"node-{name}.saved.tar", settings.CACHE / f"node-{name}.tar"
    log.run("docker", "save", "--output", saved, *[image.name for image in images])
    tags: dict[str, dict[str, str]] = {}
    for image in images:
        repository, tag = image.name.rsplit(":", 1)
        tags.setdefault(repository, {})[tag] = ""
    with tarfile.open(saved) as old, tarfile.open(archive, "w") as new:
        _add(new, "repositories", json.dumps(tags).encode())
        for member in old:
            if member.name != "repositories":
                new.addfile(member, old.extractfile(member) if member.isfile() else None)
    saved.unlink()
    return archive


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o644
    archive.addfile(member, io.BytesIO(content))
