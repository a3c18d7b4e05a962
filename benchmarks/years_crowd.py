"""Twenty people at once on a running site: each opens a page, reads for some seconds, opens the next."""

import os
import random
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from benchmarks.measuring import print_line
from chengshu.kernel.accounts.facade import User

PEOPLE, _SECONDS, _READING = 20, 120.0, (1.0, 5.0)
_ROUNDS = 4  # of every page before anything is measured: each process has to load what it runs once
FLOOR = ("/calendars/", "floor: a page with one small list")
_PATIENCE = 60.0
_HOST = "127.0.0.1"
Page = tuple[str, str]
"""Address and what people call it."""


def measure_crowd(people: Mapping[str, User], pages: Sequence[Page]) -> None:
    """Print for every page the middle and the 95 % of the answers that twenty people got within two minutes."""
    call_command("collectstatic", verbosity=0, interactive=False)
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port = int(probe.getsockname()[1])
    sessions = [_log_in(user) for user in people.values()]
    command = [sys.executable, "-m", "chengshu", "serve", "--host", _HOST, "--port", str(port), "--workers", "2"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            _warm_up(port, sessions, [address for address, _label in pages])
            taken = _let_in(port, sessions, [FLOOR[0], *(address for address, _label in pages)])
        finally:
            server.terminate()
    _print(taken, [FLOOR, *pages])


def _log_in(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            _ask(HTTPConnection(_HOST, port, timeout=5), "/health/live", "")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the site did not come up")


def _warm_up(port: int, sessions: Sequence[str], addresses: Sequence[str]) -> None:
    for _round in range(_ROUNDS):
        for session in sessions:
            connection = HTTPConnection(_HOST, port, timeout=_PATIENCE)
            for address in addresses:
                _ask(connection, address, session)
            connection.close()


def _let_in(port: int, sessions: Sequence[str], addresses: Sequence[str]) -> dict[str, list[float]]:
    end = time.monotonic() + _SECONDS
    taken: dict[str, list[float]] = defaultdict(list)
    with ThreadPoolExecutor(PEOPLE) as crowd:
        read = partial(_read, port=port, sessions=sessions, addresses=addresses, end=end)
        for answers in crowd.map(read, range(PEOPLE)):
            for address, milliseconds in answers:
                taken[address].append(milliseconds)
    return taken


def _read(
    number: int, *, port: int, sessions: Sequence[str], addresses: Sequence[str], end: float
) -> list[tuple[str, float]]:
    draw = random.Random(number)  # noqa: S311 - which page comes next is no secret
    connection = HTTPConnection(_HOST, port, timeout=_PATIENCE)
    answers = []
    time.sleep(draw.uniform(0, _READING[1]))
    while time.monotonic() < end:
        address = draw.choice(addresses)
        start = time.perf_counter()
        _ask(connection, address, sessions[number % len(sessions)])
        answers.append((address, (time.perf_counter() - start) * 1000))
        time.sleep(draw.uniform(*_READING))
    connection.close()
    return answers


def _ask(connection: HTTPConnection, address: str, session: str) -> None:
    connection.request("GET", address, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{address}: {answer.status}")


def _print(taken: Mapping[str, Sequence[float]], pages: Sequence[Page]) -> None:
    for address, label in pages:
        if found := taken.get(address, ()):
            print_line(f"{label}, {PEOPLE} people", *_figures(found))
    every = [one for address, found in taken.items() if address != FLOOR[0] for one in found]
    print_line(f"every page, {len(every)} answers in {_SECONDS:.0f} s", *_figures(every))
    print_line("processes of the site", f"2 on {os.cpu_count()} cores, the readers beside them")


def _figures(found: Sequence[float]) -> tuple[str, str]:
    ordered = sorted(found)
    upper = ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
    return f"{ordered[len(ordered) // 2]:,.1f} ms", f"95 %: {upper:,.1f}"
