"""Files that somebody wants to import: read whatever wrote them, shown, or refused in clear words."""

import io
import zipfile

import pytest

from contacts.models import Contact, ContactImport, CustomField
from contacts.tests.files import PEOPLE, URL, counts, error, imported, ready, upload, xlsx


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
        (b"\xd0\xcf\x11\xe0" + b"x" * 2_000_000 + "EncryptedPackage".encode("utf-16-le"), "protected_excel"),
        (xlsx(), "empty_file"),
        (xlsx(["nome", "celular"]), "no_rows"),
    ],
    ids=["empty", "blank", "only a bom", "noise", "noise without NUL", "header only", "open quotation", "a zip", "half an xlsx", "cut",
         "xls", "xlsx with a password", "xlsx without cells", "xlsx header only"],
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

    shown = client.post(f"{URL}{pk}/preview/", {})
    started = client.post(f"{URL}{pk}/start/", {})
    chosen = client.post(f"{URL}{pk}/preview/", {"mapping": ["name", "phone"]})

    assert (shown.status_code, shown.json()["trouble"]) == (200, "Say which column holds the phone numbers.")
    assert (shown.json()["rows"][0]["cells"], error(started)) == (["Ana", "Recife"], (409, None, "wrong_state"))
    assert (chosen.json()["trouble"], "Recife" in chosen.json()["rows"][0]["error"]) == ("", True)


def test_a_wrong_delimiter_is_seen_and_can_be_put_right(sam, client_of):
    client = client_of(sam)
    pk = upload(client, PEOPLE).json()["id"]

    wrong = client.post(f"{URL}{pk}/preview/", {"delimiter": "|"}).json()
    right = client.post(f"{URL}{pk}/preview/", {"delimiter": ";"}).json()

    assert (wrong["contact_import"]["columns"], "delimiter" in wrong["trouble"]) == (["nome;celular;e-mail"], True)
    assert (right["contact_import"]["mapping"], right["trouble"]) == (["name", "phone", "email"], "")


def test_what_may_be_uploaded_is_told_and_the_example_can_be_imported(sam, client_of):
    CustomField.objects.create(key="born", label="Nascimento", kind="date")
    client = client_of(sam)

    limits = client.get(f"{URL}limits/").json()
    job = imported(client, b"".join(client.get(f"{URL}example/").streaming_content))

    assert limits == {"max_size": 50 * 1024 * 1024, "max_rows": 200_000}
    assert job.mapping == ["name", "phone", "email", "tags", "lists", "opt_out", "notes", "custom.born"]
    assert counts(job) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize(
    ("mapping", "code"),
    [(["phone"], "wrong_width"), (["phone", "phone", ""], "mapped_twice"), (["phone", "planet", ""], "unknown_field")],
)
def test_a_mapping_that_means_nothing_is_refused(sam, client_of, mapping, code):
    client = client_of(sam)
    pk = upload(client, PEOPLE).json()["id"]

    answer = client.post(f"{URL}{pk}/preview/", {"mapping": mapping})

    assert error(answer) == (400, "mapping", code)


def test_a_started_import_takes_no_second_start_and_no_other_mapping(sam, client_of):
    client = client_of(sam)
    pk = ready(client, PEOPLE)
    client.post(f"{URL}{pk}/start/")

    answers = [client.post(f"{URL}{pk}/start/"), client.post(f"{URL}{pk}/preview/", {"region": "AR"})]

    assert [error(answer) for answer in answers] == [(409, None, "wrong_state")] * 2
