"""Every fault of the HTTP interface as RFC 7807 problem+json: one set of handlers for all operations."""

import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from chengshu.base.errors import ChengshuError
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.http.facade import Fault, Problem, tell_malformed
from chengshu.web.problem_statuses import status_of

log = structlog.get_logger(__name__)

Handler = Callable[[HttpRequest, Any], HttpResponse]
PROBLEM_TYPE = "application/problem+json"
_MOST_FAULTS = 50


def register_handlers(api: NinjaAPI) -> None:
    """Let every fault of the interface leave as a problem; the nearest class of a fault decides."""
    handlers: tuple[tuple[type[Exception], Handler], ...] = (
        (ChengshuError, _house_fault),
        (grants.PermissionRefused, _refusal),
        (PermissionDenied, _denied),
        (ValidationError, _invalid),
        (HttpError, _http_fault),
        (Http404, _not_found),
        (SuspiciousOperation, _malformed),
        (BadRequest, _malformed),
        (MultiPartParserError, _malformed),
        (Exception, _server_fault),
    )
    for fault, handler in handlers:
        api.add_exception_handler(fault, handler)


def answer_problem(
    request: HttpRequest,
    status: int,
    *,
    code: str = "",
    detail: str = "",
    faults: Sequence[Fault] = (),
    facts: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer with a problem; without a code and a detail those of the status."""
    known = HTTPStatus(status)
    problem = Problem(
        type=f"urn:chengshu:problem:{code or known.name}",
        title=_titles().get(status, known.phrase),
        status=status,
        detail=detail or _titles().get(status, known.phrase),
        instance=request.path,
        code=code or known.name,
        request=structlog.contextvars.get_contextvars().get("request_id", ""),
        faults=list(faults),
        facts=facts or {},
    )
    content = json.dumps(problem.model_dump(), cls=DjangoJSONEncoder, ensure_ascii=False)
    answer = HttpResponse(content, status=status, content_type=PROBLEM_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def _house_fault(request: HttpRequest, fault: ChengshuError) -> HttpResponse:
    faults = [Fault(field=field, message=message) for field, message in getattr(fault, "gaps", ())]
    return answer_problem(
        request,
        status_of(fault),
        code=fault.code,
        detail=fault.message,
        faults=faults,
        facts=dict(fault.details),
    )


def _refusal(request: HttpRequest, fault: grants.PermissionRefused) -> HttpResponse:
    """Keep the refusal in the audit, and tell no more than that: of what is hidden not even that it exists."""
    actor = request.user if isinstance(request.user, User) else None
    grants.keep_refusal(actor, fault, route=_route(request), method=request.method or "", now=timezone.now())
    if isinstance(fault, grants.ExistenceHidden):
        return answer_problem(request, HTTPStatus.NOT_FOUND)
    return answer_problem(request, HTTPStatus.FORBIDDEN, code=fault.code, detail=fault.message)


def _denied(request: HttpRequest, _fault: PermissionDenied) -> HttpResponse:
    if isinstance(request.user, User):
        details = {"method": request.method, "path": request.path}
        audit.record_refusal(request.user, f"page:{_route(request)}"[:128], now=timezone.now(), details=details)
    return answer_problem(request, HTTPStatus.FORBIDDEN)


def _invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    faults = [
        Fault(field="/" + "/".join(str(part) for part in found["loc"]), message=_word(found))
        for found in fault.errors[:_MOST_FAULTS]
    ]
    tell_malformed(request, "；".join(f"{fault.field}：{fault.message}" for fault in faults))
    return answer_problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, code="REQUEST_INVALID", faults=faults)


def _http_fault(request: HttpRequest, fault: HttpError) -> HttpResponse:
    if isinstance(fault.__cause__, RequestDataTooBig):
        return _too_large(request)
    if fault.status_code == HTTPStatus.FORBIDDEN:
        return answer_problem(request, fault.status_code, code="CSRF", detail=_("请求没有带上页面的防伪令牌。"))
    if fault.status_code == HTTPStatus.BAD_REQUEST:
        tell_malformed(request, _titles()[HTTPStatus.BAD_REQUEST])
    return answer_problem(request, fault.status_code)


def _not_found(request: HttpRequest, _fault: Http404) -> HttpResponse:
    return answer_problem(request, HTTPStatus.NOT_FOUND)


def _malformed(request: HttpRequest, fault: Exception) -> HttpResponse:
    if isinstance(fault, RequestDataTooBig):
        return _too_large(request)
    return answer_problem(request, HTTPStatus.BAD_REQUEST)


def _too_large(request: HttpRequest) -> HttpResponse:
    """Refuse a body that was not read for its length; who may hand in there has its head kept."""
    most = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) / (1 << 20)
    told = _("请求的正文最多 %(most)s MB，没有处理。请分成几次交来。") % {"most": f"{most:g}"}
    if isinstance(request.user, User):
        tell_malformed(request, told)
    return answer_problem(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail=told)


def _server_fault(request: HttpRequest, fault: Exception) -> HttpResponse:
    log.error("request_failed", route=_route(request), exc_info=fault)
    return answer_problem(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def _route(request: HttpRequest) -> str:
    return request.resolver_match.route if request.resolver_match else ""


def _word(found: dict[str, Any]) -> str:
    """Say what is wrong with a field; what the checker says in English is not for people."""
    limits = {name: value for name, value in found.get("ctx", {}).items() if isinstance(value, int | str)}
    text = _words().get(found["type"], _("这个值不能接受。"))
    return text % limits if set(limits) else text


def _words() -> dict[str, str]:
    return {
        "missing": _("缺少这一项。"),
        "extra_forbidden": _("没有这一项。"),
        "string_type": _("应当是文字。"),
        "string_too_long": _("最多 %(max_length)s 个字。"),
        "string_too_short": _("至少 %(min_length)s 个字。"),
        "string_pattern_mismatch": _("含有不能保存的字符。"),
        "string_unicode": _("含有不能保存的字符。"),
        "int_type": _("应当是整数。"),
        "int_parsing": _("应当是整数。"),
        "greater_than_equal": _("不能小于 %(ge)s。"),
        "less_than_equal": _("不能大于 %(le)s。"),
        "enum": _("不是可选的值。"),
        "literal_error": _("不是可选的值。"),
        "date_from_datetime_parsing": _("应当是日期，如 2024-01-31。"),
        "date_parsing": _("应当是日期，如 2024-01-31。"),
    }


def _titles() -> dict[int, str]:
    return {
        400: _("请求的格式不对，没有处理。"),
        401: _("请先登录，或带上令牌。"),
        403: _("您没有这项权限。"),
        404: _("没有这一项，或您无权查看。"),
        409: _("情况已经变了，请重新读取后再做。"),
        413: _("请求太大，没有处理。"),
        415: _("不读这种内容，没有处理。"),
        422: _("有的内容不能接受，没有处理。"),
        500: _("服务器出错，没有处理。请稍后再试，仍然不行时把请求编号告诉管理员。"),
    }
