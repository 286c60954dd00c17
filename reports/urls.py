from django.urls import path

from reports.api import JobHistoryView, JobRetryView, JobsView, JobView

urlpatterns = [
    path("jobs/", JobsView.as_view(), name="jobs"),
    path("jobs/history/", JobHistoryView.as_view(), name="job-history"),
    path("jobs/<str:job>/", JobView.as_view(), name="job"),
    path("jobs/<str:job>/retry/", JobRetryView.as_view(), name="job-retry"),
]
