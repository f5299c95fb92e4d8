"""Several processes on one history, and processes that are killed: real ones, real signals, both databases."""
import signal
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import psycopg
import pytest
from history_apart import NOON, SITES, Apart, a_round

from pytest_govsite.history import HistoryError, open_history
from pytest_govsite.history.words import digest_of

pytestmark = pytest.mark.timeout(180)
DAYS = NOON.date(), NOON.date() + timedelta(days=99)
MANY = 25


@contextmanager
def apart(place, deed, *arguments):
    """The process; killed at the end if it still runs."""
    process = Apart(place, deed, *arguments)
    try:
        yield process
    finally:
        process.kill()


def kill(process) -> None:
    assert process.kill() == -signal.SIGKILL


@contextmanager
def all_of(starting):
    """Several processes at once."""
    processes = [each.__enter__() for each in starting]
    try:
        yield processes
    finally:
        for each in starting:
            each.__exit__(None, None, None)


def test_processes_open_a_new_history_at_the_same_moment(history_place):
    with all_of([apart(history_place, "open_at_once", number) for number in range(4)]) as processes:
        assert [each.said() for each in processes] == ["ready"] * 4
        for each in processes:
            each.go_on()
        assert [each.said() for each in processes] == ["opened"] * 4
    with open_history(history_place) as history:
        assert {each.vantage for each in history.samples("s0", *DAYS)} == {f"v{number}" for number in range(4)}


def test_processes_write_at_the_same_time(history_place):
    """Two of different vantages, and one that writes the very rows of another."""
    open_history(history_place).close()
    vantages = ("甲", "乙", "乙")
    with all_of([apart(history_place, "write_rounds", vantage, MANY) for vantage in vantages]) as processes:
        assert [[each.said() for _ in range(MANY)] for each in processes] == [[str(n) for n in range(MANY)]] * 3
    with open_history(history_place) as history:
        for site in ("s0", f"s{SITES - 1}"):
            found = history.samples(site, *DAYS)
            assert len(found) == 2 * MANY and len({(each.vantage, each.detail) for each in found}) == 2 * MANY
        assert len(history.rounds(*DAYS)) == 2 * MANY


def test_threads_share_a_history(history_place):
    failures = []

    def work(history, vantage):
        try:
            for number in range(5):
                history.write_round(*a_round(number, vantage))
                assert len(history.samples("s1", *DAYS)) >= number
        except Exception as error:  # noqa: BLE001 - a thread has nobody else to tell
            failures.append(error)

    with open_history(history_place) as history:
        threads = [Thread(target=work, args=(history, f"v{number}")) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures and len(history.samples("s1", *DAYS)) == 5 * 6


def test_killed_in_the_middle_of_a_write(history_place):
    """What was committed is there, the open round never was, and the next sampler writes at once."""
    with apart(history_place, "stop_in_the_middle", "甲") as process:
        assert process.said() == "in the middle"
        kill(process)
    with open_history(history_place) as history:
        assert [each.id for each in history.rounds(*DAYS)] == ["甲-0"]
        assert len(history.samples("s0", *DAYS)) == 1 and history.samples("s1999", *DAYS) == ()
        assert history.write_round(*a_round(1, "甲")) == SITES
        assert len(history.samples("s0", *DAYS)) == 2


@pytest.mark.parametrize("after", [1, 7, 12])
def test_killed_at_any_moment(history_place, after):
    """Each round that it said was written is there whole; of the one it was at, all or nothing."""
    with apart(history_place, "write_rounds", "甲", 10_000) as process:
        lines = [process.said() for _ in range(after)]
        kill(process)
        lines += process.rest()
    with open_history(history_place) as history:
        rounds = [each.id for each in history.rounds(*DAYS)]
        assert rounds[:len(lines)] == [f"甲-{number}" for number in lines] and len(rounds) <= len(lines) + 1
        assert {len(history.samples(f"s{n}", *DAYS)) for n in range(SITES)} == {len(rounds)}


def wait_for_the_server(place) -> None:
    """Returns when the server has noticed that the process is gone."""
    if "://" in str(place):
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [digest_of("甲")])


def test_one_sampler_of_a_vantage_at_a_time(history_place):
    with open_history(history_place) as history, apart(history_place, "hold_the_lock", "甲") as process:
        assert process.said() == "locked"
        with pytest.raises(HistoryError, match="另一个采样进程.*“甲”") as caught, history.writing("甲"):
            pytest.fail("two samplers at once")
        assert "\n" not in str(caught.value) and "p@ss" not in str(caught.value)
        with history.writing("乙"):
            assert history.write_round(*a_round(0, "乙")) == SITES
        process.go_on()
        assert process.said() == "free"
        wait_for_the_server(history_place)
        with history.writing("甲"):
            pass
        with history.writing("甲"):
            pass


def test_the_lock_dies_with_its_process(history_place):
    with open_history(history_place) as history, apart(history_place, "hold_the_lock", "甲") as process:
        assert process.said() == "locked"
        kill(process)
        wait_for_the_server(history_place)
        with history.writing("甲"):
            assert history.write_round(*a_round(0, "甲")) == SITES


def test_the_lock_is_freed_when_the_work_fails(history_place):
    with open_history(history_place) as history:
        with pytest.raises(ZeroDivisionError), history.writing("甲"):
            1 / 0
        wait_for_the_server(history_place)
        with history.writing("甲"):
            pass


def test_readers_do_not_wait_for_a_writer(history_place):
    with apart(history_place, "stop_in_the_middle", "甲") as process:
        assert process.said() == "in the middle"
        with open_history(history_place, read_only=True) as history:
            assert len(history.samples("s0", *DAYS)) == 1


def test_a_full_disk(tmp_path):
    """Earlier rows stay readable in the same process, and it goes on when there is room again."""
    place = tmp_path / "h.sqlite3"
    with apart(place, "fill_the_disk", "甲") as process:
        error = process.said()
        written, samples, rounds = map(int, process.said().split())
        after = process.said().split()
    assert error.startswith(f"历史库 {place}：") and ("磁盘可能已满" in error or "磁盘已满" in error)
    assert written == samples == rounds > 0
    assert after == [str(written + 3)] * 2
    with open_history(place) as history:
        assert [each.id for each in history.rounds(*DAYS)] == [f"甲-{number}" for number in range(written + 3)]
