"""Who ran the inspection, for Allure: a CI job by its number and address, else this machine."""
import os
from collections.abc import Iterator

from allure_commons.utils import host_tag

# the variable that tells the system, its name, the number of the build, its address
CI = (
    ("GITHUB_ACTIONS", "GitHub Actions", "GITHUB_RUN_ID", None),
    ("GITLAB_CI", "GitLab CI", "CI_PIPELINE_ID", "CI_PIPELINE_URL"),
    ("JENKINS_URL", "Jenkins", "BUILD_NUMBER", "BUILD_URL"),
)


def executor() -> dict[str, str]:
    """The object of executor.json."""
    return dict(_facts())


def _facts() -> Iterator[tuple[str, str]]:
    for sign, name, build, url in CI:
        if sign in os.environ:
            number = os.environ.get(build, "")
            yield from {"name": name, "type": name.split()[0].lower(), "buildName": f"{name} {number}"}.items()
            if url in os.environ:
                yield "buildUrl", os.environ[url]
            return
    yield from {"name": host_tag(), "type": "local", "buildName": "pytest-govsite"}.items()
