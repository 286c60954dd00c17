from rest_framework.routers import SimpleRouter

from tenants.api import CompanyViewSet, PlanViewSet

router = SimpleRouter()
router.register("companies", CompanyViewSet, basename="company")
router.register("plans", PlanViewSet, basename="plan")

urlpatterns = router.urls
