"""People in the company's admin."""

from accounts.models import User

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
