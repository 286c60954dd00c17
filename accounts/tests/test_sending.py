"""Letters and a real mail server: one that works, one that is down, one that says no, and one that takes its time."""

import datetime

import pytest

from accounts.models import Invitation, Letter
from accounts.sending import MOST_ATTEMPTS, send_letter
from accounts.services.invitations import invite, resend, withdraw
from accounts.services.letters import TIMER, forget_old_letters, wake_by_timer
from accounts.tests.mail_server import MailServer, mail_server, text_of
from config.ground.ports import free_port
from tenants.lib.clock import now
from tenants.models import Company, Timer


@pytest.fixture
def port(settings) -> int:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 2
    settings.PUBLIC_URL = "http://localhost:8000"
    return settings.EMAIL_PORT


@pytest.fixture
def server(port):
    with mail_server(port) as running:
        yield running


@pytest.fixture
def invitation(alice) -> Invitation:
    return invite(email="Dana@New.test", name="Dana", role="agent", by=alice)


def letter_of(invitation: Invitation) -> Letter:
    return Letter.objects.filter(invitation=invitation).latest("id")


def state_of(invitation: Invitation) -> tuple[str, int, str]:
    letter = letter_of(invitation)
    return letter.state, letter.attempts, letter.error


def wait_over(letter: Letter) -> None:
    """The pause after a failure is over, and so is the lease of a worker that died."""
    past = now() - datetime.timedelta(seconds=1)
    Letter.objects.filter(pk=letter.pk).update(retry_at=past, leased_until=past)


def timers() -> list[str]:
    return list(Timer.objects.filter(kind=TIMER).values_list("key", flat=True))


def test_an_invitation_is_a_letter_of_two_parts_in_the_persons_language(acme, alice, server: MailServer):
    invitation = invite(email="rita@new.test", name="Rita", role="supervisor", locale="pt-br", by=alice)

    send_letter(letter_of(invitation).pk)

    [letter] = server.letters
    assert (letter["To"], letter["Subject"], letter["From"]) == (
        "rita@new.test", "Entre na equipe de Acme no Recado", '"Acme (Recado)" <no-reply@localhost>',
    )  # fmt: skip
    link = next(word for word in text_of(letter).split() if word.startswith("http"))
    assert link.startswith("http://acme.localhost:8000/app/join/")
    assert ("Alice convida você" in text_of(letter), "Sua função: Supervisor." in text_of(letter)) == (True, True)
    assert (f'href="{link}"' in text_of(letter, "html"), "Aceitar o convite" in text_of(letter, "html")) == (True, True)
    assert (state_of(invitation), timers()) == (("sent", 1, ""), [])


def test_a_letter_goes_out_once_however_often_a_worker_is_called(acme, invitation, server: MailServer):
    for _ in range(3):
        send_letter(letter_of(invitation).pk)

    assert len(server.to("dana@new.test")) == 1


def test_a_name_with_markup_stays_a_name(acme, alice, server: MailServer):
    Company.objects.filter(pk=acme.pk).update(name="Acme")
    acme.name = "Cats & <b>Dogs</b>\nBcc: all@new.test"
    send_letter(letter_of(invite(email="eve@new.test", name="<img src=x>", role="agent", by=alice)).pk)

    [letter] = server.letters
    assert ("<img src=x>" in text_of(letter, "html"), "<b>Dogs" in text_of(letter, "html"), letter["Bcc"]) == (False, False, None)
    assert "Cats & <b>Dogs</b>" in str(letter["Subject"])


def test_a_server_that_is_down_costs_nothing_but_time(acme, invitation, port):
    letter = letter_of(invitation)
    send_letter(letter.pk)
    waiting, planned = state_of(invitation), Timer.objects.get(kind=TIMER, key=str(letter.pk)).due_at
    send_letter(letter.pk)
    too_early = letter_of(invitation).attempts

    wait_over(letter)
    with mail_server(port) as server:
        send_letter(letter.pk)

    assert waiting == ("waiting", 1, "The mail server cannot be reached.")
    assert planned > now()
    assert (too_early, state_of(invitation), len(server.letters)) == (1, ("sent", 2, ""), 1)


def test_after_the_last_attempt_a_person_has_to_ask(acme, alice, invitation, port):
    letter = letter_of(invitation)
    for _ in range(MOST_ATTEMPTS + 1):
        wait_over(letter)
        send_letter(letter.pk)
    given_up = state_of(invitation)
    resend(invitation, by=alice)

    assert given_up == ("failed", MOST_ATTEMPTS, "The mail server cannot be reached.")
    assert (state_of(invitation), timers()) == (("waiting", 0, ""), [str(letter_of(invitation).pk)])


def test_an_address_that_is_refused_for_good_is_not_tried_again(acme, invitation, server: MailServer):
    server.refuses = "550 5.1.1 no such mailbox"
    send_letter(letter_of(invitation).pk)

    assert state_of(invitation) == ("failed", 1, "The mail server does not take this address: 550 5.1.1 no such mailbox")
    assert (Invitation.objects.filter(accepted_at=None, withdrawn_at=None).count(), timers()) == (1, [])


def test_an_address_that_is_refused_for_now_is_tried_again(acme, invitation, server: MailServer):
    server.refuses = "451 4.7.1 greylisted, come back later"
    send_letter(letter_of(invitation).pk)
    refused = state_of(invitation)
    server.refuses = ""
    wait_over(letter_of(invitation))
    send_letter(letter_of(invitation).pk)

    assert refused == ("waiting", 1, "The mail server does not take this address: 451 4.7.1 greylisted, come back later")
    assert state_of(invitation) == ("sent", 2, "")


def test_a_server_that_never_answers_is_left_alone(acme, invitation, server: MailServer, settings):
    settings.EMAIL_TIMEOUT = 0.2
    server.may_answer.clear()
    send_letter(letter_of(invitation).pk)

    assert state_of(invitation)[:2] == ("waiting", 1)


def test_nobody_gets_a_letter_that_is_not_needed_any_more(acme, alice, invitation, server: MailServer):
    first = letter_of(invitation)
    resend(invitation, by=alice)
    second = letter_of(invitation)
    withdraw(invitation, by=alice)

    for letter in (first, second):
        send_letter(letter.pk)

    assert (server.letters, {letter.state for letter in Letter.objects.all()}) == ([], {"dropped"})


def test_what_the_broker_forgot_is_asked_for_again(acme, invitation, django_capture_on_commit_callbacks):
    letter = letter_of(invitation)
    Timer.objects.filter(kind=TIMER).delete()

    with django_capture_on_commit_callbacks() as asked:
        wake_by_timer(str(letter.pk), {})

    assert (len(asked), timers()) == (1, [str(letter.pk)])


def test_letters_of_long_ago_go_but_not_those_that_wait_or_show_how_an_open_invitation_did(acme):
    long_ago = now() - datetime.timedelta(days=15)
    nonces = {"nonce": "n", "expires_at": now()}
    is_open, closed = (
        Invitation.objects.create(email=f"{n}@acme.test", withdrawn_at=at, **nonces) for n, at in (("a", None), ("b", now()))
    )
    kept = [
        Letter.objects.create(kind="invitation", invitation=is_open, state="failed", created_at=long_ago),
        Letter.objects.create(kind="password_reset", state="waiting", created_at=long_ago),
        Letter.objects.create(kind="password_reset", state="sent"),
    ]
    for state in ("sent", "failed", "dropped"):
        Letter.objects.create(kind="invitation", invitation=closed, state=state, created_at=long_ago)

    gone = forget_old_letters(days=14)

    assert (gone, set(Letter.objects.values_list("pk", flat=True))) == (3, {letter.pk for letter in kept})
