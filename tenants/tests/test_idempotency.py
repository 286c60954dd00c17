import threading

import pytest
from django.db import connection
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from tenants.lib.directory import company_by_slug
from tenants.lib.errors import ApplicationError
from tenants.lib.idempotency import idempotent
from tenants.lib.tenancy import enter
from tenants.models import Answer, Plan

SENT: list[object] = []
MAY_FINISH = threading.Event()
HAS_BEGUN = threading.Event()


class Person:
    pk = 1
    is_authenticated = True


class Send(APIView):
    authentication_classes: list = []
    permission_classes: list = []

    def initial(self, request, *args, **kwargs):
        request.user = Person()
        super().initial(request, *args, **kwargs)

    @idempotent
    def post(self, request):
        if request.data.get("refuse"):
            Plan.objects.create(name="half done")
            raise ApplicationError("No.", code="no")
        if request.data.get("slow"):
            HAS_BEGUN.set()
            MAY_FINISH.wait(10)
        SENT.append(request.data["body"])
        return Response({"n": len(SENT)}, status=201)


def post(body: dict, key: str = "k1") -> tuple[int, object]:
    request = APIRequestFactory().post("/api/v1/messages/", body, format="json", headers={"idempotency-key": key} if key else {})
    answer = Send.as_view()(request)
    return answer.status_code, answer.data.get("n") or answer.data["errors"][0]["code"]


@pytest.fixture(autouse=True)
def _nothing_sent():
    SENT.clear()
    MAY_FINISH.clear()
    HAS_BEGUN.clear()


def test_the_same_key_and_body_get_the_same_answer_and_send_once(acme):
    assert (post({"body": "hi"}), post({"body": "hi"}), SENT) == ((201, 1), (201, 1), ["hi"])


def test_without_a_key_every_post_sends(acme):
    assert (post({"body": "hi"}, key=""), post({"body": "hi"}, key="")) == ((201, 1), (201, 2))


def test_another_body_under_the_same_key_is_refused(acme):
    post({"body": "hi"})

    assert (post({"body": "ho"}), SENT) == ((422, "idempotency_mismatch"), ["hi"])


def test_a_refusal_is_not_kept_and_leaves_nothing_half_done(acme):
    refused = post({"body": "hi", "refuse": True})

    assert (refused, Answer.objects.count(), Plan.objects.count()) == ((400, "no"), 0, 0)


def test_the_same_key_in_another_company_is_another_key(acme, globex):
    first = post({"body": "hi"})
    with enter(globex):
        second = post({"body": "hi"})

    assert (first, second, len(SENT)) == ((201, 1), (201, 2), 2)


def test_a_key_that_is_still_running_is_409(django_db_setup, django_db_blocker):
    outcomes: list[object] = []

    def send_slowly() -> None:
        with enter(company_by_slug("acme")):
            outcomes.append(post({"body": "hi", "slow": True}, key="slow"))
        connection.close()

    with django_db_blocker.unblock():
        thread = threading.Thread(target=send_slowly)
        thread.start()
        HAS_BEGUN.wait(10)
        with enter(company_by_slug("acme")):
            meanwhile = post({"body": "hi", "slow": True}, key="slow")
        MAY_FINISH.set()
        thread.join()
        Answer.objects.all().delete()

    assert (meanwhile, outcomes) == ((409, "idempotency_running"), [(201, 1)])
