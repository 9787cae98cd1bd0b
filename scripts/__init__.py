"""The handbook's one command-line program: `python -m scripts <command>`."""
