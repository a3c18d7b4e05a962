"""Stored files, uploads and the font for PDF."""

from chengshu.config import env

_MEBIBYTE = 1024 * 1024

FILES_ROOT = env.read(env.VAR_DIR) / "files"
FILES_MAX_BYTES = env.read(env.MAX_FILE_MB) * _MEBIBYTE
FONT_DIR = env.read(env.FONT_DIR)
EXAMPLES_DIR = env.read(env.EXAMPLES_DIR)
DATA_UPLOAD_MAX_NUMBER_FILES = 500
