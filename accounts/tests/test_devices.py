"""Browsers in words."""

import pytest

from accounts.devices import Machine, machine_of

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "machine"),
    [
        (f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36", Machine("Chrome", "Windows", False)),
        (f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", Machine("Edge", "Windows", False)),
        (f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36 OPR/116.0.0.0", Machine("Opera", "Windows", False)),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", Machine("Firefox", "Linux", False)),
        (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", Machine("Safari", "iPhone", True)),
        (f"{IPHONE} CriOS/131.0.0.0 Mobile/15E148 Safari/604.1", Machine("Chrome", "iPhone", True)),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36",
            Machine("Samsung Internet", "Android", True),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
            Machine("Safari", "macOS", False),
        ),
        ("curl/8.5.0", Machine("curl", "", False)),
        ("", Machine("", "", False)),
        ("tests", Machine("", "", False)),
    ],
)
def test_a_browser_in_words(user_agent, machine):
    assert machine_of(user_agent) == machine
