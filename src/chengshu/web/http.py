"""The HTTP interface `/api/v1/`: the routers of all rooms, one description, one way out for faults (ADR 0016)."""

from http import HTTPMethod
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI, Router
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from chengshu.kernel.audit.http import router as audit
from chengshu.kernel.grants.http import router as organisations
from chengshu.kernel.http.facade import Bearer, Problem, Session
from chengshu.kernel.indicators.http import measurements
from chengshu.kernel.indicators.http import router as indicators
from chengshu.kernel.tickets.http import router as tickets
from chengshu.performance.http.evaluations import router as evaluations
from chengshu.performance.http.forms import findings
from chengshu.performance.http.forms import router as forms
from chengshu.performance.http.goals import router as goals
from chengshu.performance.http.monitoring import router as monitoring
from chengshu.performance.http.projects import router as projects
from chengshu.performance.http.projects import years
from chengshu.performance.http.reviews import router as reviews
from chengshu.resources.http.catalogue import router as resources
from chengshu.resources.http.deliveries import router as deliveries
from chengshu.resources.http.lineage import router as lineage
from chengshu.web.problems import PROBLEM_TYPE, register_handlers

NAMESPACE = "api"
_REFERENCE = "#/components/schemas/{model}"
_MEANINGS = {
    400: _("请求的格式不对，没有处理。"),
    401: _("请先登录，或带上令牌。"),
    403: _("您没有这项权限。"),
    404: _("没有这一项，或您无权查看。"),
    409: _("情况已经变了，请重新读取后再做。"),
    413: _("请求太大，没有处理。"),
    415: _("不读这种内容，没有处理。"),
    422: _("有的内容不能接受，没有处理。"),
}


class Interface(NinjaAPI):
    """The interface with its problems described: routers name what they give, this what any of them may refuse."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Give an operation the name of its function."""
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Give the description with the problems of every operation."""
        described = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        problem = Problem.model_json_schema(ref_template=_REFERENCE)
        described["components"]["schemas"] |= problem.pop("$defs") | {"Problem": problem}
        for path, operations in described["paths"].items():
            for method, operation in operations.items():
                for status in _problems_of(path, method, operation):
                    operation["responses"][status] = _describe_problem(status)
        return described


def _problems_of(path: str, method: str, operation: dict[str, Any]) -> list[int]:
    """Return the statuses with which an operation may refuse, by what it asks for."""
    statuses = [401, 403]
    if "{" in path:
        statuses += [404]
    if operation.get("parameters") or operation.get("requestBody"):
        statuses += [422]
    if operation.get("requestBody"):
        statuses += [400, 413]
        if set(operation["requestBody"]["content"]) != {"application/json"}:
            statuses += [415]
    if method != "get":
        statuses += [409]
    return sorted(statuses)


def _describe_problem(status: int) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model="Problem")}
    return {"description": _MEANINGS[status], "content": {PROBLEM_TYPE: {"schema": schema}}}


_own = Router(tags=["description"])


@_own.get("/", include_in_schema=False)
def refuse_root(request: HttpRequest) -> None:
    """Answer at the root as where nothing is; the description has its own address."""
    raise Http404(request.path)


@_own.get("/openapi.json", include_in_schema=False)
def describe_interface(request: HttpRequest) -> HttpResponse:
    """Give the description of the interface."""
    return interface.create_response(request, interface.get_openapi_schema(), status=200)


_beyond = Router()


@_beyond.api_operation(
    [method.value for method in HTTPMethod if method.value not in {"CONNECT", "TRACE"}],
    "/{path:rest}",
    include_in_schema=False,
)
def refuse_unknown(request: HttpRequest, rest: str) -> None:  # noqa: ARG001 - ninja's signature
    """Answer what nobody serves: in the shape of every other fault, and to known people only."""
    raise Http404(rest)


interface = Interface(
    title="城枢 Chengshu",
    version="1",
    description=_("城枢的 HTTP 接口。权限与页面相同：看不到的记录一律答 404。金额以元计，小数写成文字；时刻为世界时。"),
    urls_namespace=NAMESPACE,
    openapi_url=None,
    docs_url=None,
    auth=[Bearer(), Session()],
)
register_handlers(interface)
for _prefix, _router in (
    ("", _own),
    ("/organisations", organisations),
    ("/indicators", indicators),
    ("/measurements", measurements),
    ("/tickets", tickets),
    ("/forms", forms),
    ("/findings", findings),
    ("/projects", projects),
    ("/project-years", years),
    ("/goals", goals),
    ("/monitoring", monitoring),
    ("/evaluations", evaluations),
    ("/reviews", reviews),
    ("/lineage", lineage),
    ("/audit", audit),
    ("/resources", resources),
    ("/sources", deliveries),
    ("", _beyond),
):
    interface.add_router(_prefix, _router)
