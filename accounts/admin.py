"""People in the company's admin."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.forms import CharField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget

from accounts import selectors
from accounts.models import Role, User
from accounts.permissions import may
from accounts.services import users as services
from accounts.services.users import UserChanges
from tenants.lib.admin import SelectorAdmin

admin.site.unregister(Group)


class UserForm(ModelForm):
    password = CharField(
        label=_("Password"), widget=UnfoldAdminPasswordWidget, required=False, help_text=_("Leave it empty to keep the one there is.")
    )

    class Meta:
        model = User
        fields = ["email", "name", "role", "locale", "is_active"]


@admin.register(User)
class UserAdmin(SelectorAdmin):
    rows_for = staticmethod(selectors.users_for)
    may_see = staticmethod(lambda user: may(user, "user.read"))
    may_edit = staticmethod(lambda user: may(user, "user.manage"))
    form = UserForm
    list_display = ["name", "email", "shown_role", "locale", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    search_fields = ["name", "email"]
    ordering = ["name", "id"]

    @display(description=_("role"), label={Role.ADMIN: "success", Role.SUPERVISOR: "info", Role.AGENT: "default"})
    def shown_role(self, user: User) -> tuple[str, str]:
        return user.role, user.get_role_display()

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        said = form.cleaned_data
        if not change:
            obj.pk = services.create_user(
                email=said["email"],
                name=said["name"],
                password=said["password"],
                role=said["role"],
                locale=said["locale"],
                by=request.user,
            ).pk
            return
        # An empty password counts as changed: the form compares it with the stored one's hash.
        given = {field: said[field] for field in form.changed_data if field != "password" or said["password"]}
        services.update_user(selectors.user_for(request.user, obj.pk), changes=UserChanges(**given), by=request.user)
