"""What a person installs: locked versions, make, the container image, the compose file."""

import json
import re
import subprocess
import tomllib
from typing import Any

import pytest
import typer
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from services.cli.main import build_app
from services.cli.serve import SERVICES
from services.settings import Settings, load_settings, variable_of
from tests.project import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(name for name in CONTAINERS if name in SERVICES)
PINNED = re.compile(r"^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?([.-][\w.-]+)?$")

# The part of the Compose Specification that this file makes use of.
SERVICE_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["image", "healthcheck", "restart"],
    "properties": {
        "image": {"type": "string"},
        "build": {
            "type": "object",
            "additionalProperties": False,
            "required": ["context"],
            "properties": {
                "context": {"type": "string"},
                "args": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
        "init": {"type": "boolean"},
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "user": {"type": "string"},
        "cap_drop": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "security_opt": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "command": {"type": "array", "items": {"type": "string"}},
        "environment": {"type": "object", "additionalProperties": {"type": "string"}},
        "ports": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "volumes": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "healthcheck": {
            "type": "object",
            "additionalProperties": False,
            "required": ["test", "interval", "timeout", "retries"],
            "properties": {
                "test": {"type": "array", "items": {"type": "string"}},
                "interval": {"type": "string", "pattern": r"^\d+s$"},
                "timeout": {"type": "string", "pattern": r"^\d+s$"},
                "start_period": {"type": "string", "pattern": r"^\d+s$"},
                "retries": {"type": "integer", "minimum": 1},
            },
        },
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["condition"],
                "properties": {"condition": {"enum": ["service_started", "service_healthy"]}},
            },
        },
    },
}


def _pins() -> dict[str, Version]:
    pins = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            (specifier,) = requirement.specifier
            assert specifier.operator == "==", line
            pins[requirement.name.lower().replace("_", "-")] = Version(specifier.version)
    return pins


def test_every_dependency_is_pinned_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pins = _pins()
    for requirement in map(Requirement, wanted):
        pin = pins.get(requirement.name.lower().replace("_", "-"))
        assert pin is not None, f"{requirement.name} is not in constraints.txt"
        assert requirement.specifier.contains(pin, prereleases=True), f"{requirement} has {pin}"


def test_the_torch_pin_takes_a_cpu_build_as_well_as_a_cuda_build() -> None:
    line = next(
        line
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line.startswith("torch==")
    )
    version = Requirement(line).specifier
    number = line.removeprefix("torch==")
    assert version.contains(Version(f"{number}+cpu"))
    assert version.contains(Version(f"{number}+cu130"))


def test_make_lists_its_targets() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    ).stdout
    assert [line.split()[1] for line in shown.splitlines()][:7] == [
        "help",
        "demo",
        "up",
        "test",
        "lint",
        "format",
        "clean",
    ]


def test_make_names_the_remedy_for_an_old_python(tmp_path: Any) -> None:
    old = tmp_path / "python3.9"
    # It fails as Python 3.9 would fail the check, and says its version.
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && { echo "Python 3.9.2"; exit 0; }\nexit 1\n')
    old.chmod(0o755)
    result = subprocess.run(
        ["make", "setup", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert result.returncode != 0
    assert "Python 3.11 or newer is needed" in result.stderr
    assert "Python 3.9.2" in result.stderr


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_a_container_is_described_by_the_specification(name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(CONTAINERS[name], SERVICE_SCHEMA)


def test_the_compose_file_has_all_parts_and_nothing_unknown() -> None:
    assert set(COMPOSE) - {key for key in COMPOSE if key.startswith("x-")} == {
        "name",
        "services",
        "volumes",
    }
    assert set(CONTAINERS) == {*SERVICES, "chroma", "collector", "jaeger"}


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_a_container_is_pinned_and_published_on_loopback_only(name: str) -> None:
    container = CONTAINERS[name]
    assert PINNED.match(container["image"]), container["image"]
    for port in container.get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port), port


def test_no_port_is_published_twice() -> None:
    ports = [p.split(":")[1] for c in CONTAINERS.values() for p in c.get("ports", [])]
    assert len(ports) == len(set(ports))


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_what_a_container_refers_to_exists(name: str) -> None:
    container = CONTAINERS[name]
    for other, how in container.get("depends_on", {}).items():
        assert other in CONTAINERS
        assert how["condition"] != "service_healthy" or "healthcheck" in CONTAINERS[other]
    for volume in container.get("volumes", []):
        source = volume.split(":")[0]
        assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", OURS)
def test_the_command_of_a_service_is_one_that_the_command_line_accepts(name: str) -> None:
    program, command, *arguments = CONTAINERS[name]["command"]
    assert (program, command) == ("stillgreen", "serve")
    group: Any = typer.main.get_command(build_app())
    serve = group.get_command(None, command)
    context = serve.make_context(command, list(arguments))
    assert context.params["name"] == name


@pytest.mark.parametrize("name", OURS)
def test_the_environment_of_a_service_is_made_of_settings(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = CONTAINERS[name]["environment"]
    assert set(environment) <= {variable_of(field) for field in Settings.model_fields}
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    settings = load_settings()
    assert settings.host == "0.0.0.0"
    port = getattr(settings, f"{name}_port")
    # It is published where it listens, and its health is asked for there.
    assert CONTAINERS[name]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"http://127.0.0.1:{port}/health/ready" in CONTAINERS[name]["healthcheck"]["test"][-1]


def test_addresses_between_containers_name_a_container_and_its_port() -> None:
    for name in OURS:
        for variable, value in CONTAINERS[name]["environment"].items():
            match = re.match(r"http://(\w+):(\d+)", value)
            if match is None or match[1] == "localhost":
                continue
            other, port = match.groups()
            assert other in CONTAINERS, variable
            if other in SERVICES:
                assert CONTAINERS[other]["environment"][f"STILLGREEN_{other.upper()}_PORT"] == port
            if other == "chroma":
                assert port in CONTAINERS["chroma"]["command"]


def test_the_image_runs_as_a_user_that_is_not_root() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    stages = [number for number, line in enumerate(lines) if line.startswith("FROM ")]
    assert len(stages) == 2
    assert all(PINNED.match(lines[number].split()[1]) for number in stages)
    users = [line.split()[1] for line in lines[stages[-1] :] if line.startswith("USER ")]
    assert users == ["stillgreen"]
    assert any("--uid 10001" in line for line in lines)
    assert all(CONTAINERS[name]["user"].startswith("10001") for name in OURS)


def test_what_the_image_is_built_from_is_not_ignored() -> None:
    kept = {
        line.removeprefix("!").strip()
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = next(line for line in text.splitlines() if line.startswith("COPY constraints.txt"))
    assert set(copied.split()[1:-1]) <= kept
    assert {"services", "faults", "agents", "corpus", "observability"} <= kept


def test_the_collector_uses_only_parts_that_it_has() -> None:
    path = ROOT / "observability" / "dashboards" / "collector.yml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(config["service"]["extensions"]) == set(config["extensions"])
    used: dict[str, set[str]] = {"receivers": set(), "processors": set(), "exporters": set()}
    for pipeline in config["service"]["pipelines"].values():
        for kind, names in used.items():
            names.update(pipeline[kind])
    assert used == {kind: set(config[kind]) for kind in used}
    assert not any("sampl" in name for name in used["processors"])
    assert "jaeger:4317" in json.dumps(config["exporters"])
