"""What browsers are told with every kind of answer, and which other sites' pages may ask the API."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from config import security
from config.security import SecurityHeadersMiddleware

SHOP, EVIL = "https://shop.example", "https://evil.example"
HOST = {"host": "acme.localhost"}


def directives(policy: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (part.split() for part in policy.split(";"))}


@pytest.fixture
def visitor(acme) -> Client:
    return Client(headers=HOST)


def test_the_app_runs_our_own_scripts_only_and_nothing_inline():
    def view(request):
        response = HttpResponse(f"<style nonce={request.csp_nonce}></style>")
        response.policy = security.APP
        return response

    first, second = (SecurityHeadersMiddleware(view)(RequestFactory().get("/app/")) for _ in range(2))

    said = directives(first["Content-Security-Policy"])
    nonce = first.content.decode().split("=")[1].rstrip("></style")
    assert (said["default-src"], said["script-src"], said["frame-ancestors"]) == (["'none'"], ["'self'"], ["'none'"])
    assert said["style-src"] == ["'self'", f"'nonce-{nonce}'"]
    assert first["Content-Security-Policy"] != second["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/api/v1/tickets/", "/api/v1/nowhere/", "/nowhere/", "/health/", "/api/v1/schema/"])
def test_data_and_errors_run_nothing(visitor, path):
    answer = visitor.get(path)

    assert answer["Content-Security-Policy"] == security.NOTHING
    assert "unsafe" not in security.NOTHING


@pytest.mark.parametrize("host", ["acme.localhost", "nobody.localhost"])
@pytest.mark.parametrize("path", ["/api/v1/tickets/", "/admin/login/", "/api/v1/docs/", "/nowhere/"])
def test_every_answer_bears_the_headers_that_all_share(visitor, host, path):
    answer = visitor.get(path, headers={"host": host})

    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert {"microphone=(self)", "camera=(self)", "payment=()", "usb=()"} <= set(answer["Permissions-Policy"].split(", "))


def test_the_admin_has_no_inline_script(visitor, alice):
    visitor.force_login(alice)

    pages = [visitor.get(path) for path in ("/admin/", "/admin/accounts/user/", f"/admin/accounts/user/{alice.pk}/change/")]

    for page in pages:
        assert page.status_code == 200
        assert "'unsafe-inline'" not in directives(page["Content-Security-Policy"])["script-src"]
        inline = [script for script in page.content.decode().split("<script")[1:] if "src=" not in script.split(">")[0]]
        assert [script for script in inline if "application/json" not in script.split(">")[0]] == []


def test_the_docs_page_needs_no_other_host(visitor):
    page = visitor.get("/api/v1/docs/")

    text = page.content.decode()
    assert page.status_code == 200
    assert "http://" not in text and "https://" not in text
    assert "<script>" not in text
    assert directives(page["Content-Security-Policy"])["script-src"] == ["'self'"]
    assert visitor.get("/api/v1/docs/?script=").content.decode().lstrip().startswith(('"use strict"', "'use strict'"))


def preflight(visitor: Client, origin: str):
    return visitor.options(
        reverse("contact-list"),
        headers={"origin": origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"},
    )


def test_a_page_of_a_site_that_was_allowed_may_ask_the_api(visitor, settings):
    settings.CORS_ALLOWED_ORIGINS = [SHOP]

    asked, answered = preflight(visitor, SHOP), visitor.get("/api/v1/contacts/", headers={"origin": SHOP})

    assert (asked.status_code, asked["Access-Control-Allow-Origin"], answered["Access-Control-Allow-Origin"]) == (200, SHOP, SHOP)
    assert "POST" in asked["Access-Control-Allow-Methods"]
    assert {"authorization", "content-type", "idempotency-key"} <= set(asked["Access-Control-Allow-Headers"].split(", "))
    assert "ratelimit-remaining" in answered["Access-Control-Expose-Headers"].lower()
    assert not answered.has_header("Access-Control-Allow-Credentials")


def test_a_page_of_any_other_site_may_not(visitor, settings):
    settings.CORS_ALLOWED_ORIGINS = [SHOP]

    answers = [preflight(visitor, EVIL), visitor.get("/api/v1/contacts/", headers={"origin": EVIL})]

    assert [answer.has_header("Access-Control-Allow-Origin") for answer in answers] == [False, False]


def test_without_a_list_nobody_may_and_pages_are_never_shared(visitor, settings):
    nobody = preflight(visitor, SHOP)
    settings.CORS_ALLOWED_ORIGINS = [SHOP]
    page = visitor.get("/admin/login/", headers={"origin": SHOP})

    assert [answer.has_header("Access-Control-Allow-Origin") for answer in (nobody, page)] == [False, False]
