"""The weekly report, on the page and on paper."""

from datetime import timedelta

import pytest

from bot.core.measures import Event
from bot.desk.report import week_of
from bot.web.services import Services
from tests.desk.test_inbox import SOCIAL, heard
from tests.web.desk.conftest import Enter


@pytest.fixture(autouse=True)
def a_week(services: Services) -> None:
    """Something was asked, shown and not understood today."""
    services.counts.count("typology", "pet_ransom", Event.ASKED, "web", times=7)
    services.counts.count("warning", "w-1", Event.SHOWN, "web", times=40)
    services.counts.count("warning", "w-1", Event.RIGHT, "web", times=9)
    services.counts.count("warning", "w-1", Event.WRONG, "web")
    for number in range(3):
        services.listener(heard(SOCIAL[0], f"c{number}"))
    services.listener.write()


def test_the_page_tells_the_week(enter: Enter) -> None:
    page = enter("mei").get("/desk/report").text
    for words in ("pet ransom", "+7", "90% of 10", SOCIAL[0], "tiny content", "Nothing expires next week"):
        assert words in page, words
    last_week = enter("mei").get("/desk/report?week=2020-01-01").text
    assert "Nothing was counted this week" in last_week


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_paper_is_a_pdf_of_the_same_and_the_same_again(enter: Enter, language: str) -> None:
    mei = enter("mei", language=language)
    first, second = (mei.get("/desk/report.pdf") for _ in range(2))
    assert first.content.startswith(b"%PDF-")
    assert first.content == second.content


def test_who_may_not_read_the_inbox_may_not_read_the_report(enter: Enter) -> None:
    assert enter("vic").get("/desk/report").status_code == 403
    assert enter("vic").get("/desk/report.pdf").status_code == 403


def test_a_week_goes_from_monday_to_sunday(services: Services) -> None:
    today = services.snapshot.today()
    week = week_of(today)
    assert (week.start.weekday(), week.end - week.start) == (0, timedelta(days=6))
    assert week.start <= today <= week.end
