"""Background work over HTTP: how deep each queue is, how one job does, and once more."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import require
from connectors.selectors import poison_webhook_for
from connectors.services.media import retry_download
from connectors.services.poison import replay_webhook
from reports import selectors
from reports.serializers import JobSerializer, WorksSerializer
from reports.types import Job
from tenants.lib.errors import ApplicationError
from tickets.selectors import media_for, message_for
from tickets.services.messages import retry_message


class JobsView(APIView):
    may = {"get": "job.read"}

    @extend_schema(operation_id="jobs_depth", responses=WorksSerializer)
    def get(self, request: Request) -> Response:
        """What waits, is being done, and failed in the last seven days, by kind of work."""
        return Response(WorksSerializer({"results": selectors.work_now()}).data)


class JobView(APIView):
    may = {"get": "message.read"}

    @extend_schema(operation_id="jobs_retrieve", responses=JobSerializer)
    def get(self, request: Request, job: str) -> Response:
        """One job: `message-12`, `campaign-5`, `import-7`, `file-3` or `webhook-9`."""
        return Response(JobSerializer(selectors.job_for(request.user, job)).data)


class JobRetryView(APIView):
    may = {"post": "message.send"}

    @extend_schema(operation_id="jobs_retry", request=None, responses=JobSerializer)
    def post(self, request: Request, job: str) -> Response:
        """Once more what failed: a message, a file, or a gateway's call."""
        _retry(selectors.job_for(request.user, job), request.user)
        return Response(JobSerializer(selectors.job_for(request.user, job)).data)


def _retry(job: Job, by: User) -> None:
    if job.kind == "message":
        retry_message(message_for(by, job.pk), by=by)
    elif job.kind == "file":
        retry_download(media_for(by, job.pk), by=by)
    elif job.kind == "webhook" and job.state == "failed":
        require(by, "webhook.replay")
        replay_webhook(poison_webhook_for(by, job.pk), by=by)
    else:
        raise ApplicationError(_("This is not tried again from here."), code="not_retryable", status=409)
