"""Forms of the platform's admin."""

import zoneinfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminPasswordWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from tenants.models import Company, Plan


def _timezones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(zoneinfo.available_timezones())]


class CompanyForm(forms.ModelForm):
    """What may change once a company is there. The short name may not: it is the schema."""

    timezone = forms.ChoiceField(label=_("Time zone"), choices=_timezones, widget=UnfoldAdminSelectWidget)
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Company
        fields = ["name", "plan", "timezone", "locale"]


class NewCompanyForm(forms.Form):
    name = forms.CharField(label=_("name"), max_length=120, widget=UnfoldAdminTextInputWidget)
    slug = forms.CharField(label=_("short name"), max_length=41, widget=UnfoldAdminTextInputWidget)
    plan = forms.ModelChoiceField(label=_("plan"), queryset=Plan.objects.all(), required=False, widget=UnfoldAdminSelectWidget)
    timezone = forms.ChoiceField(label=_("time zone"), choices=_timezones, initial="UTC", widget=UnfoldAdminSelectWidget)
    locale = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES, widget=UnfoldAdminSelectWidget)
    admin_name = forms.CharField(label=_("administrator's name"), max_length=120, required=False, widget=UnfoldAdminTextInputWidget)
    admin_email = forms.EmailField(label=_("administrator's e-mail"), widget=UnfoldAdminEmailInputWidget)
    admin_password = forms.CharField(label=_("administrator's password"), min_length=8, widget=UnfoldAdminPasswordWidget)


class DropCompanyForm(forms.Form):
    confirm = forms.CharField(label=_("short name, typed again"), widget=UnfoldAdminTextInputWidget)

    def __init__(self, *args: object, slug: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.slug = slug

    def clean_confirm(self) -> str:
        if self.cleaned_data["confirm"] != self.slug:
            raise ValidationError(_("Type the company's short name again to destroy it."), "confirmation_mismatch")
        return self.cleaned_data["confirm"]
