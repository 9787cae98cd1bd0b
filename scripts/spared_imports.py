"""Imported before Jupytext and nbformat, for what it keeps them from importing.

jsonschema checks international addresses with rfc3987_syntax if that is installed, which compiles its grammars for a
second or two at each start. No notebook holds what it would check.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
