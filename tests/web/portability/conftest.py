"""What a site takes along is asked of both databases."""

from tests.homes import home  # noqa: F401
