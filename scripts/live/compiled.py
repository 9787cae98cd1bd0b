"""Comes first in the page: what `dataclasses` writes for its classes is there as bytecode (see freeze.py).

To compile it anew took two fifths of the time in which the page imports everything.
"""

import dataclasses
import marshal
from importlib.util import source_hash

#: Its place in the zip that holds this module as well.
NAME = "dataclasses.marshal"


def use():
    """Take the code of each class that the build knew; another one's is compiled as ever."""
    known = marshal.loads(__loader__.get_data(__spec__.origin.rpartition("/")[0] + f"/{NAME}"))

    def run(source, *names):
        exec(known.get(source_hash(source.encode()), source), *names)

    dataclasses.exec = run
