from django.urls import include, path
from rest_framework.routers import SimpleRouter

from connectors.api import ConnectionViewSet
from connectors.flights_api import FlightViewSet, PoisonViewSet
from connectors.simulator_api import CustomersView, FailuresView, PhoneView
from connectors.uploads_api import UploadsView

router = SimpleRouter()
router.register("connections", ConnectionViewSet, basename="connection")
router.register("flights/poison", PoisonViewSet, basename="poison")
router.register("flights", FlightViewSet, basename="flight")

urlpatterns = [
    path("uploads/", UploadsView.as_view(), name="uploads"),
    path("connections/<int:pk>/simulator/", CustomersView.as_view(), name="simulator-customers"),
    path("connections/<int:pk>/simulator/failures/", FailuresView.as_view(), name="simulator-failures"),
    path("connections/<int:pk>/simulator/<str:customer>/messages/", PhoneView.as_view(), name="simulator-phone"),
    path("", include(router.urls)),
]
