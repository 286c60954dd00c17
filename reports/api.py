"""Background work over HTTP: how deep each queue is, what it did, how one job does, and once more."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from reports.selectors import depth, jobs
from reports.serializers import JobPageSerializer, JobSerializer, JobsQuerySerializer, WorksSerializer
from reports.services.retrying import retry_job


class JobsView(APIView):
    may = {"get": "job.read"}

    @extend_schema(operation_id="jobs_depth", responses=WorksSerializer)
    def get(self, request: Request) -> Response:
        """What waits, is being done, and failed of late (`days`), by kind of work and queue."""
        return Response(WorksSerializer({"results": depth.work_now(), "days": settings.RETENTION_DAYS_JOBS}).data)


class JobHistoryView(APIView):
    may = {"get": "job.read"}

    @extend_schema(operation_id="jobs_history", parameters=[JobsQuerySerializer], responses=JobPageSerializer)
    def get(self, request: Request) -> Response:
        """Work of every kind, newest first: what waits, what was done and what failed in the last RETENTION_DAYS_JOBS days."""
        asked = JobsQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        found, mark = jobs.jobs_before(said["cursor"], state=said["state"], of_kinds=said["kind"], most=said["page_size"])
        onward = replace_query_param(request.build_absolute_uri(), "cursor", mark.text) if mark else None
        page = {"results": found, "next": onward, "previous": None}
        return Response(JobPageSerializer(page, context={"user": request.user}).data)


class JobView(APIView):
    may = {"get": "message.read"}

    @extend_schema(operation_id="jobs_retrieve", responses=JobSerializer)
    def get(self, request: Request, job: str) -> Response:
        """One job: `message-12`, `campaign-5`, `import-7`, `file-3` or `webhook-9`."""
        return Response(JobSerializer(jobs.job_for(request.user, job), context={"user": request.user}).data)


class JobRetryView(APIView):
    may = {"post": "message.read"}

    @extend_schema(operation_id="jobs_retry", request=None, responses=JobSerializer)
    def post(self, request: Request, job: str) -> Response:
        """Once more what failed. Needs what the work itself needs (`message.send`, `webhook.replay`, `job.retry` ...); what may have
        arrived is not sent again from here."""
        retried = retry_job(jobs.job_for(request.user, job), by=request.user)
        return Response(JobSerializer(retried, context={"user": request.user}).data)
