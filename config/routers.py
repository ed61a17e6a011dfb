"""One database has models; the other aliases are other logins to it, or hold no models at all."""

from __future__ import annotations


class OnlyDefaultMigrates:
    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == "default"
