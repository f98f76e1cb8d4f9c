"""What can go wrong in administration."""

from __future__ import annotations

from easel.base.errors import EaselError


class MailNotFound(EaselError):
    """There is no such mail; mails are forgotten after thirty days."""

    status = 404
    code = "mail_not_found"
