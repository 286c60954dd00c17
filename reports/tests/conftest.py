"""Work of conversations is told of here too: their places and people."""

from tickets.tests.conftest import line, marina, real_acme, sales

__all__ = ["line", "marina", "real_acme", "sales"]
