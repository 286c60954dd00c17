"""One port: sockets and webhooks on the event loop, everything else to the WSGI application in threads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
django_application = get_wsgi_application()

from a2wsgi import WSGIMiddleware  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from config.consumers import CompanySocket  # noqa: E402
from config.queue_watch import QueueWatch  # noqa: E402
from connectors.ingress import Ingress  # noqa: E402

WEB_THREADS = 8


class Http:
    """`/webhooks/` never meets Django's middleware; lifespan events start and stop nothing."""

    def __init__(self) -> None:
        self.ingress = Ingress()
        self.queue_watch = QueueWatch()
        self.django = WSGIMiddleware(django_application, workers=WEB_THREADS)

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        if scope["path"].startswith("/webhooks/"):
            await self.ingress(scope, receive, send)
            return
        if self.queue_watch.answers(scope["path"]):
            await self.queue_watch(scope, receive, send)
            return
        await self.django(scope, receive, send)


class Lifespan:
    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return


application = ProtocolTypeRouter({"http": Http(), "websocket": URLRouter([path("ws/", CompanySocket.as_asgi())]), "lifespan": Lifespan()})

# What is loaded by now stays. Going through all of it again and again for garbage cost a third of every webhook.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
