"""Mail: `send` writes it to the outbox in the caller's transaction, a job hands it to the mail server.

Without a mail server (`EASEL_SMTP_URL`) the outbox keeps it for an administrator to read. Which mails there are
and when they go out is the features' business; how they look is `templates/`.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from easel.base.addresses import normal_address
from easel.base.ids import new_id
from easel.core.jobs import Job
from easel.core.mail.outbox import OutboxMail
from easel.core.mail.rendering import render
from easel.core.work import Work

DELIVER = Job("mail.deliver", queue="mail")
"""Hand a mail to the mail server; argument `mail_id`."""


async def send(work: Work, /, *, to: str, template: str, **values: str | int | datetime) -> UUID:
    """Write the mail `template` with its `values` to `to`, and have it sent once this transaction commits.

    `templates/<template>.html` and `.txt` say what it looks like; the text's first line is the subject. Answers
    the id of its row in the outbox. Raises `ValueError` for what is no address.
    """
    rendered = render(template, {"studio_url": work.studio.settings.web.origin, **values})
    can_send = work.studio.settings.mail.server is not None
    mail = OutboxMail(
        id=new_id(),
        to=normal_address(to),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        template=template,
        state="pending" if can_send else "kept",
    )
    work.session.add(mail)
    await work.session.flush()
    if can_send:
        await work.defer(DELIVER, mail_id=str(mail.id))
    return mail.id
