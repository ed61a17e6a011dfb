from django.apps import AppConfig

from directory.access import privileges


class DossierConfig(AppConfig):
    """Shell, grants and the grid. The panels are apps of their own inside this one."""

    name = "dossier"
    label = "dossier"

    def ready(self) -> None:
        privileges.lets("hat_base", "access_untold access_two_hats")
        privileges.lets(
            "hat_base", "review_signals review_sample review_log review_lines review_decided_of_mine"
        )
        privileges.lets(
            "hat_base",
            "dossier_writes_here dossier_draft_begin dossier_draft_put dossier_in_hand dossier_recent",
        )
        privileges.lets("hat_admin", "dossier_resting_on")
        privileges.lets("tweeluik_begin", "dossier_lapsed dossier_clear")  # keeps house, as nobody
