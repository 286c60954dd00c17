from pathlib import Path

from django.conf import settings

from connectors.capability_table import document_with_table, table


def test_the_table_in_the_documentation_is_current():
    page = (Path(settings.BASE_DIR) / "docs" / "gateways.md").read_text()

    assert document_with_table(page) == page, "manage.py describe_gateways"


def test_the_table_has_a_column_for_each_gateway_and_says_what_stands_in():
    lines = table().splitlines()

    assert {line.count("|") for line in lines} == {len(settings.PROVIDERS) + 2}
    assert any(line.startswith("| reply buttons | yes | numbered text") for line in lines)
