from django.urls import include, path
from rest_framework.routers import SimpleRouter

from connectors import pacing_api, registering_api, templates_api
from connectors.api import ConnectionViewSet
from connectors.flights_api import FlightViewSet, PoisonViewSet
from connectors.simulator_api import CustomersView, FailuresView, PhoneView, TypingView
from connectors.uploads_api import UploadsView

router = SimpleRouter()
router.register("connections", ConnectionViewSet, basename="connection")
router.register("flights/poison", PoisonViewSet, basename="poison")
router.register("flights", FlightViewSet, basename="flight")

urlpatterns = [
    path("connections/numbers/", registering_api.AccountNumbersView.as_view(), name="account-numbers"),
    path("connections/signup/", registering_api.SignUpView.as_view(), name="sign-up"),
    path("connections/<int:pk>/request-code/", registering_api.RequestCodeView.as_view(), name="request-code"),
    path("connections/<int:pk>/verify-code/", registering_api.VerifyCodeView.as_view(), name="verify-code"),
    path("connections/<int:pk>/register/", registering_api.RegisterView.as_view(), name="register"),
    path("connections/<int:pk>/templates/", templates_api.TemplatesView.as_view(), name="templates"),
    path("connections/<int:pk>/templates/sync/", templates_api.TemplateSyncView.as_view(), name="template-sync"),
    path("connections/<int:pk>/templates/check/", templates_api.TemplateCheckView.as_view(), name="template-check"),
    path("connections/<int:pk>/templates/samples/", templates_api.TemplateSampleView.as_view(), name="template-sample"),
    path("connections/<int:pk>/templates/<int:template_pk>/", templates_api.TemplateView.as_view(), name="template"),
    path("connections/<int:pk>/pacing/", pacing_api.PacingView.as_view(), name="pacing"),
    path("uploads/", UploadsView.as_view(), name="uploads"),
    path("connections/<int:pk>/simulator/", CustomersView.as_view(), name="simulator-customers"),
    path("connections/<int:pk>/simulator/failures/", FailuresView.as_view(), name="simulator-failures"),
    path("connections/<int:pk>/simulator/<str:customer>/messages/", PhoneView.as_view(), name="simulator-phone"),
    path("connections/<int:pk>/simulator/<str:customer>/typing/", TypingView.as_view(), name="simulator-typing"),
    path("", include(router.urls)),
]
