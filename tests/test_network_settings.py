"""What the user decides travels whole and reaches the owners of servers."""
import pickle
from datetime import date

import pytest

from pytest_govsite.gather.settings import Settings

DAY = date(2026, 11, 20)


def test_settings_travel_between_processes():
    settings = Settings(as_of=DAY, resolve=("a.gov.cn:80:[::1]",), nat={80: 8080})
    assert pickle.loads(pickle.dumps(settings)) == settings
    assert settings.nat == ((80, 8080),)


def test_agent_is_a_usual_one_that_says_who_we_are():
    assert Settings(as_of=DAY).agent.startswith("Mozilla/5.0 (")
    assert Settings(as_of=DAY).agent.endswith("pytest-govsite/1.0")


def test_agent_gives_the_contact():
    assert Settings(as_of=DAY, contact="a@b.gov.cn").agent.endswith("pytest-govsite/1.0 (+a@b.gov.cn)")


def test_a_whole_user_agent_replaces_ours():
    assert Settings(as_of=DAY, contact="a@b.gov.cn", user_agent="curl/8").agent == "curl/8"


@pytest.mark.parametrize("contact", ["张三", "a@b\r\nX-Evil: 1", "a\tb"], ids=["Chinese", "line break", "tab"])
def test_contact_that_no_header_can_carry_is_refused(contact):
    with pytest.raises(ValueError, match="contact: only printable ASCII"):
        Settings(as_of=DAY, contact=contact)


def test_seed_follows_site_and_date():
    """A stable number: two runs draw the same pages, and so does an inspector who repeats the inspection."""
    assert Settings(as_of=DAY).seed_for("xuanhan") == 1879767033
    assert Settings(as_of=DAY).seed_for("dazhu") != Settings(as_of=DAY).seed_for("xuanhan")
    assert Settings(as_of=date(2026, 11, 21)).seed_for("xuanhan") != Settings(as_of=DAY).seed_for("xuanhan")
    assert Settings(as_of=DAY, seed=7).seed_for("xuanhan") == 7
