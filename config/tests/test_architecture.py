"""The house rules that no linter knows (docs/structure.md). Each failure names the file, the line and the rule."""

import ast
import configparser
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from celery import Task
from django.apps import apps
from django.conf import settings

from config.celery import app as celery

ROOT = Path(settings.BASE_DIR)
APPS = ("tenants", "accounts", "contacts", "connectors", "tickets", "chatbots", "flows", "campaigns", "reports")
QUEUES = {"inbound", "outbound", "campaigns", "default"}
# What another app may ask for.
PUBLIC_MODULES = {"services", "selectors", "models", "types", "serializers", "permissions"}
# How those above send: the provider of a connection, and its pacer's permits.
ALSO_PUBLIC = {"connectors.registry", "connectors.pacer", "connectors.tallies"}
# Names that say nothing.
BANNED_NAMES = {"utils", "helpers", "common", "misc", "manager", "managers"}
# The readers of the dotted paths in settings: the tables that go up, the providers, the founders.
READERS_OF_SETTINGS = {
    "tenants/lib/announcing.py",
    "tenants/lib/timers.py",
    "tenants/firing.py",
    "tenants/services/companies.py",
    "connectors/inbox.py",
    "connectors/registry.py",
    "config/consumers.py",
}
# Where a name reaches `later` as a variable: its own home, and the sweep that repeats it.
LATER_BY_VARIABLE = {"tenants/lib/later.py"}


def modules(*, with_tests: bool = False, folders: tuple[str, ...] = APPS) -> list[Path]:
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in paths if "node_modules" not in path.parts and (with_tests or "tests" not in path.parts)]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def imports(path: Path) -> Iterator[tuple[ast.AST, str]]:
    """Every dotted name that the module imports; `from a.b import c` counts as `a.b` and as `a.b.c`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def calls(path: Path, name: str) -> Iterator[ast.Call]:
    """Calls of a function of this name, bare or as an attribute."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and name in (getattr(node.func, "id", None), getattr(node.func, "attr", None)):
            yield node


def registered_tasks() -> Mapping[str, Task]:
    """What a worker knows once it has looked into every app, as config/celery.py tells it to."""
    for app in APPS:
        for name in ("tasks", "schedule"):
            if find_spec(f"{app}.{name}"):
                import_module(f"{app}.{name}")
    celery.finalize()
    return celery.tasks


def keyword(call: ast.Call, name: str) -> object:
    """The constant given for this keyword; None when there is none."""
    return next((word.value.value for word in call.keywords if word.arg == name and isinstance(word.value, ast.Constant)), None)


def test_apps_use_each_others_doors_only():
    wrong = []
    for path in modules():
        own = path.relative_to(ROOT).parts[0]
        if "migrations" in path.parts:
            continue
        for node, name in imports(path):
            app, _, rest = name.partition(".")
            module = rest.split(".")[0]
            is_public = module in PUBLIC_MODULES or f"{app}.{module}" in ALSO_PUBLIC or name.startswith("tenants.lib.")
            if app in APPS and app != own and not is_public:
                wrong.append(f"{where(path, node)} imports {name}")

    assert wrong == []


def test_every_task_names_itself_and_its_queue():
    wrong = []
    for path in modules():
        for node in ast.walk(tree(path)):
            for decorator in getattr(node, "decorator_list", []):
                target = decorator.func if isinstance(decorator, ast.Call) else decorator
                if getattr(target, "id", "") not in ("task", "public_task", "shared_task"):
                    continue
                name = keyword(decorator, "name") if isinstance(decorator, ast.Call) else None
                queue = keyword(decorator, "queue") if isinstance(decorator, ast.Call) else None
                own = path.relative_to(ROOT).parts[0]
                if not str(name).startswith(f"{own}.") or queue not in QUEUES:
                    wrong.append(f"{where(path, decorator)} name={name!r} queue={queue!r}")

    assert wrong == []


def test_every_registered_task_has_a_queue():
    ours = {name: task for name, task in registered_tasks().items() if not name.startswith("celery.")}

    assert {name: getattr(task, "queue_name", None) for name, task in ours.items() if getattr(task, "queue_name", None) not in QUEUES} == {}


def test_every_name_given_to_later_is_a_task():
    wrong = []
    for path in modules(folders=(*APPS, "config")):
        if str(path.relative_to(ROOT)) in LATER_BY_VARIABLE:
            continue
        for call in calls(path, "later"):
            name = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
            if name not in registered_tasks():
                wrong.append(f"{where(path, call)} later({name!r})")

    assert wrong == []


def test_every_scheduled_task_exists():

    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} - set(registered_tasks()) == set()


def test_import_string_stays_with_the_readers_of_settings():
    users = {str(path.relative_to(ROOT)) for path in modules(folders=(*APPS, "config")) for _ in calls(path, "import_string")}

    assert users - READERS_OF_SETTINGS == set()


def test_get_model_stays_in_migrations():
    users = {where(path, call) for path in modules(folders=(*APPS, "config")) for call in calls(path, "get_model")}

    assert {place for place in users if "/migrations/" not in place} == set()


def test_imports_stand_at_the_top():
    wrong = []
    for path in modules(with_tests=True, folders=(*APPS, "config")):
        for function in ast.walk(tree(path)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                inside = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
                wrong += [where(path, node) for node in inside]

    assert wrong == []


def test_packages_have_empty_init_files():
    packages = [path for path in modules(with_tests=True, folders=(*APPS, "config")) if path.name == "__init__.py"]

    assert [str(path.relative_to(ROOT)) for path in packages if path.read_text()] == []


def test_folders_with_code_are_packages():
    folders = {path.parent for path in modules(with_tests=True, folders=(*APPS, "config"))}

    assert [str(folder.relative_to(ROOT)) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_module_has_a_name_that_says_nothing():
    paths = modules(with_tests=True, folders=(*APPS, "config"))

    assert [str(path.relative_to(ROOT)) for path in paths if BANNED_NAMES & {path.stem, path.parent.name}] == []


def test_no_signals_for_domain_events():
    wrong = [
        f"{where(path, node)} {name}" for path in modules() for node, name in imports(path) if name.startswith("django.db.models.signals")
    ]

    assert wrong == []


@pytest.mark.parametrize("section", ["importlinter", "importlinter:contract:staircase", "importlinter:contract:ladder"])
def test_import_rules_know_every_app(section):
    rules = configparser.ConfigParser()
    rules.read(ROOT / ".importlinter")
    named = " ".join(rules[section].values()).replace("|", " ").split()
    ours = {config.name for config in apps.get_app_configs() if (ROOT / config.name.split(".")[0]).is_dir()} - {"config"}

    assert (ours - set(named), set(APPS) ^ ours) == (set(), set())
