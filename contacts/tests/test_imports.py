"""Files of contacts: uploaded, looked at, imported in the background, taken back."""

import csv
import datetime
import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contacts.importing import running
from contacts.models import Contact, ContactImport, ContactImportRow, ContactList, CustomField, OptOut, Tag
from contacts.services.contacts import update_contact
from contacts.tasks import run_import
from contacts.tests.factories import ContactFactory
from tenants.lib.clock import now
from tenants.lib.realtime import missed
from tenants.lib.tenancy import enter
from tenants.models import Plan

URL = "/api/v1/contact-imports/"
NAMES = "nome;celular;e-mail\n"
PEOPLE = NAMES + "João;(11) 98765-0001;joao@example.test\nAna;11 8765-0002;\nZé;letras;\nJoão de novo;+55 11 98765-0001;\n"


def xlsx(*rows, sheet="Contacts") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def upload(client, content, name="people.csv"):
    data = content.encode() if isinstance(content, str) else content
    return client.post(URL, {"file": SimpleUploadedFile(name, data)}, format="multipart")


def ready(client, content, **choices) -> int:
    """Uploaded and looked at."""
    answer = upload(client, content)
    assert answer.status_code == 201, answer.content
    pk = answer.json()["id"]
    assert client.post(f"{URL}{pk}/preview/", choices).status_code == 200
    return pk


def imported(client, content, **choices) -> ContactImport:
    pk = ready(client, content, **choices)
    return start(client, pk)


def start(client, pk, *, dry_run=False) -> ContactImport:
    assert client.post(f"{URL}{pk}/start/", {"dry_run": dry_run}).status_code == 200
    run_import(pk)
    return ContactImport.objects.get(pk=pk)


def undone(client, job) -> ContactImport:
    assert client.post(f"{URL}{job.pk}/undo/").status_code == 200
    run_import(job.pk)
    job.refresh_from_db()
    return job


def counts(job) -> tuple[int, int, int, int, int]:
    return job.row_count, job.created_count, job.updated_count, job.skipped_count, job.invalid_count


def outcomes(job) -> list[tuple[int, str, str]]:
    return list(ContactImportRow.objects.filter(contact_import=job).values_list("number", "outcome", "reason"))


def error(answer):
    (each,) = answer.json()["errors"]
    return answer.status_code, each["attr"], each["code"]


def test_an_upload_is_looked_at_and_its_columns_are_guessed(sam, client_of):
    answer = upload(client_of(sam), PEOPLE.encode("cp1252"))

    told = answer.json()
    assert answer.status_code == 201
    assert (told["encoding"], told["delimiter"], told["has_header"], told["expected_rows"]) == ("cp1252", ";", True, 4)
    assert (told["columns"], told["mapping"]) == (["nome", "celular", "e-mail"], ["name", "phone", "email"])
    assert (told["state"], told["created_by_name"]) == ("uploaded", "Sam")


def test_a_preview_shows_each_row_as_it_would_be_imported(sam, client_of):
    client = client_of(sam)
    pk = upload(client, PEOPLE).json()["id"]

    answer = client.post(f"{URL}{pk}/preview/", {})

    rows = answer.json()["rows"]
    assert answer.json()["contact_import"]["state"] == "previewed"
    assert [(row["number"], row["name"], row["phone"]) for row in rows] == [
        (2, "João", "+5511987650001"),
        (3, "Ana", "+5511987650002"),
        (4, "", ""),
        (5, "João de novo", "+5511987650001"),
    ]
    assert "letras" in rows[2]["error"]
    assert Contact.objects.count() == 0


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
    assert "row 2" in outcomes(job)[3][2]


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


def test_an_import_is_undone_but_for_what_happened_since(sam, bob, client_of):
    restored = ContactFactory(name="Old name", phone="+5511987650001", email="old@example.test", custom={"city": "Recife"})
    edited = ContactFactory(name="Old too", phone="+5511987650002")
    CustomField.objects.create(key="city", label="City")
    tag, had = Tag.objects.create(name="New"), Tag.objects.create(name="Had")
    restored.tags.add(had)
    file = "name,phone,email,city\n" + "".join(f"New {last},1198765000{last},new{last}@example.test,Natal\n" for last in range(1, 7))
    client = client_of(sam)
    job = imported(client, file, tags=[tag.pk, had.pk])
    update_contact(edited, by=bob, fields={"name": "Bob wrote this"})
    by_phone = {contact.phone[-1]: contact for contact in Contact.objects.all()}
    update_contact(by_phone["3"], by=bob, fields={"notes": "Called"})
    OptOut.objects.create(contact=by_phone["4"], purpose="all")

    job = undone(client, job)

    left = {contact.phone[-1]: contact for contact in Contact.objects.all()}
    assert (job.state, job.removed_count, job.restored_count, job.kept_count) == ("undone", 2, 2, 2)
    assert sorted(left) == ["1", "2", "3", "4"]
    assert (left["1"].name, left["1"].email, left["1"].custom) == ("Old name", "old@example.test", {"city": "Recife"})
    assert [each.name for each in left["1"].tags.all()] == ["Had"]
    assert (left["2"].name, left["2"].email, left["2"].custom) == ("Bob wrote this", "", {})


def test_an_undo_happens_once_and_only_after_an_import(sam, client_of):
    client = client_of(sam)
    pk = ready(client, PEOPLE)

    early = client.post(f"{URL}{pk}/undo/")
    dry = start(client, pk, dry_run=True)
    after_dry = client.post(f"{URL}{pk}/undo/")
    job = undone(client, start(client, dry.pk))
    twice = client.post(f"{URL}{pk}/undo/")

    assert [error(answer) for answer in (early, after_dry, twice)] == [(409, None, "not_done")] * 3
    assert (job.state, Contact.objects.count()) == ("undone", 0)


def test_a_started_import_takes_no_second_start_and_no_other_mapping(sam, client_of):
    client = client_of(sam)
    pk = ready(client, PEOPLE)
    client.post(f"{URL}{pk}/start/")

    answers = [client.post(f"{URL}{pk}/start/"), client.post(f"{URL}{pk}/preview/", {"region": "AR"})]

    assert [error(answer) for answer in answers] == [(409, None, "wrong_state")] * 2


def test_a_worker_that_dies_is_replaced_and_nothing_is_doubled(sam, client_of, monkeypatch):
    monkeypatch.setattr(running, "BATCH_ROWS", 10)
    file = "phone\n" + "".join(f"119876500{last:02d}\n" for last in range(35))
    client = client_of(sam)
    pk = ready(client, file)
    client.post(f"{URL}{pk}/start/")
    monkeypatch.setattr(running, "SLICE_SECONDS", 0.0)
    run_import(pk)
    run_import(pk)
    # The third one took the lease and died with a batch half written: what it wrote is rolled back with its connection.
    ContactImport.objects.filter(pk=pk).update(lease="dead", leased_until=now() + datetime.timedelta(seconds=30))
    run_import(pk)
    while_leased = ContactImport.objects.get(pk=pk).position
    ContactImport.objects.filter(pk=pk).update(leased_until=now() - datetime.timedelta(seconds=1))
    monkeypatch.setattr(running, "SLICE_SECONDS", 60.0)
    run_import(pk)

    job = ContactImport.objects.get(pk=pk)
    assert (while_leased, job.state, counts(job), Contact.objects.count()) == (21, "done", (35, 35, 0, 0, 0), 35)


def test_a_worker_that_lost_its_lease_writes_nothing(sam, client_of, monkeypatch):
    client = client_of(sam)
    pk = ready(client, PEOPLE)
    client.post(f"{URL}{pk}/start/")
    known = running._known

    def lose_the_lease(job, phones):
        ContactImport.objects.filter(pk=pk).update(lease="another")
        return known(job, phones)

    monkeypatch.setattr(running, "_known", lose_the_lease)
    run_import(pk)

    job = ContactImport.objects.get(pk=pk)
    assert (job.state, counts(job), Contact.objects.count()) == ("running", (0, 0, 0, 0, 0), 0)


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


BOMB = b"<sst>" + b"0" * 70 * 1024 * 1024


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", BOMB)
    return file.getvalue()


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "hello")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n\n ", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (bytes(range(256)) * 40, "not_a_table"),
        (bytes(range(1, 256)) * 40, "not_a_table"),
        (b"nome;celular\n", "no_rows"),
        (b'nome;celular\n"Ana;11987650001\n' + b"x" * 200_000, "broken_row"),
        (zipped("document.txt"), "not_a_table"),
        (zipped("xl/workbook.xml"), "broken_excel"),
        (b"PK\x03\x04 and nothing more", "broken_excel"),
        (b"\xd0\xcf\x11\xe0 an old one", "old_excel"),
        (xlsx(), "empty_file"),
        (xlsx(["nome", "celular"]), "no_rows"),
    ],
    ids=["empty", "blank", "only a bom", "noise", "noise without NUL", "header only", "open quotation", "a zip", "half an xlsx", "cut",
         "xls", "xlsx without cells", "xlsx header only"],
)  # fmt: skip
def test_what_cannot_be_imported_is_refused_by_name(sam, client_of, content, code):
    answer = upload(client_of(sam), content)

    assert error(answer) == (400, "file", code)
    assert ContactImport.objects.count() == 0


def test_a_bomb_is_not_unpacked(sam, client_of):
    answer = upload(client_of(sam), bomb(), "bomb.xlsx")

    assert error(answer) == (400, "file", "too_large_unpacked")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(sam, client_of):
    class Unread(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            raise AssertionError("somebody read the body")

    answer = client_of(sam).generic("POST", URL, b"", content_type="multipart/form-data; boundary=x",
                                    CONTENT_LENGTH=str(200 * 1024 * 1024), **{"wsgi.input": Unread()})  # fmt: skip

    assert error(answer) == (413, None, "file_too_large")


def test_a_file_without_phone_numbers_says_so(sam, client_of):
    client = client_of(sam)
    pk = upload(client, "name,city\nAna,Recife\nBia,Natal\n").json()["id"]

    answers = [client.post(f"{URL}{pk}/preview/", {}), client.post(f"{URL}{pk}/start/", {})]

    assert [error(answer) for answer in answers] == [(400, "mapping", "no_phone_column"), (409, None, "wrong_state")]


@pytest.mark.parametrize(
    ("mapping", "code"),
    [(["phone"], "wrong_width"), (["phone", "phone", ""], "mapped_twice"), (["phone", "planet", ""], "unknown_field")],
)
def test_a_mapping_that_means_nothing_is_refused(sam, client_of, mapping, code):
    client = client_of(sam)
    pk = upload(client, PEOPLE).json()["id"]

    answer = client.post(f"{URL}{pk}/preview/", {"mapping": mapping})

    assert error(answer) == (400, "mapping", code)


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
