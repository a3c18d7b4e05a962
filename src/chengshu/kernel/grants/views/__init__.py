"""Pages of organisations, accounts and grants: what administrators work with.

Organisations know nothing of rights, so their pages stand here, where rights are known.
"""
