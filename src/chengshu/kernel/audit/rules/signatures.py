"""Signing and checking heads: Ed25519 always, SM2 (with SM3, GB/T 32918) where the library is installed.

SM2 takes the signer's id into what it signs. The id is always the standard's own, 1234567812345678, which is also what
the library uses by itself.
"""

from base64 import b64decode, b64encode
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from chengshu.kernel.audit.contracts import Algorithm, PublicKey
from chengshu.kernel.audit.errors import KeyUnreadable
from chengshu.kernel.audit.rules.encoding import sm3

_ID_LENGTH = 32
_SM2_OID = bytes.fromhex("06082a811ccf5501822d")  # 1.2.156.10197.1.301, the curve, in DER


def has_sm2() -> bool:
    """Tell whether heads can be signed and checked with SM2 here."""
    return find_spec("tongsuopy") is not None


def create_private_key(algorithm: Algorithm) -> bytes:
    """Return a new private key as PEM (PKCS #8, not encrypted)."""
    if algorithm is Algorithm.SM2:
        ec, serialization = _tongsuo("asymciphers.ec"), _tongsuo("serialization")
        key = ec.generate_private_key(ec.SM2())
        pem: bytes = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return pem
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_key_of(private_pem: bytes, algorithm: Algorithm) -> PublicKey:
    """Return the public half.

    Raises:
        KeyUnreadable: the bytes are no private key of this kind.
    """
    if algorithm is Algorithm.SM2:
        serialization = _tongsuo("serialization")
        public = _load_sm2(serialization.load_pem_private_key, private_pem, password=None).public_key()
        pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    else:
        pem = _load_ed25519(private_pem).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return read_public_key(pem.decode("ascii"))


def read_public_key(pem: str) -> PublicKey:
    """Return a public key out of its PEM, which is kept in one spelling.

    Raises:
        KeyUnreadable: the text is no public key of a known kind.
    """
    der = _der(pem)
    lines = b64encode(der).decode("ascii")
    spelled = "\n".join(["-----BEGIN PUBLIC KEY-----", *(lines[at : at + 64] for at in range(0, len(lines), 64))])
    spelled += "\n-----END PUBLIC KEY-----\n"
    if _SM2_OID in der:
        algorithm = Algorithm.SM2
    else:
        algorithm = Algorithm.ED25519
        _load_public_ed25519(spelled)
    return PublicKey(sm3(der).hex()[:_ID_LENGTH], algorithm, spelled)


def sign(message: bytes, private_pem: bytes, algorithm: Algorithm) -> str:
    """Return the signature in base64.

    Raises:
        KeyUnreadable: the bytes are no private key of this kind.
    """
    if algorithm is Algorithm.SM2:
        ec, hashes, serialization = _tongsuo("asymciphers.ec"), _tongsuo("hashes"), _tongsuo("serialization")
        key = _load_sm2(serialization.load_pem_private_key, private_pem, password=None)
        value: bytes = key.sign(message, ec.ECDSA(hashes.SM3()))
        return b64encode(value).decode("ascii")
    return b64encode(_load_ed25519(private_pem).sign(message)).decode("ascii")


def is_signed(message: bytes, signature: str, key: PublicKey) -> bool:
    """Tell whether the signature is the key's over the message; an SM2 one counts where it cannot be checked."""
    try:
        value = b64decode(signature, validate=True)
    except ValueError:
        return False
    if key.algorithm is Algorithm.SM2:
        return not has_sm2() or _is_signed_sm2(message, value, key)
    try:
        _load_public_ed25519(key.pem).verify(value, message)
    except InvalidSignature:
        return False
    return True


def _is_signed_sm2(message: bytes, value: bytes, key: PublicKey) -> bool:
    ec, hashes, serialization = _tongsuo("asymciphers.ec"), _tongsuo("hashes"), _tongsuo("serialization")
    public = _load_sm2(serialization.load_pem_public_key, key.pem.encode("ascii"))
    try:
        public.verify(value, message, ec.ECDSA(hashes.SM3()))
    except (_tongsuo("exceptions").InvalidSignature, _tongsuo("exceptions").InternalError):
        return False  # the second when the bytes are no signature at all
    return True


def _der(pem: str) -> bytes:
    lines = [line.strip() for line in pem.strip().splitlines()]
    if len(lines) < 3 or lines[0] != "-----BEGIN PUBLIC KEY-----" or lines[-1] != "-----END PUBLIC KEY-----":
        raise KeyUnreadable("不是公钥文件（PEM）")
    try:
        return b64decode("".join(lines[1:-1]), validate=True)
    except ValueError as error:
        raise KeyUnreadable("公钥文件已损坏") from error


def _load_ed25519(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except ValueError as error:
        raise KeyUnreadable("审计签名密钥已损坏") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnreadable("审计签名密钥不是 Ed25519 密钥")
    return key


def _load_public_ed25519(pem: str) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(pem.encode("ascii"))
    except (ValueError, TypeError) as error:
        raise KeyUnreadable("公钥文件已损坏") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyUnreadable("不是 Ed25519 或 SM2 公钥")
    return key


def _load_sm2(load: Any, pem: bytes, **options: object) -> Any:
    try:
        return load(pem, **options)
    except (ValueError, TypeError) as error:
        raise KeyUnreadable("SM2 密钥已损坏") from error


def _tongsuo(name: str) -> Any:
    """Import a part of the optional library only when SM2 is asked for."""
    return import_module(f"tongsuopy.crypto.{name}")
