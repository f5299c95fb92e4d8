"""Makes `pytest --site=…` work in a clone that nobody installed."""
pytest_plugins = ("pytest_govsite.plugin",)
