"""How fast the press is, beside others: `python -m tests.bench`. Nothing here runs with the tests."""
