"""Addresses of tickets."""

from django.urls import path

from chengshu.kernel.tickets.views import inbox, lists, opening, records

app_name = "tickets"

urlpatterns = [
    path("", lists.show_tickets, name="list"),
    path("inbox/", inbox.show_inbox, name="inbox"),
    path("open/", opening.open_form, name="open"),
    path("batch/", lists.take_batch_step, name="batch"),
    path("<int:ticket_id>/", records.show_ticket, name="record"),
    path("<int:ticket_id>/act/", records.take_step, name="act"),
    path("<int:ticket_id>/undo/", records.undo_step, name="undo"),
    path("<int:ticket_id>/assign/", records.assign_ticket, name="assign"),
    path("<int:ticket_id>/reclassify/", records.reclassify_ticket, name="reclassify"),
    path("<int:ticket_id>/remark/", records.add_remark, name="remark"),
    path("<int:ticket_id>/files/<int:attachment_id>/", records.download_attachment, name="attachment"),
]
