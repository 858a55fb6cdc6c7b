"""The compose file and the image: valid, without a default secret, without root, without the embedded server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


@pytest.fixture
def services():
    return yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]


def schema_faults(path: Path) -> str:
    """What the compose schema, which ships with the checker, has to say against a file; empty if nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_compose_file_follows_the_compose_schema(tmp_path):
    misspelt = tmp_path / "docker-compose.yml"
    misspelt.write_text(COMPOSE.read_text("utf-8").replace("depends_on:", "depend_on:"), "utf-8")

    assert schema_faults(COMPOSE) == ""
    assert "depend_on" in schema_faults(misspelt)


def test_every_part_is_there_and_watched(services):
    assert set(services) == {"db", "broker", "migrate", "worker", "portal"}
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"migrate"}
    assert all("container_name" not in service for service in services.values()), (
        "a named service cannot be scaled"
    )


def test_workers_and_portal_wait_for_the_migration(services):
    for name in ("worker", "portal"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_broker_never_evicts_and_keeps_a_log(services):
    command = " ".join(services["broker"]["command"])

    assert "--maxmemory-policy noeviction" in command
    assert "--appendonly yes" in command


def test_every_part_has_a_limit_and_its_log_is_rotated(services):
    for name, service in services.items():
        assert service["logging"]["options"] == {"max-size": "20m", "max-file": "5"}, name
        if name != "migrate":
            assert service["deploy"]["resources"]["limits"]["memory"], name


def test_prometheus_reaches_the_workers_from_inside_alone(services):
    worker = services["worker"]

    assert worker["environment"]["BANJIE_METRICS_PORT"] == "0.0.0.0:9464"
    assert worker["expose"] == ["9464"]
    assert "BANJIE_DATABASE_URL" in worker["environment"]
    assert "9464" in worker["healthcheck"]["test"][-1]


def secrets_given_away(text: str) -> list[str]:
    """Secrets that are written out, or that come with a default instead of being demanded by `${NAME:?why}`."""
    settings = re.findall(r"(?im)^\s*\w*(?:password|secret|token)\w*: *+(?!\$\{).+$", text)
    uses = re.findall(r"\$\{?\w*(?:PASSWORD|SECRET|TOKEN)[^}\s]*", text)
    return settings + [use for use in uses if not re.match(r"\$\{\w+:\?", use)]


def test_no_secret_has_a_default():
    assert secrets_given_away(COMPOSE.read_text("utf-8")) == []
    assert secrets_given_away("POSTGRES_PASSWORD: banjie")
    assert secrets_given_away("URL: postgresql://banjie:${BANJIE_DB_PASSWORD:-banjie}@db")
    assert secrets_given_away("URL: postgresql://banjie:$BANJIE_DB_PASSWORD@db")


def test_only_the_portal_is_reachable_and_only_from_this_machine(services):
    assert {name for name, service in services.items() if "ports" in service} == {"portal"}
    assert all(port.startswith("127.0.0.1:") for port in services["portal"]["ports"])


def test_the_image_runs_unprivileged_from_the_production_lock():
    last = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)[-1]

    assert last.split(":")[0] not in {"root", "0"}
    assert "--require-hashes -r requirements/production.txt" in DOCKERFILE
    assert "runtime.txt" not in DOCKERFILE
    assert "dev.txt" not in DOCKERFILE
