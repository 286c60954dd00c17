"""What browsers are told about connections: everybody, for a composer must know whether its number can send."""

from connectors.models import Connection
from connectors.serializers import ConnectionSerializer
from tenants.lib.realtime import EVERYONE, Frame, publish


def connection_updated(connection: Connection) -> None:
    publish([Frame("connection", {"action": "update", "connection": ConnectionSerializer(connection).data}, EVERYONE)])


def connection_deleted(connection_id: int) -> None:
    publish([Frame("connection", {"action": "delete", "id": connection_id}, EVERYONE)])


def templates_changed(connection_id: int) -> None:
    """Which, a browser that shows them asks: lists are long, and few look at them."""
    publish([Frame("template", {"action": "update", "connection": connection_id}, EVERYONE)])
