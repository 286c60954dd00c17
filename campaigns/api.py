"""Campaigns over HTTP."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import selectors
from campaigns.filters import CampaignFilter, RecipientFilter
from campaigns.models import Campaign, Recipient
from campaigns.report_serializers import StatsSerializer, stats_of
from campaigns.serializers import (
    CampaignSerializer,
    CampaignWriteSerializer,
    PeopleQuestionSerializer,
    PeopleSerializer,
    PersonQuestionSerializer,
    PreviewSerializer,
    RecipientSerializer,
    SampleSerializer,
    SendAgainSerializer,
    SentAgainSerializer,
    StartSerializer,
    SurveySerializer,
    TestSendSerializer,
)
from campaigns.services import drafts, lifecycle, people, retrying, survey
from campaigns.services.given import BadRows
from campaigns.services.trial import send_test
from campaigns.types import InlineRecipient
from tenants.lib.idempotency import idempotent
from tickets.serializers import MessageSerializer


class CampaignViewSet(viewsets.GenericViewSet[Campaign]):
    queryset = Campaign.objects.none()
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilter
    lookup_value_regex = r"[0-9]{1,19}"
    may = {
        "list": "campaign.read",
        "retrieve": "campaign.read",
        "create": "campaign.write",
        "update": "campaign.write",
        "partial_update": "campaign.write",
        "destroy": "campaign.delete",
        "audience": "campaign.write",
        "audience_people": "campaign.write",
        "audience_person": "campaign.write",
        "start": "campaign.start",
        "pause": "campaign.start",
        "resume": "campaign.start",
        "cancel": "campaign.start",
        "recipients": "campaign.read",
        "send_again": "campaign.start",
        "stats": "campaign.read",
        "dry_run": "campaign.write",
        "duplicate": "campaign.write",
        "test": "campaign.start",
    }

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.campaigns_for(self.request.user)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(CampaignSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._answer(request, int(pk))

    @extend_schema(request=CampaignWriteSerializer, responses={201: CampaignSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """A draft; with `start` it begins at once, or at `starts_at`. Everything or nothing is written."""
        said = CampaignWriteSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        fields = dict(said.validated_data)
        make = lifecycle.create_and_start if fields.pop("start") else drafts.create_campaign
        recipients = _inline(fields.pop("recipients", ()))
        with _bad_rows_named():
            campaign = make(by=request.user, recipients=recipients, fields=fields)
        return self._answer(request, campaign.pk, status.HTTP_201_CREATED)

    @extend_schema(request=CampaignWriteSerializer, responses=CampaignSerializer)
    def update(self, request: Request, pk: str) -> Response:
        campaign = selectors.campaign_for(request.user, int(pk))
        said = CampaignWriteSerializer(data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        fields = dict(said.validated_data)
        recipients = fields.pop("recipients", None)
        given = None if recipients is None else _inline(recipients)
        with _bad_rows_named():
            drafts.update_campaign(campaign, by=request.user, recipients=given, fields=fields)
        return self._answer(request, campaign.pk)

    @extend_schema(request=CampaignWriteSerializer, responses=CampaignSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        return self.update(request, pk)

    def destroy(self, request: Request, pk: str) -> Response:
        drafts.delete_campaign(selectors.campaign_for(request.user, int(pk)), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=PreviewSerializer, responses=SurveySerializer)
    @action(detail=False, methods=["post"])
    def audience(self, request: Request) -> Response:
        """Of a campaign that is not saved: how many would get it now, how many not and why, a few of each, and what is wrong with it."""
        said = PreviewSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        fields = dict(said.validated_data)
        recipients, stored = _inline(fields.pop("recipients", ())), fields.pop("campaign", None)
        return Response(SurveySerializer(survey.preview(fields=fields, recipients=recipients, stored=stored)).data)

    @extend_schema(request=PeopleQuestionSerializer, responses=PeopleSerializer)
    @action(detail=False, methods=["post"], url_path="audience/people")
    def audience_people(self, request: Request) -> Response:
        """Who they are, page by page: those who would get it, those who would not, or both, with what each would read."""
        said = PeopleQuestionSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        fields = dict(said.validated_data)
        asked = {"reason": fields.pop("reason"), "words": fields.pop("search"), "after": fields.pop("after")}
        return Response(PeopleSerializer(people.people_of(_drafted(fields), **asked)).data)

    @extend_schema(request=PersonQuestionSerializer, responses=SampleSerializer)
    @action(detail=False, methods=["post"], url_path="audience/person")
    def audience_person(self, request: Request) -> Response:
        """What this contact would read, whether it is meant or not, and what would keep it from them."""
        said = PersonQuestionSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        fields = dict(said.validated_data)
        contact = fields.pop("contact")
        return Response(SampleSerializer(people.one_of(_drafted(fields), contact)).data)

    @extend_schema(request=None, responses=SurveySerializer)
    @action(detail=True, methods=["post"], url_path="dry-run")
    def dry_run(self, request: Request, pk: str) -> Response:
        """The same of a stored campaign. Nothing is written and nothing is sent."""
        return Response(SurveySerializer(survey.dry_run(selectors.campaign_for(request.user, int(pk)))).data)

    @extend_schema(request=None, responses={201: CampaignSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def duplicate(self, request: Request, pk: str) -> Response:
        """A new draft that says the same to the same people."""
        copy = drafts.duplicate_campaign(selectors.campaign_for(request.user, int(pk)), by=request.user)
        return self._answer(request, copy.pk, status.HTTP_201_CREATED)

    @extend_schema(request=TestSendSerializer, responses={201: MessageSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def test(self, request: Request, pk: str) -> Response:
        """Send the message to a number of one's own, as a test that counts nowhere. `messages/{id}/` tells what becomes of it."""
        campaign = selectors.campaign_for(request.user, int(pk))
        said = TestSendSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        asked = said.validated_data
        message = send_test(campaign, by=request.user, number=asked["number"], variant=asked["variant"], like=asked["contact"])
        return Response(MessageSerializer(message).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=StartSerializer, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def start(self, request: Request, pk: str) -> Response:
        """Now, or at its time. 400 names the field that is wrong; 409 when it has started already."""
        campaign = selectors.campaign_for(request.user, int(pk))
        said = StartSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        if "starts_at" in said.validated_data:
            lifecycle.start_campaign_at(campaign, by=request.user, starts_at=said.validated_data["starts_at"])
        else:
            lifecycle.start_campaign(campaign, by=request.user)
        return self._answer(request, campaign.pk)

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        return self._step(request, pk, lifecycle.pause_campaign)

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        return self._step(request, pk, lifecycle.resume_campaign)

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self._step(request, pk, lifecycle.cancel_campaign)

    @extend_schema(responses=RecipientSerializer(many=True))
    @action(
        detail=True,
        methods=["get"],
        queryset=Recipient.objects.none(),
        filterset_class=RecipientFilter,
        serializer_class=RecipientSerializer,
    )
    def recipients(self, request: Request, pk: str) -> Response:
        campaign = selectors.campaign_for(request.user, int(pk))
        page = self.paginate_queryset(self.filter_queryset(selectors.recipients_for(request.user, campaign)))
        return self.get_paginated_response(RecipientSerializer(page, many=True).data)

    @extend_schema(request=SendAgainSerializer, responses=SentAgainSerializer)
    @action(detail=True, methods=["post"], url_path="recipients/send-again")
    def send_again(self, request: Request, pk: str) -> Response:
        """Those who failed, or of whom nobody knows, wait once more; a finished campaign runs again. The unknown may get it twice."""
        campaign = selectors.campaign_for(request.user, int(pk))
        said = SendAgainSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        return Response({"count": retrying.send_again(campaign, by=request.user, **said.validated_data)})

    @extend_schema(responses=StatsSerializer)
    @action(detail=True, methods=["get"])
    def stats(self, request: Request, pk: str) -> Response:
        """The funnel, over time too; who was left out and why, and what failed, in words."""
        campaign = selectors.campaign_for(request.user, int(pk))
        return Response(StatsSerializer(stats_of(campaign)).data)

    def _step(self, request: Request, pk: str, step: Callable[..., Campaign]) -> Response:
        step(selectors.campaign_for(request.user, int(pk)), by=request.user)
        return self._answer(request, int(pk))

    def _answer(self, request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
        return Response(CampaignSerializer(selectors.campaign_for(request.user, pk)).data, status=code)


def _drafted(fields: dict[str, Any]) -> survey.Drafted:
    recipients, stored = _inline(fields.pop("recipients", ())), fields.pop("campaign", None)
    return survey.drafted(fields=fields, recipients=recipients, stored=stored)


def _inline(rows: Any) -> tuple[InlineRecipient, ...]:
    # A PATCH asks nothing of its parts: what is not said of a recipient is nothing, and no number is a wrong one.
    return tuple(InlineRecipient(row.get("number", ""), row.get("name", ""), row.get("variables", {})) for row in rows)


@contextmanager
def _bad_rows_named() -> Iterator[None]:
    """One error for each bad row, with its place: `recipients.3.number`."""
    try:
        yield
    except BadRows as bad:
        rows = {str(place): {row.field: [ErrorDetail(row.words, row.code)]} for place, row in bad.rows.items()}
        raise ValidationError({"recipients": rows}) from bad
