"""The demo companies' quick replies: one with every kind of variable, one with a picture, one of a queue, one of a person."""

import io

from PIL import Image, ImageDraw, ImageFont

from accounts.models import User
from connectors.models import Media
from connectors.services.media import keep_upload
from tenants.lib.tenancy import current_company
from tickets.models import Queue, QuickReply
from tickets.services.quick_replies import Place, create_quick_reply

Scope = QuickReply.Scope

FOR_ALL = (
    (
        "hello",
        "Greeting",
        "{{greeting}}, {{first_name|and welcome}}! I am {{agent_first_name}} from {{company}}. "
        "Your number here is {{protocol}}. How can I help?",
    ),
    ("delivery", "Delivery times", "We deliver to {{custom.city|your city}} in two to three working days, free of charge above R$ 800."),
    (
        "pix",
        "Pay by Pix",
        "Our Pix key is financeiro@example.com. Send the receipt here, {{first_name|please}}, and we ship on the same day.",
    ),
    ("bye", "Closing", "It was a pleasure to help you, {{first_name|dear customer}}. If you need anything else, just write to us."),
)
HOURS = (("Monday to Friday", "9 am to 6 pm"), ("Saturday", "9 am to 1 pm"), ("Sunday", "closed"))


def create_demo_replies(*, admin: User, agent: User, queue: Queue) -> None:
    for shortcut, title, body in FOR_ALL:
        create_quick_reply(fields={"shortcut": shortcut, "title": title, "body": body}, place=Place(Scope.COMPANY), by=admin)
    create_quick_reply(
        fields={"shortcut": "hours", "title": "Opening hours", "body": "These are our opening hours, {{first_name|dear customer}}:"},
        place=Place(Scope.COMPANY),
        media=_card_of_hours(by=admin),
        by=admin,
    )
    create_quick_reply(
        fields={
            "shortcut": "exchange",
            "title": "How an exchange works",
            "body": "I am sorry about that, {{first_name|dear customer}}. Please send a photo of the damage and the number of your order: "
            "we collect it within two days and send a new one. Your protocol is {{protocol}}.",
        },
        place=Place(Scope.QUEUE, queue),
        by=admin,
    )
    create_quick_reply(
        fields={"shortcut": "moment", "title": "One moment", "body": "One moment, {{first_name|please}}. I am looking it up for you."},
        place=Place(Scope.PERSONAL),
        by=agent,
    )


def _card_of_hours(*, by: User) -> Media:
    picture = Image.new("RGB", (960, 600), "#f4faf7")
    draw = ImageDraw.Draw(picture)
    large, plain = ImageFont.load_default(size=56), ImageFont.load_default(size=36)
    draw.rectangle((0, 0, 960, 150), fill="#0b7a5c")
    draw.text((60, 46), current_company().name, font=large, fill="white")
    for row, (days, hours) in enumerate(HOURS):
        top = 220 + row * 110
        draw.text((60, top), days, font=plain, fill="#1a2124")
        draw.text((600, top), hours, font=plain, fill="#0b7a5c")
        draw.line((60, top + 70, 900, top + 70), fill="#d6dde0", width=2)
    content = io.BytesIO()
    picture.save(content, "PNG")
    size = content.tell()
    content.seek(0)
    return keep_upload(file=content, filename="opening-hours.png", declared_type="image/png", size_bytes=size, is_voice=False, by=by)
