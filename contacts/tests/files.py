"""Files of contacts, and their way through the doors of an import."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from contacts.models import ContactImport, ContactImportRow
from contacts.tasks import run_import

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
