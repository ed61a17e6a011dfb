"""`./run drill`: the drill with its figures; exit 1 where something does not come back as it must."""

from __future__ import annotations

import sys

from . import drilling
from .stand import archive_of, stand


def main() -> int:
    with stand(archive=True) as server:
        drill = drilling.whole(server, archive_of(server.cluster))
    width = max(len(what) for what, _ in drill.figures)
    for what, figure in drill.figures:
        print(f"{what:<{width}}  {figure}")
    print("Wat vernietigd was, bleef vernietigd; wat beëindigd was, bleef beëindigd; elk aantal klopt.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
