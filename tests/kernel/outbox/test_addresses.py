"""Nothing is sent into the machine, to the cloud's own services, or to a host that nobody allowed."""

import socket
from uuid import UUID

import pytest
from conftest import NOW
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from chengshu.kernel.outbox.facade import DeliveryFailed, EndpointRefused, Parcel
from chengshu.kernel.outbox.rules.addresses import read_target, refuse_address
from chengshu.kernel.outbox.transports.web import WebTransport

HOSTS = ("hooks.example.gov.cn", ".bureau.example.gov.cn")


class TestReadTarget:
    @pytest.mark.parametrize(
        "url",
        [
            "https://hooks.example.gov.cn/in",
            "https://hooks.example.gov.cn:8443/in?a=1",
            "https://HOOKS.example.gov.cn./in",
            "https://finance.bureau.example.gov.cn/",
        ],
    )
    def test_takes_allowed_hosts(self, url: str) -> None:
        assert read_target(url, hosts=HOSTS, allow_loopback=False).is_https

    @pytest.mark.parametrize(
        "url",
        [
            "http://hooks.example.gov.cn/in",
            "https://bureau.example.gov.cn/in",
            "https://hooks.example.gov.cn.evil.example/in",
            "https://evilbureau.example.gov.cn/",
            "https://hooks.example.gov.cn@evil.example/",
            "https://user:word@hooks.example.gov.cn/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://localhost/",
            "https://169.254.169.254/latest/meta-data",
            "https://evil.example\\@hooks.example.gov.cn/",
            "https://hooks.example.gov.cn/a\r\nHost: evil.example",
            "https://hooks.example.gov.cn:99999/",
            "https://[::1",
            "file:///etc/passwd",
            "//hooks.example.gov.cn/",
            "https:///in",
            "https://hooks.example.gov.cn/" + "x" * 500,
            "",
        ],
    )
    def test_refuses_all_others(self, url: str) -> None:
        with pytest.raises(EndpointRefused):
            read_target(url, hosts=HOSTS, allow_loopback=False)

    @given(url=st.text(max_size=60).map(lambda text: f"https://{text}"))
    def test_leads_only_to_allowed_hosts_or_nowhere(self, url: str) -> None:
        try:
            target = read_target(url, hosts=HOSTS, allow_loopback=False)
        except EndpointRefused:
            return
        assert target.host == HOSTS[0] or target.host.endswith(HOSTS[1])

    def test_takes_the_machine_itself_for_trials_only(self) -> None:
        assert read_target("http://127.0.0.1:8080/x", hosts=(), allow_loopback=True).port == 8080
        with pytest.raises(EndpointRefused):
            read_target("http://hooks.example.gov.cn/", hosts=HOSTS, allow_loopback=True)


class TestRefuseAddress:
    @pytest.mark.parametrize(
        "address",
        ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "fe80::1%eth0", "0.0.0.0", "224.0.0.1",  # noqa: S104 - none of them is bound
         "255.255.255.255", "100.100.100.200", "fd00:ec2::254", "::"],
    )  # fmt: skip
    def test_refuses_what_a_name_must_not_lead_to(self, address: str) -> None:
        with pytest.raises(EndpointRefused):
            refuse_address(address, allow_loopback=False)

    @pytest.mark.parametrize("address", ["10.1.2.3", "192.168.0.7", "203.0.113.9", "2001:db8::1", "fd12:3456::1"])
    def test_takes_private_and_public_networks(self, address: str) -> None:
        refuse_address(address, allow_loopback=False)


def test_an_allowed_name_that_leads_into_the_machine_is_not_asked() -> None:
    """`localhost` stands for a name whose owner points it to the machine."""
    assert socket.getaddrinfo("localhost", 443)
    transport = WebTransport(hosts=("localhost",), allow_loopback=False)
    parcel = Parcel(
        uuid=UUID(int=1),
        payload={"topic": "t", "data": {}},
        created_at=NOW,
        sent_at=NOW,
        address="https://localhost/",
    )
    with pytest.raises(DeliveryFailed) as failed:
        transport.send(parcel)
    assert failed.value.is_final


def test_nothing_is_allowed_before_somebody_allows_it(settings: Settings) -> None:
    assert WebTransport.from_settings().hosts == ()
    assert not WebTransport.from_settings().allow_loopback
