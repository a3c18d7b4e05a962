"""Tickets (工单): kinds as data, honest clocks, escalation, follow-up and rating."""
