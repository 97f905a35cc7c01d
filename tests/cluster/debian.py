# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages and root file systems of other Debian suites than the host's, from the mirror that the host itself uses."""

from __future__ import annotations

from pathlib import Path

import settings
from settings import ClusterError
from steps import Log

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SUITE = "trixie"  # systemd 257: the last with cgroup v1, which some hosts still have


def install_on_host(log: Log, *packages: str) -> None:
    """Install packages of the host's own suite that are not there yet."""
    known = log.run("dpkg-query", "--show", "--showformat", "${Package}:${db:Status-Status}\n").splitlines()
    missing = [package for package in packages if f"{package}:installed" not in known]
    if missing:
        log.run("apt-get", "update")
        log.run(
            "apt-get",
            "install",
            "--yes",
            "--no-install-recommends",
            *missing,
            env={"DEBIAN_FRONTEND": "noninteractive"},
        )


def mirror(log: Log) -> str:
    """The address of the mirror that the host's apt has for Debian itself (not for its security updates)."""
    targets = log.run("apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)", "Origin: Debian").splitlines()
    for target in targets:
        address, codename = target.split(" ")
        if codename and "-" not in codename:
            return address
    raise ClusterError(
        "apt knows no Debian mirror: run `apt-get update` on a Debian host, or set CLUSTER_SOURCE=registry."
    )


def unpack(log: Log, suite: str, packages: list[str], into: Path) -> None:
    """Unpack `packages` of `suite`, without their dependencies and without installing anything, into a folder."""
    state = settings.CACHE / "apt" / suite
    (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (state / "sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror(log)} {suite} main\n")
    options = [
        f"-oDir::Etc::sourcelist={state}/sources.list",
        "-oDir::Etc::sourceparts=-",
        f"-oDir::State::lists={state}/lists",
        "-oDir::State::status=/dev/null",
        "-oDir::Cache::pkgcache=",
        "-oDir::Cache::srcpkgcache=",
        "-oAcquire::Check-Valid-Until=false",  # a mirror's copy of a moving suite may be some days old
        "-oAPT::Sandbox::User=root",
    ]
    log.run("apt-get", *options, "update")
    for old in state.glob("*.deb"):
        old.unlink()
    log.run("apt-get", *options, "download", *packages, cwd=state)
    into.mkdir(parents=True, exist_ok=True)
    for package in sorted(state.glob("*.deb")):
        log.run("dpkg-deb", "--extract", package, into)
        package.unlink()


def root_file_system(log: Log, packages: list[str], archive: Path) -> None:
    """Write a minimal root file system with `packages` as a tar archive."""
    part = archive.with_suffix(".part.tar")
    part.parent.mkdir(parents=True, exist_ok=True)
    log.run(
        "mmdebstrap",
        "--variant=minbase",
        f"--include={','.join(packages)}",
        '--aptopt=Acquire::Languages "none"',
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        "--dpkgopt=path-exclude=/usr/share/locale/*",
        "--dpkgopt=path-exclude=/usr/share/man/*",
        SUITE,
        part,
        mirror(log),
    )
    part.replace(archive)
