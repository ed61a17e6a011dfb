"""Shape what is typed on the account pages; the rules are in actions and in the database."""

from datetime import date, datetime, time

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db.models import QuerySet
from django.utils import timezone

from directory.accounts.models import User
from directory.people.models import Role


def not_before_today(day: date) -> date:
    """Refuse a role with retroactive effect."""
    if day < timezone.localdate():
        raise forms.ValidationError("Een rol begint vandaag of later, nooit met terugwerkende kracht.")
    return day


def moment_of(day: date) -> datetime:
    """Turn the day on which a role begins into a moment; today means now."""
    if day == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(day, time.min))


def _code_widget() -> forms.TextInput:
    return forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20, "autofocus": True}
    )


class LoginForm(account_forms.LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, label, autocomplete in (
            ("login", "Gebruikersnaam", "username"),
            ("password", "Wachtwoord", "current-password"),
        ):
            self.fields[name].label = label
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs = {"autocomplete": autocomplete}
        self.fields["login"].widget.attrs |= {
            "autofocus": True,
            "autocapitalize": "none",
            "spellcheck": "false",
        }


class AuthenticateForm(mfa_forms.AuthenticateForm):
    code = forms.CharField(
        label="Code", help_text="Zes cijfers uit uw app, of een van uw herstelcodes.", widget=_code_widget()
    )


class ConfirmForm(mfa_forms.ReauthenticateForm):
    code = forms.CharField(
        label="Code", help_text="Zes cijfers uit uw app, of een van uw herstelcodes.", widget=_code_widget()
    )


class EnrolForm(totp_forms.ActivateTOTPForm):
    code = forms.CharField(
        label="Code uit de app", help_text="De zes cijfers die de app nu laat zien.", widget=_code_widget()
    )


class _NewPassword(forms.Form):
    """Name and explain the two password fields the same way everywhere."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "Nieuw wachtwoord"
        self.fields[
            "password1"
        ].help_text = "Minstens twaalf tekens; een zin van een paar woorden onthoudt u het best."
        self.fields["password2"].label = "Nieuw wachtwoord, nog een keer"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def add_error(self, field: str | None, error: object) -> None:
        if field == "password2" and not isinstance(error, forms.ValidationError):
            error = "Dit is niet twee keer hetzelfde wachtwoord."
        super().add_error(field, error)


class SetPasswordForm(_NewPassword, account_forms.SetPasswordForm):
    pass


class ChangePasswordForm(_NewPassword, account_forms.ChangePasswordForm):
    field_order = ["oldpassword", "password1", "password2"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Huidig wachtwoord"
        self.fields["oldpassword"].help_text = ""


class InviteForm(forms.Form):
    """Ask who comes to work here, in which role and from when; a colleague can get another role."""

    colleague = forms.ModelChoiceField(
        label="Voor wie",
        queryset=User.objects.none(),
        required=False,
        empty_label="Een nieuwe medewerker",
    )
    display_name = forms.CharField(label="Naam", max_length=120, required=False)
    username = forms.CharField(
        label="Gebruikersnaam",
        max_length=60,
        required=False,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    email = forms.EmailField(label="E-mail", required=False)
    role = forms.ChoiceField(label="Rol", choices=Role.choices)
    starts_on = forms.DateField(
        label="Vanaf",
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: object, colleagues: QuerySet[User], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = colleagues
        for name in ("colleague", "display_name", "username"):
            self.fields[name].depends = True  # asked of a newcomer only; "not required" would not be true
        for name in ("display_name", "username", "email"):
            self.fields[name].help_text = "Alleen voor een nieuwe medewerker."

    def clean_starts_on(self) -> date:
        return not_before_today(self.cleaned_data["starts_on"])

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("colleague"):
            for name, missing in (
                ("display_name", "Vul de naam van de nieuwe medewerker in."),
                ("username", "Kies een gebruikersnaam waarmee de nieuwe medewerker inlogt."),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, missing)
        return data

    def starts_at(self) -> datetime:
        """Turn the day into a moment; today means now, since nothing begins before it is recorded."""
        return moment_of(self.cleaned_data["starts_on"])


class ReasonForm(forms.Form):
    """Ask why: the reason stays with the record."""

    reason = forms.CharField(
        label="Reden",
        help_text="Kort en zonder gegevens over werknemers.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class EndForm(ReasonForm):
    """Ask why somebody leaves, and when when that is not now."""

    ends_on = forms.DateField(
        label="Vanaf wanneer niet meer",
        required=False,
        help_text="Leeg: meteen. De eerste dag waarop deze rol niet meer telt.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    field_order = ["ends_on", "reason"]

    def clean_ends_on(self) -> date | None:
        day: date | None = self.cleaned_data["ends_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError("Deze dag is voorbij. Laat het veld leeg om nu te beëindigen.")
        return day

    def ends_at(self) -> datetime | None:
        """Turn the day into a moment; none and today mean now."""
        day: date | None = self.cleaned_data["ends_on"]
        return None if day is None else moment_of(day)


class MoveForm(ReasonForm):
    """Ask which role a colleague gets in place of the one he has, from when, and why."""

    role = forms.ChoiceField(label="Nieuwe rol", choices=[("", "Kies een rol"), *Role.choices])
    starts_on = forms.DateField(
        label="Vanaf",
        help_text="De oude rol eindigt op hetzelfde moment.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    field_order = ["role", "starts_on", "reason"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = timezone.localdate()

    def clean_starts_on(self) -> date:
        return not_before_today(self.cleaned_data["starts_on"])

    def starts_at(self) -> datetime:
        """Turn the day into a moment; today means now."""
        return moment_of(self.cleaned_data["starts_on"])
