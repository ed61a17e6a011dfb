"""Build the demo, act after act, in the order in which a practice would."""

from __future__ import annotations

import time

from . import (
    agreements,
    clients,
    consenting,
    directory,
    letting_in,
    planning,
    recording,
    reviewing,
    staff,
    telling,
    together,
    writing,
)
from .markers import Markers
from .stage import Stage

ACTS = (
    staff.found_practices,
    staff.engage_staff,
    staff.sign_secrecies,
    directory.keep_practice,
    directory.keep_directory,
    clients.add_clients,
    clients.begleiden,
    agreements.assign_process,
    clients.found_dossiers,
    agreements.assign_employers_side,
    agreements.publish_protocol,
    agreements.contract,
    agreements.supervise,
    agreements.separate,
    agreements.deputise,
    together.arrange,
    together.fall_away,
    together.prepare,
    telling.tell,
    recording.record,
    consenting.agree,
    planning.plan,
    writing.write,
    agreements.end_deputising,
    agreements.end_contract_of_who_left,
    directory.end_soon,
    reviewing.review_log,
    staff.say_goodbye,
    letting_in.let_in,
)


def build(*, marked: bool, report: bool = False) -> Markers:
    """Build the demo in an empty database. Returns the markers, none when they were not asked for."""
    stage = Stage(Markers(on=marked))
    for act in ACTS:
        began = time.monotonic()
        act(stage)
        if report:
            print(f"{time.monotonic() - began:6.1f} s  {act.__module__.rpartition('.')[2]}.{act.__name__}")
    return stage.markers
