"""What is measured, each part in a module of its own with `measure(project) -> rows`."""
