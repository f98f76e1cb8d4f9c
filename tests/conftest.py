"""What all tests share; each room's own fixtures lie beside its tests, larger parts under ``plugins``."""

pytest_plugins = [
    "tests.plugins.postgres",
    "tests.plugins.studio",
    "tests.plugins.shelf",
    "tests.plugins.mail",
    "tests.plugins.counter_store",
    "tests.servers.oidc",
]
