"""The same form twice is the same act: a double click, the browser's back button, a page that is loaded again.

What a form makes gets its id from the form: the key that stood on the page, who sends it and what he wrote. Sent once
more it names the row that is there already, and other words are another row. So no table is kept of what was sent.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4, uuid5

from django.db import connection
from django.http import HttpRequest

KEY = "form_key"
View = TypeVar("View", bound=Callable[..., Any])


def made_by(request: HttpRequest) -> UUID:
    """Give the id of what this form makes. A form that lost its key makes something new."""
    try:
        key = UUID(request.POST.get(KEY, ""))
    except ValueError:
        return uuid4()
    words = sorted(item for item in request.POST.lists() if item[0] != "csrfmiddlewaretoken")
    capacity = getattr(request, "capacity", None)
    # Nobody picks the id of another's row: who sends it, as whom and to where are part of it.
    return uuid5(
        key, json.dumps([request.user.pk, str(capacity and capacity.engagement_id), request.path, words])
    )


def in_turn(view: View) -> View:
    """Take the forms of one person one after another: the second click waits for the first, and finds it done."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST":
            with connection.cursor() as cursor:  # until the transaction around the request ends
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"forms of {request.user.pk}"]
                )
        return view(request, *args, **kwargs)

    return cast(View, answer)
