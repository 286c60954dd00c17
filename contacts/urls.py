from rest_framework.routers import SimpleRouter

from contacts import api

router = SimpleRouter()
router.register("contacts", api.ContactViewSet, basename="contact")
router.register("tags", api.TagViewSet, basename="tag")
router.register("contact-lists", api.ContactListViewSet, basename="contact-list")
router.register("custom-fields", api.CustomFieldViewSet, basename="custom-field")

urlpatterns = router.urls
