"""Files of contacts, written by a worker."""

import csv
import io

import openpyxl
import pytest

from contacts.models import Contact, ContactList, CustomField, OptOut, Tag
from contacts.tasks import run_import
from contacts.tests.factories import ContactFactory
from contacts.tests.files import PEOPLE, URL, counts, imported, outcomes, ready, start, upload, xlsx
from tenants.lib.realtime import missed
from tenants.lib.tenancy import enter
from tenants.models import Plan


def test_an_import_writes_contacts_and_its_counts_add_up(sam, client_of):
    ContactFactory(name="Ana antes", phone="+5511987650002")

    job = imported(client_of(sam), PEOPLE)

    assert (job.state, counts(job)) == ("done", (4, 1, 1, 1, 1))
    assert sorted(Contact.objects.values_list("name", "phone", "email")) == [
        ("Ana", "+5511987650002", ""),
        ("João", "+5511987650001", "joao@example.test"),
    ]
    assert list(Contact.objects.get(name="João").addresses.values_list("kind", "value")) == [("phone", "+5511987650001")]
    assert [(number, outcome) for number, outcome, _reason in outcomes(job)] == [
        (2, "created"),
        (3, "updated"),
        (4, "invalid"),
        (5, "skipped"),
    ]
    assert "row #2" in outcomes(job)[3][2]


def test_a_dry_run_counts_the_same_and_writes_nothing(sam, client_of):
    ContactFactory(name="Ana antes", phone="+5511987650002")
    client = client_of(sam)
    pk = ready(client, PEOPLE)

    dry = start(client, pk, dry_run=True)
    dry_counts, names = counts(dry), list(Contact.objects.values_list("name", flat=True))
    real = start(client, pk)

    assert (dry.state, dry.is_dry_run, names) == ("previewed", True, ["Ana antes"])
    assert (real.state, dry_counts, counts(real)) == ("done", counts(real), (4, 1, 1, 1, 1))


def test_the_result_file_tells_of_every_row(sam, client_of):
    client = client_of(sam)
    job = imported(client, PEOPLE)

    answer = client.get(f"{URL}{job.pk}/result/")

    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [line[:2] for line in lines] == [["Row", "Outcome"], ["2", "Created"], ["3", "Created"], ["4", "Invalid"], ["5", "Skipped"]]
    assert "letras" in lines[3][2]
    assert 'filename="people.result.csv"' in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (PEOPLE.encode(), 3),
        (b"\xef\xbb\xbf" + PEOPLE.encode(), 3),
        (PEOPLE.encode("utf-16"), 3),
        (PEOPLE.encode("utf-16-le"), 3),
        (PEOPLE.encode("latin-1"), 3),
        (PEOPLE.replace(";", ",").encode(), 3),
        (PEOPLE.replace(";", "\t").encode("cp1252"), 3),
        (PEOPLE.replace(";", "|").encode(), 3),
        (("sep=;\r\n" + PEOPLE.replace("\n", "\r\n")).encode(), 3),
        (xlsx(["nome", "celular"], ["João", 5511987650001], ["Ana", "11 8765-0002"], ["Zé", "letras"], ["João", 5511987650001.0]), 2),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-le without bom", "latin-1", "comma", "tab cp1252", "pipe", "sep line", "xlsx"],
)
def test_any_encoding_and_delimiter_and_excel(sam, client_of, content, columns):
    job = imported(client_of(sam), content)

    assert (len(job.columns), counts(job)) == (columns, (4, 2, 0, 1, 1))
    assert set(Contact.objects.values_list("name", "phone")) == {("João", "+5511987650001"), ("Ana", "+5511987650002")}


def test_an_excel_file_that_does_not_say_how_large_it_is(sam, client_of):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (["nome", "celular"], ["Ana", "11987650001"]):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)

    job = imported(client_of(sam), file.getvalue())

    assert (job.expected_rows, counts(job)) == (0, (1, 1, 0, 0, 0))


def test_numbers_of_three_countries_in_their_one_spelling(sam, client_of):
    lines = [
        "telefone",
        "+55 11 8765-4321",
        "5511987654321",
        "+52 1 55 1234 5678",
        "+52 55 1234 5678",
        "+54 11 2345-6789",
        "+54 9 11 2345-6789",
    ]

    job = imported(client_of(sam), "\n".join(lines))

    assert counts(job) == (6, 3, 0, 3, 0)
    assert set(Contact.objects.values_list("phone", flat=True)) == {"+5511987654321", "+525512345678", "+5491123456789"}


def test_a_file_without_header_is_known_by_its_numbers(sam, client_of):
    job = imported(client_of(sam), "Ana,11987650001\nBia,11987650002\n")

    assert (job.has_header, job.mapping, counts(job)) == (False, ["", "phone"], (2, 2, 0, 0, 0))


def test_tags_lists_and_custom_fields(sam, client_of):
    CustomField.objects.create(key="born", label="Nascimento", kind="date")
    CustomField.objects.create(key="size", label="Size", kind="choice", choices=["S", "M"])
    tag, news = Tag.objects.create(name="VIP"), ContactList.objects.create(name="News")
    known = ContactFactory(phone="+5511987650002", custom={"size": "S"})
    file = "phone,nascimento,size\n11987650001,31/12/1990,M\n11987650002,,M\n11987650003,yesterday,M\n11987650004,,XXL\n"

    job = imported(client_of(sam), file, tags=[tag.pk], lists=[news.pk])

    known.refresh_from_db()
    assert (job.mapping, counts(job)) == (["phone", "custom.born", "custom.size"], (4, 1, 1, 0, 2))
    assert (Contact.objects.get(phone="+5511987650001").custom, known.custom) == ({"born": "1990-12-31", "size": "M"}, {"size": "M"})
    assert (tag.contacts.count(), news.contacts.count()) == (2, 2)


def test_a_row_brings_its_own_tags_lists_and_consent(sam, client_of):
    vip, spring = Tag.objects.create(name="VIP"), Tag.objects.create(name="Spring")
    known = ContactFactory(phone="+5511987650002")
    known.tags.add(vip)
    said_no = ContactFactory(phone="+5511987650003")
    OptOut.objects.create(contact=said_no, purpose="all")
    rows = ['11987650001,"vip, Novo; novo",News,sim', "11987650002,VIP,,não", "11987650003,Novo,News,yes", "11987650004,,,talvez"]
    file = "\n".join(["phone,tags,listas,opt-in", *rows])
    client = client_of(sam)
    pk = ready(client, file, tags=[spring.pk])

    dry = counts(start(client, pk, dry_run=True))
    made_by_the_dry_run = Tag.objects.count(), ContactList.objects.count()
    job = start(client, pk)

    assert (job.mapping, dry, counts(job)) == (["phone", "tags", "lists", "opt_in"], (4, 1, 2, 0, 1), (4, 1, 2, 0, 1))
    assert (made_by_the_dry_run, "talvez" in outcomes(job)[3][2]) == ((2, 0), True)
    told = {
        contact.phone[-1]: (
            [tag.name for tag in contact.tags.all()],
            [each.name for each in contact.lists.all()],
            [(no.purpose, no.source) for no in contact.opt_outs.all()],
        )
        for contact in Contact.objects.all()
    }
    assert {last: (sorted(map(str.lower, tags)), lists, no) for last, (tags, lists, no) in told.items()} == {
        "1": (["novo", "spring", "vip"], ["News"], []),
        "2": (["spring", "vip"], [], [("marketing", "import")]),
        "3": (["novo", "spring"], ["News"], [("all", "agent")]),
    }


def test_only_what_is_empty_may_be_filled_in(sam, client_of):
    CustomField.objects.create(key="city", label="City")
    known = ContactFactory(name="Ana antes", phone="+5511987650002", custom={"city": ""})

    job = imported(client_of(sam), "name,phone,email,city\nAna,11987650002,ana@example.test,Recife\n", on_existing="fill")

    known.refresh_from_db()
    assert (known.name, known.email, known.custom, counts(job)) == ("Ana antes", "ana@example.test", {"city": "Recife"}, (1, 0, 1, 0, 0))


def test_what_came_of_the_rows_is_told_in_the_language_of_who_uploaded_the_file(sam, client_of):
    sam.locale = "pt-br"
    sam.save()
    client = client_of(sam)

    job = imported(client, "phone\n11987650001\n11987650001\n")

    (told,) = client.get(f"{URL}{job.pk}/reasons/").json()
    result = b"".join(client.get(f"{URL}{job.pk}/result/").streaming_content).decode("utf-8-sig").splitlines()
    assert told["reason"] == "O mesmo contato já está na linha #2."
    assert result[0].startswith("Linha;Resultado;")


def test_reasons_are_counted_whatever_the_rows_say(sam, client_of):
    client = client_of(sam)
    file = "phone\n11987650001\nabc\n98765-4321\n3333-4444\n11987650001\n11 98765-0001\n"

    job = imported(client, file)

    told = client.get(f"{URL}{job.pk}/reasons/").json()
    assert {each["reason"]: (each["outcome"], each["count"], each["rows"]) for each in told} == {
        "The same contact is in row #2 already.": ("skipped", 2, [6, 7]),
        "“…”: the area code is missing. Write it like 11 98765-4321.": ("invalid", 2, [4, 5]),
        "“abc” is not a phone number: it may hold digits, spaces, + ( ) and - only.": ("invalid", 1, [3]),
    }
    assert sum(each["count"] for each in told) == job.skipped_count + job.invalid_count


def test_who_is_there_may_be_left_alone(sam, client_of):
    known = ContactFactory(name="Ana antes", phone="+5511987650002")

    job = imported(client_of(sam), PEOPLE, on_existing="skip", lists=[ContactList.objects.create(name="News").pk])

    known.refresh_from_db()
    assert (known.name, known.lists.count(), counts(job)) == ("Ana antes", 0, (4, 1, 0, 2, 1))


def test_the_same_file_twice_changes_nothing(sam, client_of):
    client = client_of(sam)
    imported(client, PEOPLE)

    again = imported(client, PEOPLE)

    assert (counts(again), Contact.objects.count()) == ((4, 0, 0, 3, 1), 2)


def test_a_plan_has_room_for_so_many_contacts(sam, acme, client_of):
    ContactFactory(phone="+5511987650002")
    acme.plan = Plan(max_contacts=3)
    client = client_of(sam)
    pk = ready(client, "phone\n" + "\n".join(f"1198765000{last}" for last in range(1, 6)))

    dry = counts(start(client, pk, dry_run=True))
    job = start(client, pk)

    assert (dry, counts(job), Contact.objects.count()) == ((5, 2, 0, 3, 0), (5, 2, 0, 3, 0), 3)
    assert "plan" in outcomes(job)[4][2]


def test_progress_is_told_to_those_who_may_import(sam, acme, client_of, django_capture_on_commit_callbacks):
    client = client_of(sam)
    pk = ready(client, PEOPLE)
    client.post(f"{URL}{pk}/start/")

    with django_capture_on_commit_callbacks(execute=True):
        run_import(pk)

    frames = [frame for frame in missed(acme, 0) if frame.event.endswith("contactImport")]
    assert frames[-1].data["contactImport"]["state"] == "done"
    assert frames[-1].data["contactImport"]["counts"]["rows"] == 4
    assert {frame.audience.roles for frame in frames} == {frozenset({"admin", "supervisor"})}


def test_formulas_are_read_as_their_last_value_and_never_run(sam, client_of):
    file = xlsx(["name", "phone"], ["=1+1", '=CONCATENATE("+5511","987650001")'], ["Ana", "11987650002"])

    job = imported(client_of(sam), file)

    # A program that wrote the file without working formulas out leaves no value behind.
    assert counts(job) == (1, 1, 0, 0, 0)
    assert list(Contact.objects.values_list("name", "phone")) == [("Ana", "+5511987650002")]


def test_agents_may_not_import(bob, client_of):
    client = client_of(bob)

    answers = [upload(client, PEOPLE), client.get(URL)]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_mallory_finds_nothing(sam, mallory, acme, client_of):
    job = imported(client_of(sam), PEOPLE)
    theirs = client_of(mallory)

    statuses = [theirs.get(f"{URL}{job.pk}/{path}").status_code for path in ("", "result/")]
    statuses += [theirs.post(f"{URL}{job.pk}/{path}/", {}).status_code for path in ("preview", "start", "undo")]

    assert statuses == [404] * 5
    assert theirs.get(URL).json()["results"] == []
    with enter(acme):
        assert Contact.objects.count() == 2
