"""What day it is, in one place, so that a test can say another."""

from __future__ import annotations

import datetime
import os


def today() -> datetime.date:
    """The day in UTC, the same for everybody who checks one commit; HANDBOOK_TODAY=2027-01-31 sets it.

    Raises ValueError for a HANDBOOK_TODAY that is no date.
    """
    given = os.environ.get("HANDBOOK_TODAY")
    return datetime.date.fromisoformat(given) if given else datetime.datetime.now(datetime.UTC).date()
