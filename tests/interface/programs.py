"""Programs that ask: a client for each person, which speaks JSON and brings no browser's habits."""

from typing import Any

from django.test import Client
from web.world import World

from chengshu.web.http import interface


class Program:
    """Asks as one person, or as nobody."""

    def __init__(self, world: World, who: str = "") -> None:
        self.client = Client()
        if who:
            self.client.force_login(world.people[who])

    def get(self, address: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{address}", query)

    def post(self, address: str, body: Any = None) -> Any:
        return self.client.post(f"/api/v1{address}", body or {}, content_type="application/json")


def described_operations() -> dict[str, tuple[str, str]]:
    """Give method and address of each described operation by its id."""
    described = interface.get_openapi_schema()
    return {
        operation["operationId"]: (method, path)
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
    }
