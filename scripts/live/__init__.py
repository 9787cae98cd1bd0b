"""What the page computes with, after the first touch: Python as WebAssembly, the library, each chapter's sources."""
