"""Grants on guardian's model: one row per person, role and ground, and nobody can grant without a why."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from guardian.managers import UserObjectPermissionManager
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from directory.access.history import TriggerHistory
from directory.access.querysets import GuardedQuerySet
from directory.access.walls import Wall, closed

from .shell import Dossier

SEEN = (
    "content_object_id IN (SELECT k.d FROM access_pairs('read', NULL) k WHERE k.s = 'team') "
    "AND role IN (SELECT access_team_roles())"
)


class GrantManager(UserObjectPermissionManager.from_queryset(GuardedQuerySet)):  # type: ignore[misc]
    """guardian's names, with the why demanded: `assign_perm(..., ground=, by=)`."""

    def assign_perm(self, perm: Any, user: Any, obj: Any, *, ground: Any, by: Any) -> DossierGrant:  # type: ignore[override]
        """Give `user` the role `perm` on a dossier, resting on `ground`. Without a ground it is a TypeError.

        Raises ValueError when ground, person, role or giver do not belong together; the database writes the row.
        """
        codename = perm.codename if isinstance(perm, Permission) else perm
        if (codename, user.pk, by.pk) != (ground.role, ground.holder.user_id, ground.given_by_id):
            raise ValueError("role, person and giver follow from the ground")
        with connection.cursor() as cursor:
            cursor.execute("SELECT access_grant(%s, %s)", [ground.pk, obj.pk])
        return self.get(user=user, content_object=obj, ground=ground)

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("a grant needs a ground: lay one, and its scope is compiled")

    bulk_assign_perm = _refuse
    assign_perm_to_many = _refuse


class DossierGrant(UserObjectPermissionBase):
    """Ground × dossier × person × role. Compiled from the ground's scope; ended by ending the ground."""

    practice = models.ForeignKey("people.Practice", models.PROTECT, related_name="+", db_index=False)
    content_object = models.ForeignKey(Dossier, models.PROTECT, related_name="grants")
    # No index of its own: grant_of_ground starts with it, and a second one misleads the planner into sorting.
    ground = models.ForeignKey("access.Ground", models.PROTECT, related_name="grants", db_index=False)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField(auto_now_add=True)
    role = models.CharField(max_length=30)
    purposes = ArrayField(models.CharField(max_length=24), default=list)
    sort_at = models.DateTimeField()

    history = TriggerHistory()
    objects = GrantManager()

    class Meta:
        default_permissions = ()
        unique_together = [("user", "permission", "content_object", "ground")]
        indexes = [
            models.Index(
                fields=["ground", "-sort_at"],
                include=["content_object", "role", "user"],
                name="grant_of_ground",
            )
        ]
        constraints = [
            Wall(
                name="dossier_dossiergrant_wall",
                rights={
                    "hat_base": "SELECT",
                    "hat_medical": "SELECT, DELETE",
                    "hat_admin": "SELECT",
                },
                select=SEEN,
                # No INSERT: role and person follow from the ground, so definer functions write the rows.
                delete="content_object_id IN (SELECT k.d FROM access_pairs('team', NULL) k WHERE k.s = 'team') "
                "AND given_by_id = (SELECT access_user())",
            ),
        ]


class DossierGroupGrant(GroupObjectPermissionBase):
    """Exists so that guardian never falls back to its generic table; a row cannot be stored."""

    content_object = models.ForeignKey(Dossier, models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        default_permissions = ()
        constraints = [
            closed("dossier_dossiergroupgrant_wall"),
            models.CheckConstraint(name="no_group_grants", condition=models.Q(pk__isnull=True)),
        ]
