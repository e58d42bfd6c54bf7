"""The faces of the press and what is known of them; made by bundle.py, told in README.md."""
