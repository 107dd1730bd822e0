"""The watch over every page itself: it would notice."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import PHONE, Watched

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("doing", "noticed"),
    [
        ("() => console.error('broken')", "console error: broken"),
        ("() => { setTimeout(() => { throw new Error('thrown'); }); }", "thrown"),
        ("() => fetch('http://127.0.0.1:9/').catch(() => 0)", "http://127.0.0.1:9/"),
        ("() => document.body.setAttribute('style', 'color: red')", "style-src"),
        ("() => { new Image().src = 'http://127.0.0.1:9/a.png'; }", "img-src"),
    ],
    ids=["console", "error", "stranger", "inline style", "image"],
)
def test_a_fault_of_the_page_is_noticed(watch: Callable[..., Watched], doing: str, noticed: str) -> None:
    watched = watch(PHONE, path="/kiosk")

    watched.page.evaluate(doing)
    # a round of the page's own clock, after which everything it complained about has been heard
    watched.page.evaluate("() => new Promise((done) => setTimeout(done, 20))")

    assert any(noticed in fault for fault in watched.faults())
    watched.forget()
