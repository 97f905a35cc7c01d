# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real kind cluster wherever the user is: from public images, or, with no container registry in reach, from packages.

    python tests/cluster up        build what is missing, start the cluster, print what it is made of
                        --fresh        remove a cluster that runs already first
                        --images-only  engine, registry and images, but no cluster
    python tests/cluster down      remove the cluster, the registry, the engine and every trace on the host
    python tests/cluster status    what runs, and how much memory it takes
    python tests/cluster env       lines for a shell that wants to use the cluster

Variables: CLUSTER_CACHE (folder of everything that is built), CLUSTER_NAME, CLUSTER_HTTP_PORT (80), CLUSTER_SOURCE
(registry or packages; found out when not set).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import urllib.error
import urllib.request
from functools import partial

import engine
import golang
import images
import kind
import manifests
import settings
from settings import ClusterError
from steps import Log, Progress, Step, digest, read_stamp, require, run_steps

PROGRAM = "tests/cluster"
ENVIRONMENT = settings.CACHE / f"env-{settings.NAME}"
COMPILED_FIRST = ("kubernetes", "kind", "registry", "etcd", "coredns", "pause", "local-path-provisioner", "kube-router")


def source(progress: Progress) -> str:
    """Whether images come from public registries or are made from packages; said, and forced by CLUSTER_SOURCE."""
    if settings.SOURCE:
        if settings.SOURCE not in ("registry", "packages"):
            raise ClusterError(f"CLUSTER_SOURCE is {settings.SOURCE!r}: it must be registry or packages.")
        progress.say(f"images: from {settings.SOURCE}, as CLUSTER_SOURCE says")
        return settings.SOURCE
    host = settings.images()[0].name.split("/")[0]
    try:
        with urllib.request.urlopen(f"https://{host}/v2/", timeout=10):
            reached = True
    except urllib.error.HTTPError as answer:  # a registry asks for a login; a proxy that refuses the host does not
        reached = "docker-distribution-api-version" in {name.lower() for name in answer.headers}
    except OSError:
        reached = False
    found = "registry" if reached else "packages"
    progress.say(
        f"images: from {found} ({host} {'answers' if reached else 'is out of reach'}; CLUSTER_SOURCE forces the other)"
    )
    return found


def steps_from_packages() -> list[Step]:
    """Everything that a machine with package registries alone must make, and what each part needs."""
    all_images = settings.images()
    programs = [*COMPILED_FIRST, *sorted({image.go for image in all_images if image.go} - set(COMPILED_FIRST)), "helm"]
    steps = [
        Step("engine installed", engine.install, made_from=digest(*engine.PACKAGES), exists=engine.installed),
        Step("engine", engine.start, needs=("engine installed",)),
        Step(
            "Debian root file system",
            images.build_base,
            needs=("engine",),
            made_from=images.base_made_from(),
            exists=lambda: images.has_local(Log("look"), settings.BASE_IMAGE),
        ),
    ]
    steps += [compile_step(program) for program in programs]
    steps.append(tools_step())
    steps.append(Step("helm", partial(link_tools, names=("helm",)), needs=("go helm",)))
    for program in [program for program in manifests.SOURCES if program in programs]:
        steps.append(
            Step(
                f"manifest {program}",
                partial(manifests.write, program=program),
                needs=("tools", "helm", f"go {program}"),
                made_from=digest(golang.made_from(program), settings.HERE / "manifests.py"),
                exists=partial(manifests.written, program),
            )
        )

    def image_step(image: settings.Image, *, pushed: bool) -> Step:
        needs = [
            "Debian root file system",
            *([f"go {image.go}"] if image.go else []),
            *(["registry"] if pushed else []),
        ]

        def make(log: Log) -> None:
            images.build(log, image)
            if pushed:
                images.push(log, image)

        there = partial(images.is_pushed, image) if pushed else lambda: images.has_local(Log("look"), image.name)
        return Step(f"image {image.name}", make, tuple(needs), images.made_from(image), there)

    for image in all_images:
        steps.append(image_step(image, pushed=not image.node and image.name != images.REGISTRY_IMAGE))
    of_node = tuple(f"image {image.name}" for image in all_images if image.node)
    steps += [
        Step("registry", images.start_registry, needs=(f"image {images.REGISTRY_IMAGE}",)),
        Step(
            "node image",
            images.build_node,
            needs=("tools", *of_node),
            made_from=images.node_made_from(),
            exists=lambda: images.has_local(Log("look"), settings.NODE_IMAGE),
        ),
        cluster_step(needs=("node image", "tools"), packages=True),
        Step("mirror", kind.connect_mirror, needs=("cluster", "registry")),
    ]
    return steps


def cluster_step(needs: tuple[str, ...], *, packages: bool) -> Step:
    return Step(
        "cluster",
        lambda log: kind.create(log, packages),
        needs,
        kind.made_from(packages),
        exists=lambda: kind.is_running(Log("look")),
    )


def steps_from_registry() -> list[Step]:
    """With public images in reach plain kind is all: build it from its module where it is not installed."""
    if shutil.which("kind") and shutil.which("kubectl"):
        return [cluster_step(needs=(), packages=False)]
    compiled = [compile_step(program) for program in ("kind", "kubernetes")]
    return [*compiled, tools_step(), cluster_step(needs=("tools",), packages=False)]


def compile_step(program: str) -> Step:
    return Step(
        f"go {program}",
        partial(golang.build, program=program),
        made_from=golang.made_from(program),
        exists=golang.folder(program).exists,
        uses_all_cores=True,
    )


def tools_step() -> Step:
    """What a cluster is started and asked with."""
    return Step("tools", partial(link_tools, names=("kind", "kubectl")), needs=("go kind", "go kubernetes"))


def link_tools(log: Log, names: tuple[str, ...]) -> None:
    """Put the tools that were compiled here where the other steps and the user find them."""
    settings.BIN.mkdir(parents=True, exist_ok=True)
    for name in names:
        link = settings.BIN / name
        link.unlink(missing_ok=True)
        link.symlink_to(golang.folder("kubernetes" if name == "kubectl" else name) / name)


def up(progress: Progress, *, fresh: bool = False, images_only: bool = False) -> None:
    packages = source(progress) == "packages"
    if packages:
        if os.geteuid() != 0:
            raise ClusterError(
                "no container registry is in reach, and building from packages needs root: "
                "run as root, or set CLUSTER_SOURCE=registry where registries are in reach."
            )
        require("apt-get", "building from packages needs a Debian host; elsewhere set CLUSTER_SOURCE=registry.")
        require("go", "install Go 1.21 or newer (it fetches the exact version itself).")
    elif not engine.answers():
        raise ClusterError(
            "Docker does not answer: install and start Docker 28 or newer, or set DOCKER_HOST to where it listens."
        )
    steps = steps_from_packages() if packages else steps_from_registry()
    if images_only:
        steps = [step for step in steps if step.name not in ("cluster", "mirror")]
    elif fresh:
        cluster = next(step for step in steps if step.name == "cluster")
        cluster.stamp.unlink(missing_ok=True)
    run_steps(steps, progress)
    ENVIRONMENT.write_text(environment(packages))
    if packages:
        golang.clean(Log("clean"))
        print_table(progress)
    what = "what it is made of" if images_only else f"the cluster {settings.NAME}"
    progress.say(f"{what} is ready; `{PROGRAM} env` prints what a shell needs to use it")


def environment(packages: bool) -> str:
    """Lines for a shell that wants to use the cluster, its engine and its tools."""
    lines = [f"export KUBECONFIG='{settings.KUBECONFIG}'", f"export PATH='{settings.BIN}':\"$PATH\""]
    if packages:
        lines.append(f"export IMAGE_MIRROR='{images.LOCAL_REGISTRY}'")
    if engine.is_ours():
        lines.append(f"export DOCKER_HOST='unix://{engine.RUN}/docker.sock' DOCKER_CONFIG='{engine.RUN}/docker-config'")
    if settings.HTTP_PORT != 80:
        lines.append(f"export GATEWAY_URL='http://localhost:{settings.HTTP_PORT}'")
    return "\n".join(lines) + "\n"


def print_table(progress: Progress) -> None:
    """What the cluster is made of: image, source, compressed size, and how long it took (now, or when it was made)."""
    rows = [("image", "source", "MB", "s", "")]
    for image in settings.images():
        step = Step(f"image {image.name}", lambda log: None)
        pushed = images.is_pushed(image)
        seconds = progress.seconds.get(step.name) or read_stamp(step.stamp).get("seconds", 0)
        rows.append(
            (
                image.name,
                image.source,
                f"{images.size(image) / 1e6:.0f}" if pushed else "-",
                f"{seconds:.0f}",
                "cached" if step.name in progress.cached else "",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for name, made_of, size, seconds, note in rows:
        print(f"  {name:{widths[0]}}  {made_of:{widths[1]}}  {size:>5} {seconds:>5}  {note}".rstrip())
    print("  (images without a size are part of the node image)")


def down(progress: Progress) -> None:
    log = Log("down")
    if engine.answers():
        if shutil.which("kind", path=settings.subprocess_environment()["PATH"]):
            kind.delete(log)
        for container in log.run("docker", "ps", "--all", "--quiet", "--filter", f"name=^{settings.REGISTRY}$").split():
            log.run("docker", "rm", "--force", "--volumes", container)
        if engine.is_ours():
            for container in log.run("docker", "ps", "--all", "--quiet").split():
                log.run("docker", "rm", "--force", "--volumes", container)
        for network in log.run("docker", "network", "ls", "--quiet", "--filter", "name=^kind$").split():
            if not log.run(
                "docker", "network", "inspect", "--format", "{{range .Containers}}x{{end}}", network
            ).strip():
                log.run("docker", "network", "rm", network)
    engine.stop(log)
    ENVIRONMENT.unlink(missing_ok=True)
    progress.say(f"the cluster {settings.NAME} is gone; {settings.CACHE} keeps what was built")


def status(progress: Progress) -> None:
    log = Log("status")
    if not engine.answers():
        raise ClusterError("no container engine answers: `make cluster` starts one and the cluster.")
    if not kind.exists(log) or not kind.is_running(log):
        raise ClusterError(f"the cluster {settings.NAME} does not run: `make cluster` starts it.")
    print(log.run("kubectl", "get", "nodes", "--output", "wide"))
    print(log.run("docker", "stats", "--no-stream", "--format", "table {{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}"))
    print(log.run("docker", "system", "df"))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("up", "down", "status", "env"))
    only_up = parser.add_argument_group("of up").add_mutually_exclusive_group()
    only_up.add_argument("--fresh", action="store_true", help="remove a cluster that runs already first")
    only_up.add_argument("--images-only", action="store_true", help="engine, registry and images, but no cluster")
    arguments = parser.parse_args()
    command = arguments.command
    if command == "env":
        if not ENVIRONMENT.exists():
            print("no cluster: `make cluster` starts one.", file=sys.stderr)
            return 1
        print(ENVIRONMENT.read_text(), end="")
        return 0
    try:
        if command == "up":
            up(Progress(), fresh=arguments.fresh, images_only=arguments.images_only)
        else:
            {"down": down, "status": status}[command](Progress())
    except ClusterError as error:
        print(f"\n{PROGRAM}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\n{PROGRAM}: interrupted; what is done stays done, the same command goes on.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
