"""Nothing on the pages keeps people out who see, hear or move differently: asked of axe, in both schemes."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import expect

from config.tests.bazaar import ADMIN, SUPERVISOR, Bazaar
from config.tests.pages_for_axe import LOOKS, LOOKS_OF_ADMINS, Look, barriers_on
from config.tests.people import picture


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_barrier(bazaar: Bazaar, pictures: Path, scheme: str) -> None:
    assert barriers(bazaar, SUPERVISOR, LOOKS, scheme, pictures) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_admins_has_a_serious_barrier(bazaar: Bazaar, pictures: Path, scheme: str) -> None:
    assert barriers(bazaar, ADMIN, LOOKS_OF_ADMINS, scheme, pictures) == {}


def barriers(bazaar: Bazaar, email: str, looks: Sequence[Look], scheme: str, pictures: Path) -> dict[str, list[str]]:
    """By page. A person goes to one after the other."""
    with bazaar.somebody(color_scheme=scheme) as sam:
        page = sam.log_in(email)
        expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_attached()
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        known = {"ticket": bazaar.rest(SUPERVISOR, "tickets/?status=open")[0]["id"], "phone": bazaar.phone}
        found = {}
        for look in looks:
            page = sam.visit(look.path.format(**known))
            expect(page.get_by_role("main")).not_to_be_empty()
            page.wait_for_load_state("networkidle")
            look.prepare(page)
            page.wait_for_timeout(400)  # what opens, fades in: half-seen words have no contrast
            picture(page, pictures / f"axe-{scheme}-{look.name.replace(' ', '-')}.png")
            if seen := barriers_on(page):
                found[look.name] = seen
        return found
