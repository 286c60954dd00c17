from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from campaigns import api
from campaigns.export_api import RecipientExportView
from campaigns.health_api import NumberHealthView

router = SimpleRouter()
router.register("campaigns", api.CampaignViewSet, basename="campaign")

urlpatterns = [
    re_path(r"^campaigns/(?P<pk>[0-9]{1,19})/export/$", RecipientExportView.as_view(), name="campaign-export"),
    path("connections/<int:pk>/health/score/", NumberHealthView.as_view(), name="number-health"),
    *router.urls,
]
