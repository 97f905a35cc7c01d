# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/cluster: the order of steps, what is skipped, what is said of a failure; and the table of images."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

CLUSTER = Path(__file__).resolve().parents[2] / "cluster"


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, ModuleType]:
    """The modules of tests/cluster, fresh, with an empty cache folder."""
    names = ("settings", "steps", "golang", "debian", "engine", "images", "manifests", "kind")
    monkeypatch.syspath_prepend(str(CLUSTER))
    monkeypatch.setenv("CLUSTER_CACHE", str(tmp_path))
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    modules = {name: importlib.import_module(name) for name in names}
    yield modules
    for name in names:
        sys.modules.pop(name, None)


def test_steps_run_after_what_they_need(cluster: dict[str, ModuleType]) -> None:
    steps, ran = cluster["steps"], []
    plan = [
        steps.Step("c", lambda log: ran.append("c"), needs=("a", "b")),
        steps.Step("b", lambda log: ran.append("b"), needs=("a",), uses_all_cores=True),
        steps.Step("a", lambda log: ran.append("a")),
    ]
    steps.run_steps(plan, steps.Progress())
    assert ran == ["a", "b", "c"]


def test_a_fresh_step_is_skipped_until_its_sources_change_or_it_is_gone(
    cluster: dict[str, ModuleType], tmp_path: Path
) -> None:
    steps, made, ran = cluster["steps"], tmp_path / "made", []

    def run(made_from: str) -> None:
        def make(log: object) -> None:
            ran.append(made_from)
            made.write_text(made_from)

        steps.run_steps([steps.Step("it", make, made_from=made_from, exists=made.exists)], steps.Progress())

    for made_from in ("one", "one", "two", "two"):
        run(made_from)
    assert ran == ["one", "two"]
    made.unlink()
    run("two")
    assert ran == ["one", "two", "two"]


def test_a_failure_names_the_step_the_end_of_its_log_and_starts_nothing_more(cluster: dict[str, ModuleType]) -> None:
    steps, ran = cluster["steps"], []
    plan = [
        steps.Step("broken", lambda log: log.run("sh", "-c", "echo the cause >&2; exit 3"), made_from="x"),
        steps.Step("after", lambda log: ran.append("after"), needs=("broken",)),
    ]
    with pytest.raises(cluster["settings"].ClusterError) as error:
        steps.run_steps(plan, steps.Progress())
    message = str(error.value)
    assert message.startswith("step `broken` failed: ")
    assert "ended with code 3" in message
    assert "| the cause" in message
    assert "whole log: " in message
    assert ran == []
    assert not plan[0].is_fresh()


def test_what_a_digest_says_is_the_content_and_not_the_place(cluster: dict[str, ModuleType], tmp_path: Path) -> None:
    digest = cluster["steps"].digest
    for name in ("one", "two"):
        (tmp_path / name / "recipe").mkdir(parents=True)
        (tmp_path / name / "recipe" / "file").write_text("same")
    assert digest(tmp_path / "one" / "recipe") == digest(tmp_path / "two" / "recipe")
    (tmp_path / "two" / "recipe" / "file").write_text("other")
    assert digest(tmp_path / "one" / "recipe") != digest(tmp_path / "two" / "recipe")


def test_every_image_can_be_made(cluster: dict[str, ModuleType]) -> None:
    images = cluster["settings"].all_images()
    assert len({image.name for image in images}) == len(images)
    for image in images:
        host, rest = image.name.split("/", 1)
        assert "." in host, f"{image.name}: the name must begin with its registry"
        assert ":" in rest, f"{image.name}: the name must end with a version"
        assert image.directory or (image.go and image.binaries), f"{image.name}: neither a recipe nor programs"
        if image.directory:
            assert (CLUSTER / "images" / image.directory / "Dockerfile").is_file()
        if image.wheels:
            assert "--hash=sha256:" in (CLUSTER / "images" / image.directory / "requirements.txt").read_text()


def test_every_program_is_pinned_and_used(cluster: dict[str, ModuleType]) -> None:
    used = {image.go for image in cluster["settings"].all_images() if image.go} | {"kind", "helm"}
    programs = {path.parent.name for path in (CLUSTER / "go").glob("*/go.mod")}
    assert programs == used
    for program in programs:
        folder = CLUSTER / "go" / program
        assert (folder / "go.sum").is_file() or "require" not in (folder / "go.mod").read_text(), program


def test_kubernetes_has_one_version(cluster: dict[str, ModuleType]) -> None:
    version = cluster["settings"].KUBERNETES
    assert f"k8s.io/kubernetes {version} " in (CLUSTER / "go" / "kubernetes" / "go.mod").read_text()
    for image in cluster["settings"].all_images():
        if "/kube-" in image.name and image.node:
            assert image.name.endswith(f":{version}")


def test_an_unknown_source_is_told(cluster: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster["settings"], "SOURCE", "podman")
    spec = importlib.util.spec_from_file_location("cluster_main", CLUSTER / "__main__.py")
    assert spec is not None
    assert spec.loader is not None
    main = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(main)
    with pytest.raises(cluster["settings"].ClusterError, match="must be registry or packages"):
        main.source(cluster["steps"].Progress())
