"""External links: which there are, whether they still lead where they did, what to put in the place of dead ones."""
