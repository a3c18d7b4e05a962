"""Webhooks: a signed POST to an allowed host, without following redirects."""

import json
import socket
from dataclasses import dataclass

import urllib3
from django.conf import settings

from chengshu.kernel.outbox.contracts import Parcel
from chengshu.kernel.outbox.errors import DeliveryFailed, EndpointRefused
from chengshu.kernel.outbox.rules.addresses import Target, read_target, refuse_address
from chengshu.kernel.outbox.rules.signing import sign

_GONE = 410
_READ_AT_MOST = 64 * 1024
_TIMEOUT = urllib3.Timeout(connect=5, read=10)


@dataclass(frozen=True, slots=True)
class WebTransport:
    """Posts parcels with `topic` and `data` to their address, signed with their secrets.

    The name is looked up once, every address behind it is checked, and the connection goes to the address that was
    checked: a name that changes its mind in between leads nowhere else.
    """

    hosts: tuple[str, ...]
    allow_loopback: bool
    ca_file: str = ""

    @classmethod
    def from_settings(cls) -> "WebTransport":
        """Return a transport by the settings of the house."""
        return cls(tuple(settings.WEBHOOK_HOSTS), bool(settings.WEBHOOK_LOOPBACK), str(settings.WEBHOOK_CA_FILE))

    def send(self, parcel: Parcel) -> int | None:
        """Post the parcel and return the status of the answer.

        Raises:
            DeliveryFailed: the other side is not there, does not answer with 2xx, or must not be asked.
        """
        try:
            target = read_target(parcel.address, hosts=self.hosts, allow_loopback=self.allow_loopback)
            address = self._look_up(target)
        except EndpointRefused as error:
            raise DeliveryFailed(error.message, is_final=True) from error
        body = encode(parcel)
        headers = {
            "Host": target.host_header,
            "Content-Type": "application/json",
            "User-Agent": "chengshu-outbox",
            **sign(parcel.uuid, parcel.sent_at, body, secrets_=parcel.secrets),
        }
        status = self._post(target, address, body, headers)
        if 200 <= status < 300:
            return status
        raise DeliveryFailed(f"对方应答 {status}", status=status, is_final=status == _GONE)

    def _look_up(self, target: Target) -> str:
        try:
            found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise DeliveryFailed("找不到主机的网络地址") from error
        addresses = [str(place[0]) for *_, place in found]
        for address in addresses:
            refuse_address(address, allow_loopback=self.allow_loopback)
        return addresses[0]

    def _post(self, target: Target, address: str, body: bytes, headers: dict[str, str]) -> int:
        pool: urllib3.HTTPConnectionPool
        if target.is_https:
            pool = urllib3.HTTPSConnectionPool(
                address,
                target.port,
                timeout=_TIMEOUT,
                retries=False,
                cert_reqs="CERT_REQUIRED",
                ca_certs=self.ca_file or None,
                server_hostname=target.host,
                assert_hostname=target.host,
            )
        else:
            pool = urllib3.HTTPConnectionPool(address, target.port, timeout=_TIMEOUT, retries=False)
        with pool:
            try:
                answer = pool.urlopen(
                    "POST", target.path, body=body, headers=headers, redirect=False, preload_content=False
                )
                answer.read(_READ_AT_MOST)
                answer.close()
            except urllib3.exceptions.HTTPError as error:
                raise DeliveryFailed(f"连不上对方（{type(error).__name__}）") from error
            return answer.status


def encode(parcel: Parcel) -> bytes:
    """Return the body: type, moment and data, the same at each attempt."""
    told = {
        "type": parcel.payload["topic"],
        "timestamp": parcel.created_at.isoformat(),
        "data": parcel.payload["data"],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8")
