# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs compiled from Go modules: go/<program>/go.mod names them, go.sum pins every byte they are made of."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import settings
from steps import Log, digest

MODULES = settings.HERE / "go"
BINARIES = settings.CACHE / "go" / "bin"
KUBERNETES_VERSION = (
    f"-X k8s.io/component-base/version.gitVersion={settings.KUBERNETES} "
    f"-X k8s.io/client-go/pkg/version.gitVersion={settings.KUBERNETES}"
)
ENVIRONMENT = {
    "CGO_ENABLED": "0",
    "GOFLAGS": "-mod=readonly -trimpath -buildvcs=false",
    "GOWORK": "off",
    "GOMODCACHE": str(settings.CACHE / "go" / "mod"),
    "GOCACHE": str(settings.CACHE / "go" / "build"),
    "GOBIN": "",
    "GOOS": "linux",
    "GOTOOLCHAIN": "auto",
}


def made_from(program: str) -> str:
    return digest(
        MODULES / program, KUBERNETES_VERSION if program == "kubernetes" else "", json.dumps(ENVIRONMENT["GOFLAGS"])
    )


def folder(program: str) -> Path:
    return BINARIES / program


def build(log: Log, program: str) -> None:
    """Compile every tool of go/<program>/go.mod, or the program that stands there itself."""
    module = MODULES / program
    target = "tool" if "\ntool " in (module / "go.mod").read_text() else "."
    flags = "-s -w" + (f" {KUBERNETES_VERSION}" if program == "kubernetes" else "")
    new = BINARIES / f"{program}.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    log.run("go", "build", "-ldflags", flags, "-o", f"{new}{os.sep}", target, cwd=module, env=ENVIRONMENT)
    shutil.rmtree(folder(program), ignore_errors=True)
    new.rename(folder(program))


def source(log: Log, program: str, module: str) -> Path:
    """The folder with the source of `module`, in the version that go/<program> uses."""
    found = json.loads(log.run("go", "mod", "download", "-json", module, cwd=MODULES / program, env=ENVIRONMENT))
    return Path(found["Dir"])


def version(log: Log, program: str, module: str) -> str:
    return log.run("go", "list", "-m", "-f", "{{.Version}}", module, cwd=MODULES / program, env=ENVIRONMENT).strip()


def clean(log: Log) -> None:
    """Drop the sources and intermediate results of what is compiled: 25 GB that a next build can fetch again."""
    for name in ("GOMODCACHE", "GOCACHE"):
        folder_ = Path(ENVIRONMENT[name])
        if folder_.exists():
            log.run("chmod", "--recursive", "u+w", folder_)  # Go makes module folders read-only
            shutil.rmtree(folder_)
