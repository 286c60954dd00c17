"""The pages that are searched for what keeps people out, with axe (github.com/dequelabs/axe-core). A page that joins is one line."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from config.ground.steps import FRONTEND

AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
SEVERE = ("serious", "critical")
# What axe says, with the elements it is about; `page.evaluate` runs beside the page's content security policy.
ASK = """async (rules) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] });
  const about = ({ target, failureSummary }) => `${target} ${failureSummary}`;
  return found.violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(about) }));
}"""


def nothing(page: Page) -> None:
    """The page as it opens."""


def press(keys: str) -> Callable[[Page], None]:
    return lambda page: page.keyboard.press(keys)


def click(name: str, role: Any = "button") -> Callable[[Page], None]:
    return lambda page: page.get_by_role(role, name=name).first.click()


@dataclass(frozen=True)
class Look:
    """A page, in the state that `prepare` brings it to. `{ticket}` and `{phone}` in the path stand for one that there is."""

    name: str
    path: str
    prepare: Callable[[Page], None] = nothing


LOOKS = (
    Look("inbox", "/inbox"),
    Look("conversation", "/inbox/{ticket}"),
    Look("transfer dialog", "/inbox/{ticket}", click("Transfer")),
    Look("new conversation", "/inbox", click("New conversation")),
    Look("search in conversation", "/inbox/{ticket}", press("f")),
    Look("palette", "/inbox", press("Control+k")),
    Look("shortcuts", "/inbox", press("Shift+?")),
    Look("contacts", "/contacts"),
    Look("campaigns", "/campaigns"),
    Look("new campaign", "/campaigns/new"),
    Look("connections", "/connections"),
    Look("scheduled messages", "/schedules"),
    Look("new scheduled message", "/schedules", click("New")),
    Look("profile", "/settings/profile"),
    Look("notifications", "/settings/notifications"),
)
LOOKS_OF_ADMINS = (
    Look("new connection", "/connections/new"),
    Look("credentials", "/connections/new?gateway=cloud_api"),
    Look("connection", "/connections/{phone}"),
    Look("templates", "/connections/{phone}/templates"),
    Look("new template", "/connections/{phone}/templates/new"),
    Look("people", "/settings/people"),
    Look("API keys", "/settings/api-keys"),
    Look("consent", "/settings/consent"),
    Look("audit log", "/settings/audit-log"),
    Look("background work", "/settings/jobs"),
)


def barriers_on(page: Page) -> list[str]:
    """What axe finds severe, each with its elements."""
    page.evaluate(Path(AXE).read_text())
    found = page.evaluate(ASK, RULES)
    return [f"{one['id']}: {node}" for one in found if one["impact"] in SEVERE for node in one["nodes"]]
