import pytest

from connectors.providers.cloud_api.errors import RULES, error_from, fault_from, rule_for, sentence_for
from connectors.types import Policy

CONFIGURATION = (0, 104, 190, 3, 10, 200, 299, 131005, 131045, 131037, 133010, 133005, 133006, 133008, 133009, 131063)
TABLE = {
    Policy.PAUSE_NUMBER: (*CONFIGURATION, 131048, 131031, 368, 131042, 131044),
    Policy.RETRY: (1, 2, 131000, 131016, 133004, 131057, 2494100, 133015, 131052, 131053),
    Policy.BACK_OFF_ACCOUNT: (4, 80007, 613),
    Policy.BACK_OFF_NUMBER: (130429,),
    Policy.BACK_OFF_RECIPIENT: (131056,),
    Policy.DEFER: (131049, 133016),
    Policy.PAUSE_CAMPAIGN: (131064, 132015, 132016, 132068, 132069),
    Policy.PERMANENT: (
        *(131050, 130472, 130403, 131026, 131047, 131021, 131030, 131051, 131008, 131009, 100, 33, 135000),
        *(132000, 132001, 132005, 132007, 132012, 132018, 130497, 131062, 137000, 424242),
    ),
}


@pytest.mark.parametrize(("code", "policy"), [(code, policy) for policy, codes in TABLE.items() for code in codes])
def test_every_code_has_the_policy_of_the_table(code, policy):
    assert error_from(400, {"error": {"code": code}}).policy is policy


def test_every_code_has_a_sentence_and_the_vendor_s_link():
    errors = {code: error_from(400, {"error": {"code": code}}) for code in RULES}

    assert [code for code, error in errors.items() if not error.message or not error.href] == []
    assert [code for code in RULES if not sentence_for(str(code))] == []


@pytest.mark.parametrize("http_status", [200, 400, 401, 403, 429, 500, 503])
def test_a_known_code_counts_more_than_the_http_status(http_status):
    assert error_from(http_status, {"error": {"code": 131056, "message": "(#131056)"}}).policy is Policy.BACK_OFF_RECIPIENT


@pytest.mark.parametrize(
    ("http_status", "error", "policy"),
    [
        (400, {"code": 987654}, Policy.PERMANENT),
        (400, {"code": 987654, "is_transient": True}, Policy.RETRY),
        (429, {"code": 987654}, Policy.BACK_OFF_ACCOUNT),
        (503, {"code": 987654}, Policy.UNKNOWN),
        (400, {"code": 100, "error_subcode": 33}, Policy.PAUSE_NUMBER),
        (400, {"code": 100, "error_subcode": 2494009}, Policy.PERMANENT),
        (400, {"code": 100, "is_transient": True}, Policy.RETRY),
        (400, {"code": "131026"}, Policy.PERMANENT),
        (400, {}, Policy.PERMANENT),
    ],
)
def test_codes_that_are_not_in_the_table(http_status, error, policy):
    assert error_from(http_status, {"error": error}).policy is policy


@pytest.mark.parametrize(
    ("http_status", "answer", "policy"),
    [
        (500, None, Policy.UNKNOWN),
        (200, None, Policy.UNKNOWN),
        (200, {"success": True}, Policy.UNKNOWN),
        (429, None, Policy.BACK_OFF_ACCOUNT),
    ],
)
def test_an_answer_without_a_graph_error(http_status, answer, policy):
    assert error_from(http_status, answer).policy is policy


def test_details_are_kept_in_every_shape():
    shapes = [{"error_data": {"details": "why"}}, {"error_data": "why"}, {"message": "why"}, {"details": "why"}]

    assert [error_from(400, {"error": {"code": 100} | shape}).details for shape in shapes] == ["why"] * 4


def test_a_fault_of_a_receipt_has_its_policy():
    fault = fault_from({"code": 131026, "title": "Message undeliverable", "error_data": {"details": "Message Undeliverable."}})

    assert (fault.code, fault.title, fault.details, fault.policy) == (
        "131026",
        "Message undeliverable",
        "Message Undeliverable.",
        Policy.PERMANENT,
    )


def test_waits_are_given_where_the_vendor_says_how_long():
    waits = {code: rule_for(code).retry_after_seconds for code in (131049, 131056, 133016, 131026)}

    assert waits == {131049: 86400.0, 131056: 6.0, 133016: 259200.0, 131026: None}
