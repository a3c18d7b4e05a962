"""E-mail over Django's mail backend."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from chengshu.kernel.outbox.contracts import Parcel
from chengshu.kernel.outbox.errors import DeliveryFailed

_REFUSED_FOR_GOOD = 500


class MailTransport:
    """Sends parcels with `to`, `subject` and `text`; a repeated one carries the same Message-ID."""

    def send(self, parcel: Parcel) -> int | None:
        """Hand the mail to the server.

        Raises:
            DeliveryFailed: the server is not there or does not take it.
        """
        content = parcel.payload
        mail = EmailMessage(
            subject=content["subject"],
            body=content["text"],
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[content["to"]],
            headers={"Message-ID": f"<{parcel.uuid}@chengshu>", "Auto-Submitted": "auto-generated"},
            connection=get_connection(),
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            status = max(code for code, _ in error.recipients.values())
            raise DeliveryFailed("收件地址被拒收", status=status, is_final=status >= _REFUSED_FOR_GOOD) from error
        except smtplib.SMTPResponseException as error:
            raise DeliveryFailed("邮件服务器没有收下", status=error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryFailed(f"连不上邮件服务器（{type(error).__name__}）") from error
        return None
