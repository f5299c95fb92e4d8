"""The pytest plugin. Until one of --site, --sites and --rejudge is given it adds options and does nothing else.

That is why everything heavy is imported inside functions: this module is loaded in every pytest run of whoever has the
package installed.
"""
from collections.abc import Collection, Iterator

import pytest

from pytest_govsite import hooks, options

BROWSER_KINDS = frozenset({
    "home", "sampled", "links", "engines", "columns", "headlines", "leaders", "annual_reports", "releases", "submissions",
    "search", "accounts",
})


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    options.add_ini(parser)
    if any(name and name.endswith("conftest.py") for name, _ in pluginmanager.list_name_plugin()):
        options.add_options(parser)  # a conftest.py brought us: the moment below has passed


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(parser: pytest.Parser) -> Iterator[None]:
    """Only now is it known which option names others took, and the command line has yet to be parsed."""
    try:
        return (yield)
    finally:
        options.add_options(parser)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(hooks)


def pytest_configure(config: pytest.Config) -> None:
    options.release_short_names(config._parser)
    if request := options.read(config):
        from pytest_govsite import activation

        activation.activate(config, request)


@pytest.hookimpl(trylast=True)
def pytest_govsite_collector(settings, folder, on_event) -> object:
    from pytest_govsite.gather.collector import Collector

    return Collector(settings, folder, on_event)


@pytest.hookimpl(trylast=True)
def pytest_govsite_unready(kinds: Collection[str]) -> str:
    from pytest_govsite.gather.installed import find_chromium

    if BROWSER_KINDS & kinds and find_chromium() is None:
        remedy = "运行 playwright install --with-deps chromium，或安装系统自带的 chromium；govsite doctor 会说明缺什么"
        return f"本机没有可用的 Chromium，无法检查网页：{remedy}"
    return ""
