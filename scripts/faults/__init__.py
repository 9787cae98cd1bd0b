"""Seeded faults: what is broken on purpose must be named by a check, a test or an invariant, at its file and line."""
