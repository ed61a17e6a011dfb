"""Days and moments: in directory.people, where every part above can reach them."""

from directory.people.dates import (
    end_of,
    first_day,
    last_day,
    show_day,
    show_moment,
    show_period,
    start_of,
)

__all__ = ["end_of", "first_day", "last_day", "show_day", "show_moment", "show_period", "start_of"]
