"""Valkey as Celery's broker. kombu's transport, with one fault of its (5.7) mended: what a channel asks for on a connection that is closed
already is a broken connection, which everybody catches, and not an AttributeError, which ends the worker's consumer for good."""

from typing import Any

from kombu.transport import redis as kombu_redis
from redis.exceptions import ConnectionError as BrokerGone


class Channel(kombu_redis.Channel):
    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise BrokerGone("The connection to the broker is closed.")
        return super()._connparams(asynchronous=asynchronous)


class Transport(kombu_redis.Transport):
    Channel = Channel
