"""People of a company, who may change them, and what the index of logins remembers."""

import pytest

from accounts.models import Role, User
from accounts.services.users import UserChanges, create_user, deactivate_user, update_user
from accounts.tests.cast import client_at
from accounts.tests.factories import PASSWORD, UserFactory
from tenants.lib.errors import ApplicationError, NotAllowed
from tenants.lib.tenancy import enter
from tenants.models import Login, Plan
from tenants.services.logins import companies_with_login

USERS = "/api/v1/users/"
DANA = {"name": "Dana", "email": "dana@acme.test", "role": "agent", "password": "fresh-horse-11"}


def code_of(response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["code"]


def names_at(email: str) -> list[str]:
    return [company.slug for company in companies_with_login(email)]


def test_everybody_sees_their_colleagues_and_nobody_elses(acme, alice, bob, mallory, client_of):
    seen = client_of(bob).get(USERS).json()

    assert [person["name"] for person in seen["results"]] == ["Alice", "Bob", "Founder"]
    assert set(seen["results"][0]) == {
        "id", "name", "role", "avatar", "is_active", "email", "locale", "is_away", "created_at", "presence", "last_seen_at",
    }  # fmt: skip


def test_mallory_gets_404_for_acmes_people(acme, alice, mallory, client_of):
    client = client_of(mallory)

    codes = [
        client.get(f"{USERS}{alice.pk}/").status_code,
        client.patch(f"{USERS}{alice.pk}/", {"name": "Owned"}).status_code,
        client.delete(f"{USERS}{alice.pk}/").status_code,
    ]

    assert codes == [404, 404, 404]


def test_an_admin_takes_somebody_on_who_can_then_log_in_anywhere(acme, alice, client_of):
    answer = client_of(alice).post(USERS, DANA)
    logins = [client_at(company).post("/api/v1/auth/login/", DANA).status_code for company in (acme, None)]

    assert (answer.status_code, answer.json()["name"], answer.json()["role"]) == (201, "Dana", "agent")
    assert "password" not in answer.json()
    assert logins == [200, 200]


@pytest.mark.parametrize("who", ["sam", "bob"])
def test_only_admins_change_people(acme, alice, who, client_of, request):
    client = client_of(request.getfixturevalue(who))

    refused = [client.post(USERS, DANA), client.patch(f"{USERS}{alice.pk}/", {"name": "x"}), client.delete(f"{USERS}{alice.pk}/")]

    assert [code_of(answer) for answer in refused] == [(403, "not_allowed")] * 3


def test_services_ask_for_themselves_too(acme, bob):
    with pytest.raises(NotAllowed):
        create_user(**DANA, by=bob)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"email": "ALICE@acme.test"}, "email_taken"),
        ({"password": "12345678"}, "weak_password"),
        ({"role": "owner"}, "invalid_choice"),
        ({"email": "no e-mail"}, "invalid"),
        ({"name": ""}, "blank"),
    ],
)
def test_bad_input_names_its_field(acme, alice, client_of, change, code):
    answer = client_of(alice).post(USERS, DANA | change)

    assert code_of(answer) == (400, code)
    assert answer.json()["errors"][0]["attr"] == next(iter(change))


def test_a_plans_limit_is_a_402_also_for_coming_back(acme, alice, bob, client_of):
    acme.plan = Plan.objects.create(name="Small", max_users=3)  # Founder, Alice, Bob
    acme.save()
    client = client_of(alice)

    full = client.post(USERS, DANA)
    client.delete(f"{USERS}{bob.pk}/")
    taken = client.post(USERS, DANA)
    back = client.patch(f"{USERS}{bob.pk}/", {"is_active": True})

    assert [code_of(full), taken.status_code, code_of(back)] == [(402, "plan_limit"), 201, (402, "plan_limit")]


def test_the_last_admin_cannot_leave_by_any_door(acme, alice, client_of):
    User.objects.filter(name="Founder").delete()
    client = client_of(alice)

    codes = [
        code_of(client.delete(f"{USERS}{alice.pk}/")),
        code_of(client.patch(f"{USERS}{alice.pk}/", {"role": "agent"})),
        code_of(client.patch(f"{USERS}{alice.pk}/", {"is_active": False})),
    ]

    alice.refresh_from_db()
    assert codes == [(409, "last_admin")] * 3
    assert (alice.role, alice.is_active, client.get(USERS).status_code) == (Role.ADMIN, True, 200)


def test_the_index_of_logins_follows_every_change(acme, alice, bob):
    seen = [names_at("bob@acme.test")]
    update_user(bob, changes=UserChanges(email="robert@acme.test"), by=alice)
    seen += [names_at("bob@acme.test"), names_at("robert@acme.test")]
    update_user(bob, changes=UserChanges(is_active=False), by=alice)
    seen += [names_at("robert@acme.test")]
    update_user(bob, changes=UserChanges(is_active=True), by=alice)
    seen += [names_at("robert@acme.test")]

    assert seen == [["acme"], [], ["acme"], [], ["acme"]]


def test_a_refused_change_leaves_the_index_alone(acme, alice, bob):
    User.objects.filter(name="Founder").delete()

    with pytest.raises(ApplicationError, match="needs an admin"):
        update_user(alice, changes=UserChanges(email="new@acme.test", role="agent"), by=alice)

    assert (names_at("alice@acme.test"), names_at("new@acme.test")) == (["acme"], [])


def test_the_index_holds_no_address(acme, alice):
    assert not Login.objects.filter(email_digest__contains="@").exists()


def test_the_founder_of_a_company_is_its_first_admin(acme, globex):
    with enter(globex):
        founder = User.objects.get(email="founder@globex.test")

    assert (founder.role, founder.is_active, founder.is_superuser, founder.pk >= 1_000_000) == (Role.ADMIN, True, False, True)


def test_a_longer_list_costs_no_more_queries(acme, alice, client_of, django_assert_num_queries):
    client = client_of(alice)
    client.get(USERS)

    with django_assert_num_queries(3):  # SET search_path, the session, the list
        client.get(USERS)
    UserFactory.create_batch(3)
    with django_assert_num_queries(3):
        client.get(USERS)


def test_the_list_is_searched_and_narrowed_and_tells_who_was_here_when(acme, alice, bob, sam, client_of):
    deactivate_user(bob, by=alice)
    client = client_of(alice)

    def names(query: str) -> list[str]:
        return [person["name"] for person in client.get(f"{USERS}?{query}").json()["results"]]

    seen = {person["name"]: person["last_seen_at"] for person in client.get(USERS).json()["results"]}
    assert [names("search=ALI"), names("search=sam@ac"), names("search=sam%20acme"), names("search=nobody")] == [
        ["Alice"],
        ["Sam"],
        ["Sam"],
        [],
    ]
    assert [names("is_active=false"), names("role=supervisor"), names("role=admin")] == [["Bob"], ["Sam"], ["Alice", "Founder"]]
    assert (seen["Alice"] is None, seen["Sam"]) == (False, None)


def test_roles_say_what_they_may(acme, bob, client_of):
    roles = {role["role"]: role["actions"] for role in client_of(bob).get("/api/v1/roles/").json()}

    assert list(roles) == ["admin", "supervisor", "agent"]
    assert [("campaign.start" in actions, "ticket.work" in actions, "user.manage" in actions) for actions in roles.values()] == [
        (True, True, True),
        (True, True, False),
        (False, True, False),
    ]


def test_the_password_is_never_kept_as_it_is(acme, alice):
    assert PASSWORD not in alice.password
