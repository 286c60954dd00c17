"""Contacts as a file: for spreadsheets, and to import again."""

import csv
import io

import openpyxl

from contacts.models import Contact, ContactList, CustomField, OptOut, Tag
from contacts.tests.factories import ContactFactory
from contacts.tests.files import counts, imported
from tenants.lib.csv_files import plain_cell, safe_cell
from tenants.lib.table_files import XLSX_TYPE

URL = "/api/v1/contacts/export/"


def lines(answer, delimiter=",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=delimiter))


def test_every_contact_that_the_filters_leave_is_a_line(sam, client_of):
    CustomField.objects.create(key="city", label="City")
    marina = ContactFactory(name="Marina", phone="+5511987650001", email="m@example.test", custom={"city": "Recife"})
    ContactFactory(name="Rafael", phone="+5511987650002", is_blocked=True)
    vip = Tag.objects.create(name="VIP")
    marina.tags.add(vip)
    marina.lists.add(ContactList.objects.create(name="News"))
    OptOut.objects.create(contact=marina, purpose="marketing")
    client = client_of(sam)

    everybody, some = client.post(URL), client.post(f"{URL}?tag={vip.pk}")

    header, first, second = lines(everybody)
    told = dict(zip(header, first, strict=True))
    assert [told[word] for word in ("Name", "Phone", "E-mail", "Tags", "Lists", "Opted out", "Blocked", "City")] == [
        *("Marina", "+5511987650001", "m@example.test", "VIP", "News", "Marketing", "No", "Recife")
    ]
    assert (second[1], [line[1] for line in lines(some)]) == ("Rafael", ["Name", "Marina"])
    assert everybody.headers["Content-Type"].startswith("text/csv")


def test_a_brazilian_spreadsheet_gets_semicolons(sam, client_of):
    sam.locale = "pt-br"
    sam.save()
    ContactFactory(name="Marina")

    assert lines(client_of(sam).post(URL), ";")[1][1] == "Marina"


def test_who_exports_chooses_the_kind_of_file(sam, client_of):
    ContactFactory(name='=HYPERLINK("http://example.test")', phone="+5511987650001")
    client = client_of(sam)

    semicolons, unknown = client.post(f"{URL}?file=csv-semicolon"), client.post(f"{URL}?file=pdf")
    excel = client.post(f"{URL}?file=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(excel.streaming_content))).active

    assert (lines(semicolons, ";")[1][2], unknown.status_code, unknown.json()["errors"][0]["attr"]) == ("+5511987650001", 400, "file")
    assert (excel.headers["Content-Type"], "contacts.xlsx" in excel.headers["Content-Disposition"]) == (XLSX_TYPE, True)
    assert [(cell.value, cell.data_type) for cell in sheet[2][1:3]] == [
        ('=HYPERLINK("http://example.test")', "s"),
        ("+5511987650001", "s"),
    ]


def test_a_name_that_is_a_formula_is_text_in_the_file_and_the_name_again_when_imported(sam, client_of):
    ContactFactory(name='=HYPERLINK("http://example.test")', phone="+5511987650001")
    client = client_of(sam)

    file = b"".join(client.post(URL).streaming_content)
    Contact.objects.all().delete()
    job = imported(client, file)

    assert b"'=HYPERLINK" in file
    assert counts(job) == (1, 1, 0, 0, 0)
    assert list(Contact.objects.values_list("name", "phone")) == [('=HYPERLINK("http://example.test")', "+5511987650001")]


def test_cells_that_a_spreadsheet_would_run_are_quoted_and_numbers_are_not():
    cells = ["=1+1", "+5511987650001", "-12.5", "@sum", "-cmd", "\tx", "plain", None, 5]

    safe = [safe_cell(cell) for cell in cells]

    assert safe == ["'=1+1", "+5511987650001", "-12.5", "'@sum", "'-cmd", "'\tx", "plain", "", "5"]
    assert [plain_cell(cell) for cell in safe[:5]] == cells[:5]


def test_agents_may_not_export_and_mallory_gets_her_own(bob, mallory, client_of):
    ContactFactory(name="Marina of acme")

    forbidden, theirs = client_of(bob).post(URL), client_of(mallory).post(URL)

    assert (forbidden.status_code, theirs.status_code) == (403, 200)
    assert "Marina of acme" not in b"".join(theirs.streaming_content).decode()


def test_an_export_asks_the_database_as_often_for_three_as_for_one(sam, client_of, django_assert_max_num_queries):
    client = client_of(sam)
    for contact in ContactFactory.create_batch(3):
        contact.tags.add(Tag.objects.create(name=f"tag {contact.pk}"))

    with django_assert_max_num_queries(10):
        answer = client.post(URL)

    assert len(lines(answer)) == 4
