"""What leaves the house: e-mail and webhooks, kept with the business transaction and delivered by the worker."""
