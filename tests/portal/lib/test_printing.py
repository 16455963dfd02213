"""A printed page fetches nothing, whatever it says."""

from __future__ import annotations

import pytest

from portal.lib.printing import PrintingRefused, print_page

ADDRESSES = [
    '<img src="http://127.0.0.1:9/x.png">',
    '<img src="file:///etc/hostname">',
    '<img src="data:image/png;base64,iVBORw0KGgo=">',
    '<link rel="stylesheet" href="http://127.0.0.1:9/a.css">',
    '<style>@import url("http://127.0.0.1:9/a.css");</style>',
    '<style>@font-face{font-family:x;src:url(file:///usr/share/fonts/x.ttf)}</style><p style="font-family:x">x',
    '<p style="background:url(http://127.0.0.1:9/x.png)">x',
    '<link rel="attachment" href="file:///etc/hostname">',
    '<object data="http://127.0.0.1:9/x.svg"></object>',
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="http://127.0.0.1:9/x.png" width="9" height="9"/></svg>',
]


@pytest.mark.parametrize("markup", ADDRESSES)
def test_it_refuses_every_address(markup: str) -> None:
    with pytest.raises(PrintingRefused):
        print_page(f"<html><body>{markup}</body></html>")


def test_it_prints_a_page_that_asks_for_nothing() -> None:
    assert print_page("<p>一件</p>").startswith(b"%PDF-")
