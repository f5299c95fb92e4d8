"""`python -m pytest_govsite` is the console script `govsite`."""
from pytest_govsite.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
