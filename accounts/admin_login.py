"""The admin's own login: counted like every other, and told of in the audit log like every other."""

from typing import Any

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

from accounts.selectors import user_by_email
from accounts.services.auditing import record, record_of_stranger
from accounts.services.login_limits import TooManyAttempts, count_attempt, forget_attempts
from tenants.lib.visitor import visitor_address


class LimitedLoginForm(AuthenticationForm):
    def clean(self) -> dict[str, Any]:
        email = self.cleaned_data.get("username", "")
        known = user_by_email(email)
        try:
            count_attempt(email=email, address=visitor_address())
        except TooManyAttempts as refusal:
            if refusal.is_first and known is not None:
                record_of_stranger("login.refused", known)
            raise ValidationError(str(refusal), code=refusal.code) from refusal
        try:
            cleaned = super().clean()
        except ValidationError:
            if known is not None:
                record_of_stranger("login.failed", known)
            raise
        if known is not None:
            forget_attempts(email=email, address=visitor_address())
            record("login.succeeded", known, by=known, device="admin")
        return cleaned
