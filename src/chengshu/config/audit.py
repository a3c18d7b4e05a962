"""The audit: where its keys are, and whether a proxy says who asks."""

from chengshu.config import env

AUDIT_KEYS_DIR = env.read(env.VAR_DIR) / "audit_keys"
BEHIND_PROXY = env.read(env.BEHIND_PROXY)
