"""The files under ``deploy`` say what Easel understands: its commands, its settings, its health checks."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SETTINGS = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/reference/settings.md").read_text(), re.MULTILINE))
STORE = re.compile(r"AWS_(ENDPOINT|REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY)")
COMMANDS = (["easel", "web"], ["easel", "worker"], ["easel", "db", "upgrade"])


def known(names: Any) -> None:
    for name in names:
        assert name in SETTINGS or STORE.fullmatch(name), f"{name} is no setting"


def test_compose() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    assert set(services) == {"migrate", "web", "worker", "proxy", "database", "counters"}
    for name in ("migrate", "web", "worker"):
        assert services[name]["command"] in COMMANDS
        known(services[name]["environment"])
        assert (DEPLOY / services[name]["build"]["context"] / services[name]["build"]["dockerfile"]).is_file()
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        assert set(service["networks"]) <= set(compose["networks"])
    for volume in services["proxy"]["volumes"]:
        assert (DEPLOY / volume.split(":")[0]).is_file()
    # Only the proxy can be reached from outside, and only from this machine unless someone changes that.
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert "server web:8000" in (DEPLOY / "nginx.conf").read_text()


@pytest.mark.faults
def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    assert nginx, "install the package nginx-light or nginx"
    # It looks names up, and there is no `web` here.
    words = (DEPLOY / "nginx.conf").read_text().replace("server web:8000", "server 127.0.0.1:8000")
    (tmp_path / "nginx.conf").write_text(words)
    command = [nginx, "-t", "-e", "stderr", "-c", str(tmp_path / "nginx.conf"), "-g", f"pid {tmp_path}/pid;"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_kubernetes() -> None:
    documents = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "easel.yaml").read_text()))
    kinds = [document["kind"] for document in documents]
    assert kinds == ["ConfigMap", "Job", "Deployment", "Deployment", "Service", "Ingress"]
    for document in documents:
        assert document["apiVersion"]
        assert document["metadata"]["name"].startswith("easel")
    known(documents[0]["data"])
    for document in documents[1:4]:
        template = document["spec"]["template"]
        (container,) = template["spec"]["containers"]
        assert container["command"] in COMMANDS
        if document["kind"] == "Deployment":
            assert document["spec"]["selector"]["matchLabels"] == template["metadata"]["labels"]
    web, worker = documents[2], documents[3]
    (container,) = web["spec"]["template"]["spec"]["containers"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert documents[4]["spec"]["selector"] == web["spec"]["template"]["metadata"]["labels"]
    assert worker["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > 20


def test_the_image_is_made_by_what_make_runs() -> None:
    words = (DEPLOY / "Dockerfile").read_text()
    assert "RUN make build" in words
    assert "USER easel" in words
