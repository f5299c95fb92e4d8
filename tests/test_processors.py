"""How many processors there are to work with, as a process of its own finds out."""
import os
import shutil
import subprocess
import sys

import pytest

ASK = "from pytest_govsite.processors import processors; print(processors())"
ALL = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
MOUNT = "mount -t tmpfs none /sys/fs/cgroup && echo '{}' > /sys/fs/cgroup/cpu.max && exec \"$0\" -c \"$1\""
QUOTAS = {"half of one": ("50000 100000", 1), "one and a half": ("150000 100000", min(ALL, 2)), "none": ("max 100000", ALL)}


def ask(*command: str, **options) -> subprocess.CompletedProcess:
    """Runs what prints the number."""
    return subprocess.run([*command], capture_output=True, text=True, timeout=60, **options)


def may_mount() -> bool:
    """A mount namespace of one's own can be had: for root only, and not in every container."""
    tried = shutil.which("unshare") and ask("unshare", "--mount", "mount", "-t", "tmpfs", "none", "/sys/fs/cgroup")
    return bool(tried) and tried.returncode == 0


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system does not tie processes to processors")
def test_a_process_tied_to_one_processor_has_one():
    first = min(os.sched_getaffinity(0))
    done = ask(sys.executable, "-c", ASK, preexec_fn=lambda: os.sched_setaffinity(0, {first}))
    assert done.stdout == "1\n", done.stderr


@pytest.mark.skipif(not may_mount(), reason="to show a process another quota takes root and a mount namespace (Linux)")
@pytest.mark.parametrize("quota, processors", QUOTAS.values(), ids=QUOTAS)
def test_the_quota_of_a_container_counts(quota, processors):
    """As a container shows it (control groups, version 2): microseconds of processor time in each period."""
    done = ask("unshare", "--mount", "sh", "-c", MOUNT.format(quota), sys.executable, ASK)
    assert done.stdout == f"{processors}\n", done.stderr
