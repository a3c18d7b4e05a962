"""Stored files, uploads and the font for PDF."""

from chengshu.config import env

_MEBIBYTE = 1024 * 1024

FILES_ROOT = env.read(env.VAR_DIR) / "files"
FILES_S3 = env.read(env.FILES_S3)
CLAMD_ADDRESS = env.read(env.CLAMD)
FILES_MAX_BYTES = env.read(env.MAX_FILE_MB) * _MEBIBYTE
EVIDENCE_MAX_FACTS = env.read(env.MAX_EVIDENCE_FACTS)
FONT_DIR = env.read(env.FONT_DIR)
LAKE_ROOT = env.read(env.VAR_DIR) / "lake"
#: Files of work under way; what a process that died left there is swept.
WORK_ROOT = env.read(env.VAR_DIR) / "work"
LAKE_S3 = env.read(env.LAKE_S3)
LAKE_KEEP_DAYS = env.read(env.LAKE_KEEP_DAYS)
PIPELINES_DIR = env.read(env.PIPELINES)
DATA_CENTRE = env.read(env.DATA_CENTRE)
REFUSED_KEEP_DAYS = env.read(env.REFUSED_KEEP_DAYS)
EXAMPLES_DIR = env.read(env.EXAMPLES_DIR)
DATA_UPLOAD_MAX_NUMBER_FILES = 500
#: What a backup keeps beside the database: folders by their name in the archive, and key files.
BACKUP_FOLDERS = {
    "files": FILES_ROOT,
    "lake": LAKE_ROOT,
    "audit_keys": env.read(env.VAR_DIR) / "audit_keys",
    "oidc_keys": env.read(env.VAR_DIR) / "oidc_keys",
}
BACKUP_KEYS = [env.read(env.VAR_DIR) / "secret_key"]
