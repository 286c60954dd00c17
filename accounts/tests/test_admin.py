"""People in the company's admin."""

from accounts.models import AuditEntry, User
from accounts.tests.factories import PASSWORD

HOST = {"host": "acme.localhost"}


def test_a_person_changes_language_and_the_password_stays(alice, bob, client):
    bob.set_password("recado-demo")
    bob.save()
    client.force_login(alice)
    form = {"email": bob.email, "name": bob.name, "role": bob.role, "locale": "pt-br", "is_active": "on", "password": ""}

    answer = client.post(f"/admin/accounts/user/{bob.pk}/change/", form, headers=HOST)

    changed = User.objects.get(pk=bob.pk)
    assert (answer.status_code, answer.headers["location"]) == (302, "/admin/accounts/user/")
    assert (changed.locale, changed.check_password("recado-demo")) == ("pt-br", True)


def test_the_admins_login_is_counted_and_told_of_like_every_other(acme, bob, client, settings):
    settings.LOGIN_ATTEMPTS_PER_ACCOUNT = 2

    def log_in(password: str) -> int:
        return client.post("/admin/login/", {"username": bob.email, "password": password}, headers=HOST).status_code

    entered = [log_in(PASSWORD)]
    client.logout()
    entered += [log_in("wrong"), log_in("wrong"), log_in("wrong"), log_in(PASSWORD)]

    deeds = AuditEntry.objects.order_by("id").values_list("action", "object_name")
    assert entered == [302, 200, 200, 200, 200]
    assert list(deeds) == [(f"login.{deed}", "Bob") for deed in ("succeeded", "failed", "failed", "refused")]
