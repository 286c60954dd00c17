"""How Meta says no: the code, the HTTP status and the title of each error that the emulator gives.

https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/
"""

from typing import Any

from connectors.emulators.cloud.names import fresh_trace

# code → (HTTP status, title). Titles are Meta's; clients are told to rely on the code and on `error_data.details` alone.
CATALOGUE: dict[int, tuple[int, str]] = {
    0: (401, "AuthException"),
    1: (400, "An unknown error has occurred."),
    2: (503, "Service temporarily unavailable"),
    3: (500, "Capability or permissions issue"),
    4: (400, "Application request limit reached"),
    10: (403, "Application does not have permission for this action"),
    33: (400, "Parameter value is not valid"),
    100: (400, "Invalid parameter"),
    104: (401, "An access token is required to request this resource."),
    190: (401, "Invalid OAuth access token - Cannot parse access token"),
    200: (403, "You do not have the necessary permissions to perform this action"),
    368: (403, "Temporarily blocked for policies violations"),
    613: (429, "Calls to this api have exceeded the rate limit"),
    803: (404, "Some of the aliases you requested do not exist"),
    80007: (400, "Rate limit issues"),
    130403: (400, "The user is blocked by the business"),
    130429: (400, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country."),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Business Account locked"),
    131037: (400, "WhatsApp provided number needs display name approval before message can be sent."),
    131042: (400, "Business eligibility payment issue"),
    131044: (400, "Business eligibility payment issue"),
    131045: (500, "Incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "This message was not delivered to maintain healthy ecosystem engagement."),
    131050: (
        400,
        "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on WhatsApp from your business",
    ),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131062: (400, "Business-scoped user id is not supported for this message"),
    131063: (400, "Marketing messages are disabled on Cloud API for this account"),
    131064: (400, "Messaging is limited because templates were misclassified"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132007: (400, "Template format character policy violated"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    132018: (400, "There's an issue with the parameters in your template"),
    132068: (400, "Flow is blocked"),
    132069: (400, "Flow is throttled"),
    133000: (500, "Incomplete deregistration"),
    133004: (503, "Server temporarily unavailable"),
    133005: (400, "Two step verification PIN mismatch"),
    133006: (400, "Phone number re-verification needed"),
    133008: (400, "Too many two step verification PIN guesses"),
    133009: (400, "Two step verification PIN guessed too fast"),
    133010: (400, "Phone number not registered"),
    133015: (400, "Please wait a few minutes before attempting to register this phone number"),
    133016: (400, "Account register deregister rate limit exceeded"),
    135000: (400, "Generic user error"),
    137000: (400, "The recipient's identity key hash does not match"),
}
GRAPH_CODES_IN_MESSAGE = frozenset({190, 104, 1, 2, 4, 803, 0})
PAGE = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
TRANSIENT = frozenset({1, 2, 4, 131016, 133004})


class Refusal(Exception):
    """One of Meta's errors. `message` replaces the catalogue's title where Meta is more exact (`Param text['body'] must be ...`)."""

    def __init__(
        self,
        code: int,
        details: str = "",
        *,
        message: str = "",
        status: int = 0,
        subcode: int = 0,
        kind: str = "OAuthException",
        user_title: str = "",
        user_message: str = "",
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        usual_status, title = CATALOGUE.get(code, (400, "Something went wrong"))
        super().__init__(f"{code} {details or message or title}")
        self.code, self.status, self.details, self.headers = code, status or usual_status, details, headers
        self.message, self.subcode, self.kind = message or title, subcode, kind
        self.user_title, self.user_message = user_title, user_message

    def body(self) -> dict[str, Any]:
        """The envelope of an HTTP answer."""
        said = self.message if self.code in GRAPH_CODES_IN_MESSAGE or self.kind != "OAuthException" else f"(#{self.code}) {self.message}"
        error: dict[str, Any] = {"message": said, "type": self.kind, "code": self.code}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode:
            error["error_subcode"] = self.subcode
        if self.code in TRANSIENT:
            error["is_transient"] = True
        if self.user_title:
            error |= {"error_user_title": self.user_title, "error_user_msg": self.user_message}
        return {"error": error | {"fbtrace_id": fresh_trace()}}

    def in_status(self) -> dict[str, Any]:
        """As an entry of a status's `errors`."""
        return {
            "code": self.code,
            "title": self.message,
            "message": self.message,
            "error_data": {"details": self.details or self.message},
            "href": PAGE,
        }


def invalid(message: str) -> Refusal:
    """Code 100 with Meta's own sentence about a parameter."""
    return Refusal(100, message=message)


def bad_value(details: str) -> Refusal:
    return Refusal(131009, details)


def missing(details: str) -> Refusal:
    return Refusal(131008, details)


def unknown_object(node: str) -> Refusal:
    words = (
        f"Unsupported request. Object with ID '{node}' does not exist, cannot be loaded due to missing permissions, "
        "or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api"
    )
    return Refusal(100, message=words, subcode=33, kind="GraphMethodException")
