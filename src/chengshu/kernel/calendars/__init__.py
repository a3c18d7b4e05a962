"""The official calendar: which days are working days, by the notices on public holidays."""
