"""From an invitation to a colleague who is logged in; and every way in which a link does not open."""

import datetime

import pytest

from accounts.mail_links import invitation_token
from accounts.models import Invitation, Letter, User
from accounts.services.invitations import invite
from accounts.services.users import deactivate_user
from accounts.tests.cast import client_at
from accounts.tests.factories import UserFactory
from tenants.lib.clock import now
from tenants.lib.tenancy import enter
from tenants.models import Plan
from tickets.models import QueueMember
from tickets.tests.factories import QueueFactory

INVITATIONS, JOIN, CHECK = "/api/v1/invitations/", "/api/v1/auth/join/", "/api/v1/auth/join/check/"
DANA = {"email": "Dana@new.test", "name": "Dana", "role": "supervisor", "locale": "pt-br"}
CHOICE = {"name": "Dana Reis", "password": "fresh-horse-11"}


def code_of(response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["code"]


@pytest.fixture
def invitation(acme, alice) -> Invitation:
    return invite(**DANA, by=alice)


def test_an_admin_invites_and_the_person_is_in(acme, alice, client_of):
    queue = QueueFactory.create()
    client = client_of(alice)
    invited = client.post(INVITATIONS, DANA | {"queues": [queue.pk]})
    token = invitation_token(Invitation.objects.get())
    nobody = client_at(acme)

    shown = nobody.post(CHECK, {"token": token}).json()
    joined = nobody.post(JOIN, CHOICE | {"token": token})
    me = client_at(acme).get("/api/v1/auth/me/", HTTP_AUTHORIZATION=f"Bearer {joined.json()['access']}").json()

    assert (invited.status_code, invited.json()["letter"]["state"], invited.json()["queues"]) == (201, "waiting", [queue.pk])
    assert (shown["email"], shown["name"], shown["invited_by"], shown["company"]) == (
        "dana@new.test", "Dana", "Alice", {"slug": "acme", "name": "Acme"},
    )  # fmt: skip
    assert (me["user"]["name"], me["user"]["email"], me["user"]["role"], me["user"]["locale"]) == (
        "Dana Reis", "dana@new.test", "supervisor", "pt-br",
    )  # fmt: skip
    assert joined.cookies["recado_refresh"].value == joined.json()["refresh"]
    assert list(QueueMember.objects.values_list("queue_id", "user_id")) == [(queue.pk, me["user"]["id"])]
    assert client.get(INVITATIONS).json()["results"] == []
    assert client_at(None).post("/api/v1/auth/login/", {"email": "dana@new.test", "password": CHOICE["password"]}).status_code == 200


def test_the_shared_host_opens_the_link_too_and_another_companys_does_not(acme, globex, invitation):
    token = invitation_token(invitation)

    assert code_of(client_at(globex).post(CHECK, {"token": token})) == (404, "link_unknown")
    assert client_at(None).post(CHECK, {"token": token}).json()["company"]["slug"] == "acme"
    assert client_at(None).post(JOIN, CHOICE | {"token": token}).json()["company"]["slug"] == "acme"


def test_a_link_is_good_once(acme, invitation):
    token = invitation_token(invitation)
    client = client_at(acme)

    answers = [client.post(JOIN, CHOICE | {"token": token}) for _ in range(2)]

    assert (answers[0].status_code, code_of(answers[1])) == (200, (410, "invitation_used"))
    assert User.objects.filter(email="dana@new.test").count() == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"expires_at": now() - datetime.timedelta(seconds=1)}, (410, "invitation_expired")),
        ({"withdrawn_at": now()}, (410, "invitation_withdrawn")),
        ({"nonce": "another"}, (410, "invitation_replaced")),
    ],
)
def test_a_link_that_does_not_open_says_why(acme, invitation, change, refusal):
    token = invitation_token(invitation)
    Invitation.objects.update(**change)

    assert [code_of(client_at(acme).post(path, CHOICE | {"token": token})) for path in (CHECK, JOIN)] == [refusal] * 2


def test_forged_links_are_unknown(acme, invitation):
    token = invitation_token(invitation)

    codes = [code_of(client_at(acme).post(CHECK, {"token": wrong})) for wrong in ("rubbish", token[:-1], token + "x", "a:b:c")]

    assert codes == [(404, "link_unknown")] * 4


def test_who_is_in_already_is_told_so(acme, alice, invitation):
    UserFactory.create(email="dana@new.test")

    assert code_of(client_at(acme).post(JOIN, CHOICE | {"token": invitation_token(invitation)})) == (409, "email_taken")


def test_a_weak_password_names_its_field_and_the_link_stays_good(acme, invitation):
    body = {"token": invitation_token(invitation), "name": "Dana"}
    client = client_at(acme)

    weak = client.post(JOIN, body | {"password": "12345678"})
    good = client.post(JOIN, body | {"password": CHOICE["password"]})

    assert (code_of(weak), weak.json()["errors"][0]["attr"], good.status_code) == ((400, "weak_password"), "password", 200)


def test_open_invitations_take_places_of_the_plan_and_joining_looks_again(acme, alice, client_of):
    acme.plan = Plan.objects.create(name="Small", max_users=3)  # Founder, Alice and one more
    acme.save()
    client = client_of(alice)

    first = client.post(INVITATIONS, DANA)
    second = client.post(INVITATIONS, DANA | {"email": "eve@new.test"})
    UserFactory.create(name="Zed")
    late = client_at(acme).post(JOIN, CHOICE | {"token": invitation_token(Invitation.objects.get())})

    assert (first.status_code, code_of(second), code_of(late)) == (201, (402, "plan_limit"), (402, "plan_limit"))
    assert Invitation.objects.filter(accepted_at=None).count() == 1


def test_whom_one_cannot_invite(acme, alice, bob, carol, invitation, client_of):
    deactivate_user(carol, by=alice)
    client = client_of(alice)

    answers = [client.post(INVITATIONS, DANA | {"email": email}) for email in ("BOB@acme.test", "carol@acme.test", "dana@NEW.test")]

    assert [(*code_of(answer), answer.json()["errors"][0]["attr"]) for answer in answers] == [
        (400, "email_taken", "email"), (400, "email_taken", "email"), (400, "already_invited", "email"),
    ]  # fmt: skip
    assert "Reactivate" in answers[1].json()["errors"][0]["detail"]


def test_the_same_address_may_be_invited_by_several_companies(acme, globex, alice, mallory, invitation):
    with enter(globex):
        other = invite(**DANA, by=mallory)
        token = invitation_token(other)

    mine = client_at(None).post(JOIN, CHOICE | {"token": invitation_token(invitation)})
    theirs = client_at(None).post(JOIN, CHOICE | {"token": token})

    assert [answer.json()["company"]["slug"] for answer in (mine, theirs)] == ["acme", "globex"]


def test_an_expired_invitation_makes_room_for_a_new_one_or_is_sent_again(acme, alice, invitation, client_of):
    client = client_of(alice)
    old = invitation_token(invitation)
    Invitation.objects.update(expires_at=now() - datetime.timedelta(hours=1))

    listed = client.get(INVITATIONS).json()["results"]
    again = client.post(f"{INVITATIONS}{invitation.pk}/resend/")
    invitation.refresh_from_db()

    assert ([line["is_expired"] for line in listed], again.json()["is_expired"], again.json()["letter"]["state"]) == (
        [True],
        False,
        "waiting",
    )
    assert code_of(client_at(acme).post(CHECK, {"token": old})) == (410, "invitation_replaced")
    assert client_at(acme).post(CHECK, {"token": invitation_token(invitation)}).status_code == 200
    assert sorted(Letter.objects.values_list("state", flat=True)) == ["dropped", "waiting"]


def test_a_withdrawn_invitation_is_gone(acme, alice, invitation, client_of):
    client = client_of(alice)

    codes = [client.delete(f"{INVITATIONS}{invitation.pk}/").status_code for _ in range(2)]

    assert (codes, client.post(f"{INVITATIONS}{invitation.pk}/resend/").status_code) == ([204, 404], 404)
    assert code_of(client_at(acme).post(JOIN, CHOICE | {"token": invitation_token(invitation)})) == (410, "invitation_withdrawn")


def test_a_queue_that_is_unknown_is_refused_and_nothing_is_left(acme, globex, alice, client_of):
    with enter(globex):
        foreign = QueueFactory.create()

    answers = [client_of(alice).post(INVITATIONS, DANA | {"queues": [pk]}) for pk in (foreign.pk, 0)]

    assert [(code_of(answer), answer.json()["errors"][0]["attr"]) for answer in answers] == [((400, "does_not_exist"), "queues")] * 2
    assert (Invitation.objects.count(), Letter.objects.count()) == (0, 0)


@pytest.mark.parametrize("who", ["sam", "bob"])
def test_only_admins_invite(acme, invitation, who, client_of, request):
    client = client_of(request.getfixturevalue(who))

    refused = [client.get(INVITATIONS), client.post(INVITATIONS, DANA), client.delete(f"{INVITATIONS}{invitation.pk}/")]

    assert [code_of(answer) for answer in refused] == [(403, "not_allowed")] * 3


def test_mallory_finds_no_invitation_of_acmes(acme, globex, invitation, mallory, client_of):
    client = client_of(mallory)

    codes = [client.delete(f"{INVITATIONS}{invitation.pk}/").status_code, client.post(f"{INVITATIONS}{invitation.pk}/resend/").status_code]

    assert (codes, client.get(INVITATIONS).json()["results"]) == ([404, 404], [])


def test_a_longer_list_costs_no_more_queries(acme, alice, client_of, django_assert_num_queries):
    client = client_of(alice)
    invite(**DANA, by=alice)
    client.get(INVITATIONS)

    with django_assert_num_queries(4):  # SET search_path, the session, the list, its letters
        client.get(INVITATIONS)
    for name in ("eve", "finn", "gil"):
        invite(email=f"{name}@new.test", role="agent", by=alice)
    with django_assert_num_queries(4):
        client.get(INVITATIONS)
