"""A chapter's numbers for a reader's own values: what runs in the page, beside the notebooks' own code.

`Session` answers the page's requests, dict in and dict out, by the very cells that the build ran. Nothing here knows a
browser: the same session runs in a test, under Node and in the page.
"""
