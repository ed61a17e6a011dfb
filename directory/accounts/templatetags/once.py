"""`{% form_key %}` inside a form, beside its csrf token: see directory/accounts/once.py."""

from uuid import uuid4

from django import template
from django.utils.html import format_html

from directory.accounts.once import KEY

register = template.Library()


@register.simple_tag
def form_key() -> str:
    return format_html('<input type="hidden" name="{}" value="{}">', KEY, uuid4())
