from django.urls import path
from rest_framework.routers import SimpleRouter

from tickets.api.exports import TicketExportView
from tickets.api.media import MediaViewSet
from tickets.api.messages import MessageViewSet
from tickets.api.people import PersonsQueuesView
from tickets.api.queues import QueueViewSet, RoutingViewSet
from tickets.api.quick_replies import QuickReplyViewSet
from tickets.api.schedules import ScheduleViewSet
from tickets.api.tickets import TicketViewSet

router = SimpleRouter()
router.register("tickets", TicketViewSet, basename="ticket")
router.register("media", MediaViewSet, basename="media")
router.register("messages", MessageViewSet, basename="message")
router.register("queues", QueueViewSet, basename="queue")
router.register("quick-replies", QuickReplyViewSet, basename="quick-reply")
router.register("schedules", ScheduleViewSet, basename="schedule")
router.register("connection-routings", RoutingViewSet, basename="connection-routing")

urlpatterns = [
    path("tickets/export/", TicketExportView.as_view(), name="ticket-export"),
    path("users/<int:pk>/queues/", PersonsQueuesView.as_view(), name="user-queues"),
    *router.urls,
]
