"""Files in a bucket, against a real S3 server on loopback: nobody reads them but by the store's own signed links."""

import boto3
import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from moto.server import ThreadedMotoServer

from connectors import media_links
from connectors.models import Media
from connectors.tests.samples import picture
from tenants.lib import filing

BUCKET = "recado-files"


@pytest.fixture(scope="module")
def s3_url():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(s3_url, settings):
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    store = boto3.client("s3", endpoint_url=s3_url, **keys)
    store.create_bucket(Bucket=BUCKET)
    options = settings.S3_STORAGE["OPTIONS"] | {
        "bucket_name": BUCKET, "endpoint_url": s3_url, "access_key": "test", "secret_key": "test", "addressing_style": "path",
    }  # fmt: skip
    settings.STORAGES = settings.STORAGES | {"default": settings.S3_STORAGE | {"OPTIONS": options}}
    settings.STORAGE_SIGNS_LINKS = True
    return store


def test_files_live_in_the_bucket_and_are_read_by_signed_links(acme, bob, client_of, bucket, s3_url):
    content = picture("JPEG", size=(900, 600))
    form = {"file": SimpleUploadedFile("férias.jpg", content, "image/jpeg")}

    media = Media.objects.get(pk=client_of(bob).post("/api/v1/uploads/", form, format="multipart").json()["id"])
    link = media_links.link_to_file(media)
    seen = requests.get(link, timeout=5)
    part = requests.get(link, timeout=5, headers={"Range": "bytes=0-3"})

    assert sorted(item["Key"] for item in bucket.list_objects_v2(Bucket=BUCKET)["Contents"]) == sorted([media.file, media.thumbnail])
    assert (link.startswith(f"{s3_url}/{BUCKET}/acme/"), "X-Amz-Signature" in link, "X-Amz-Expires=3600" in link) == (True, True, True)
    assert (seen.status_code, seen.content, seen.headers["Content-Type"]) == (200, content, "image/jpeg")
    assert seen.headers["Content-Disposition"] == "inline; filename*=utf-8''f%C3%A9rias.jpg"
    assert (part.status_code, part.content) == (206, content[:4])
    assert requests.get(media_links.link_to_thumbnail(media), timeout=5).content[8:12] == b"WEBP"


def test_gateways_read_through_us(acme, bob, client_of, bucket, client, settings):
    form = {"file": SimpleUploadedFile("a.png", picture(), "image/png")}
    media = Media.objects.get(pk=client_of(bob).post("/api/v1/uploads/", form, format="multipart").json()["id"])

    answer = client.get(media_links.link_for_gateway(media).removeprefix(settings.PUBLIC_URL), headers={"Host": "acme.localhost"})

    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, picture())
    filing.throw_away(media.file)
    with pytest.raises(FileNotFoundError):
        filing.open_file(media.file).read()
