"""The image and the manifest in docs/sweep: right by Kubernetes' own schemas, and with commands that exist."""
from pathlib import Path

import pytest
import yaml

from pytest_govsite import cli
from pytest_govsite.commands import sweep

kubernetes_validate = pytest.importorskip("kubernetes_validate", reason="the test extra is not installed")
dask_worker = pytest.importorskip("distributed.cli.dask_worker", reason="the extra [sweep] is not installed")

FOLDER = Path(__file__).parents[1] / "docs" / "sweep"
MANIFEST = list(yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text(encoding="utf-8")))
NAMES = [f"{part['kind']} {part['metadata']['name']}" for part in MANIFEST]
PODS = {part["metadata"]["name"]: part["spec"]["template"]["spec"] for part in MANIFEST if "template" in part["spec"]}


@pytest.mark.parametrize("part", MANIFEST, ids=NAMES)
@pytest.mark.parametrize("version", ["1.29", "1.33"])
def test_kubernetes_takes_it(part, version):
    kubernetes_validate.validate(part, version, strict=True)


def test_all_pods_run_one_image_without_rights():
    containers = [container for pod in PODS.values() for container in pod["containers"]]
    assert len({container["image"] for container in containers}) == 1
    for pod in PODS.values():
        assert pod["securityContext"]["runAsNonRoot"] and pod["automountServiceAccountToken"] is False
        assert all(each["securityContext"]["allowPrivilegeEscalation"] is False for each in pod["containers"])


def arguments(name: str) -> list[str]:
    return PODS[name]["containers"][0]["args"]


def test_the_sweep_is_a_command_of_ours():
    program, *words = arguments("govsite-sweep")
    typed = cli.parser().parse_args(words)
    assert program == "govsite" and typed.run is sweep.run
    service = next(part for part in MANIFEST if part["kind"] == "Service")
    assert typed.scheduler == f"tcp://{service['metadata']['name']}:{service['spec']['ports'][0]['port']}"


def test_the_workers_are_started_as_dask_starts_them():
    words = arguments("govsite-worker")
    assert words[:2] == ["dask", "worker"] and "--resources=browser=1" in words
    parsed = dask_worker.main.make_context("dask worker", words[2:]).params
    assert parsed["resources"] == "browser=1" and parsed["nthreads"] == 1


def test_whoever_wants_the_scheduler_is_one_of_them():
    policy = next(part["spec"] for part in MANIFEST if part["kind"] == "NetworkPolicy")
    mine = policy["podSelector"]["matchLabels"]
    assert policy["ingress"] == [{"from": [{"podSelector": {"matchLabels": mine}}]}]
    labels = [part["spec"]["template"]["metadata"]["labels"] for part in MANIFEST if "template" in part["spec"]]
    assert all(mine.items() <= each.items() for each in labels)


def test_the_image_has_browser_and_font():
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    assert all(word in text for word in ("chromium-headless-shell", "fonts-noto-cjk", "[sweep", "USER 10001"))
