from django.urls import path
from rest_framework.routers import SimpleRouter

from contacts import api, imports_api

router = SimpleRouter()
router.register("contacts", api.ContactViewSet, basename="contact")
router.register("tags", api.TagViewSet, basename="tag")
router.register("contact-lists", api.ContactListViewSet, basename="contact-list")
router.register("custom-fields", api.CustomFieldViewSet, basename="custom-field")
router.register("contact-imports", imports_api.ContactImportViewSet, basename="contact-import")

urlpatterns = [path("contacts/export/", imports_api.ContactExportView.as_view(), name="contact-export"), *router.urls]
