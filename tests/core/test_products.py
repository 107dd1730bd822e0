"""Who is shown a product, and when."""

from datetime import date

import pytest

from bot.core.products import Head, Products, PublicWarning, Showing
from bot.core.words import Words

SAID = Words(zh_hans="停", en="stop", zh_hant="停")
JUNE = (date(2027, 6, 1), date(2027, 6, 30))


def warning(
    name: str,
    *,
    audiences: tuple[str, ...] = ("all",),
    places: tuple[str, ...] = ("all",),
    priority: int = 2,
    start: date = JUNE[0],
) -> PublicWarning:
    """A warning of June."""
    head = Head(name, "", "", Showing(audiences, places, start, JUNE[1]))
    return PublicWarning(head, SAID, SAID, ("chat",), priority)


@pytest.mark.parametrize(("day", "there"), [((5, 31), False), ((6, 1), True), ((6, 30), True), ((7, 1), False)])
def test_it_is_in_force_on_its_first_and_last_day_and_on_no_other(day: tuple[int, int], there: bool) -> None:
    found = Products(warnings=(warning("one"),)).warnings_for(date(2027, *day))
    assert bool(found) is there


@pytest.mark.parametrize(
    ("audience", "place", "there"),
    [
        ("elders", "hk", True),
        ("elders", "all", False),
        ("all", "hk", False),
        ("students", "hk", False),
        ("elders", "cn", False),
    ],
)
def test_what_is_meant_for_one_group_at_one_place_is_shown_to_no_other(audience: str, place: str, there: bool) -> None:
    made = Products(warnings=(warning("one", audiences=("elders",), places=("hk",)),))
    assert bool(made.warnings_for(JUNE[0], audience, place)) is there


def test_what_is_meant_for_everyone_is_shown_to_each() -> None:
    assert Products(warnings=(warning("one"),)).warnings_for(JUNE[0], "elders", "hk")


def test_the_most_urgent_stands_first_then_the_newest() -> None:
    made = Products(
        warnings=(
            warning("old"),
            warning("new", start=date(2027, 6, 2)),
            warning("urgent", priority=1),
        )
    )
    assert [w.head.id for w in made.warnings_for(date(2027, 6, 3))] == ["urgent", "new", "old"]


def test_all_products_can_be_gone_through() -> None:
    assert [p.head.id for p in Products(warnings=(warning("one"), warning("two")))] == ["one", "two"]
