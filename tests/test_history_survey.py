"""What a history holds, how large it is and who is writing: the same of SQLite and of PostgreSQL."""
from datetime import date, timedelta

from history_samples import DAY, HERE, THERE, inspected, round_, sample, write

from pytest_govsite.history import Survey, open_history


def test_a_history_that_is_not_there_holds_nothing(history_place):
    with open_history(history_place, read_only=True) as history:
        assert history.survey() == Survey()


def test_an_empty_history_has_a_version(history_place):
    with open_history(history_place) as history:
        survey = history.survey()
    assert survey.size > 0 and survey.version and survey == Survey(size=survey.size, version=survey.version)


def test_sites_and_reach_are_told(history_place):
    with open_history(history_place) as history:
        write(history, sample("yi"), sample("jia"), sample("jia", at=sample().at - timedelta(days=40)))
        history.record(inspected(site="bing"))
        survey = history.survey()
        assert survey.sites == ("bing", "jia", "yi")
        assert (survey.first, survey.last) == (DAY - timedelta(days=40), DAY)
        history.tidy(date(DAY.year + 3, 1, 1))
        survey = history.survey()
        assert survey.sites == ("bing",), "whose visits are gone is known by its days alone"
        assert (survey.first, survey.last) == (DAY - timedelta(days=40), DAY)


def test_it_grows(history_place):
    with open_history(history_place) as history:
        before = history.survey().size
        many = [sample(f"s{n}", slot=slot, title=f"{n * slot}" * 90) for n in range(60) for slot in range(24)]
        history.write_round(round_(), many)
        assert history.survey().size > before + 50_000


def test_samplers_at_work_are_named(history_place):
    with open_history(history_place) as history, open_history(history_place) as other:
        write(history, sample(), sample(vantage=THERE))
        assert other.survey().samplers == ()
        with history.writing(HERE):
            assert other.survey().samplers == (HERE,)
            with other.writing(THERE):
                assert set(history.survey().samplers) == {HERE, THERE}
        assert other.survey().samplers == ()


def test_inspections_can_be_had_without_their_rows(history_place):
    with open_history(history_place) as history:
        history.record(inspected())
        whole, = history.inspections()
        light, = history.inspections(rows=False)
    assert whole.rows and not light.rows and light.scorecard == whole.scorecard
