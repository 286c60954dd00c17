from django.urls import path
from rest_framework.routers import SimpleRouter

from contacts import api, bulk_api, imports_api

router = SimpleRouter()
router.register("contacts", api.ContactViewSet, basename="contact")
router.register("tags", api.TagViewSet, basename="tag")
router.register("contact-lists", api.ContactListViewSet, basename="contact-list")
router.register("custom-fields", api.CustomFieldViewSet, basename="custom-field")
router.register("contact-imports", imports_api.ContactImportViewSet, basename="contact-import")

urlpatterns = [
    path("consent-rules/", api.ConsentRulesView.as_view(), name="consent-rules"),
    path("contacts/export/", imports_api.ContactExportView.as_view(), name="contact-export"),
    path("contacts/count/", bulk_api.CountView.as_view(), name="contact-count"),
    path("contacts/bulk-tags/", bulk_api.BulkTagsView.as_view(), name="contact-bulk-tags"),
    path("contacts/bulk-lists/", bulk_api.BulkListsView.as_view(), name="contact-bulk-lists"),
    path("contacts/bulk-delete/", bulk_api.BulkDeleteView.as_view(), name="contact-bulk-delete"),
    *router.urls,
]
