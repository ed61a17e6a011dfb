"""`routes --json`: every URL with its name, methods, and what it asks for."""

from __future__ import annotations

import inspect
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

from directory.access.doors import door_of


def routes(resolver: Any = None, prefix: str = "") -> Iterator[dict[str, Any]]:
    """List every URL of the project. `methods` is empty when a view answers to any."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, path)
        elif isinstance(pattern, URLPattern):
            found = door_of(pattern.callback, pattern.name)
            yield {
                "pattern": path,
                "name": pattern.name,
                "methods": _methods(pattern.callback),
                "verb": found.verb if found else None,
                "section": found.section if found else None,
                "side": found.side if found else None,
                "bare": found.bare if found else None,
                "marked": found is not None,
            }


def _methods(view: Any) -> list[str]:
    """Read which methods a view allows, from its class or from what require_http_methods was given."""
    if (view_class := getattr(view, "view_class", None)) is not None:
        own = {name.upper() for name in view_class.http_method_names if hasattr(view_class, name)}
        return sorted(own | ({"HEAD"} if "GET" in own else set()))  # Django adds it to every instance
    while view is not None:
        if inspect.isfunction(view) and (
            named := inspect.getclosurevars(view).nonlocals.get("request_method_list")
        ):
            return sorted(named)
        view = getattr(view, "__wrapped__", None)
    return []


class Command(BaseCommand):
    help = "Alle adressen, met wat ze vragen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(routes())
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
            return
        for route in found:
            ask = "bare" if route["bare"] else f"{route['section']}.{route['verb']} ({route['side']})"
            self.stdout.write(f"{route['pattern']}  {route['name']}  {ask}")
