from django.urls import re_path
from rest_framework.routers import SimpleRouter

from campaigns import api
from campaigns.export_api import RecipientExportView

router = SimpleRouter()
router.register("campaigns", api.CampaignViewSet, basename="campaign")

urlpatterns = [
    re_path(r"^campaigns/(?P<pk>[0-9]{1,19})/export/$", RecipientExportView.as_view(), name="campaign-export"),
    *router.urls,
]
