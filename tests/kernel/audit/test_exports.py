"""An export is checked by who receives it, with nothing but the file, and with a verifier of his own."""

import json
import subprocess
from base64 import b64decode
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from chengshu.base.merkle import inclusion_path, leaf_hash, merkle_root
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.audit.facade import ExportFilter, ExportRefused, Reason
from chengshu.kernel.audit.models import Entry
from chengshu.kernel.audit.rules.encoding import sm3
from chengshu.kernel.audit.rules.proofs import ProofTree

Chain = Callable[..., list[int]]
SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "schemas"


@pytest.fixture
def exported(chain: Chain, officer: User, now: datetime, tmp_path: Path) -> Path:
    """Two sealed days and an open one, as a file."""
    for day in range(3):
        chain(5, now + timedelta(days=day))
    audit.seal_days(now=now + timedelta(days=2))
    path = tmp_path / "audit.jsonl"
    audit.export(path, ExportFilter(), actor=officer, now=now + timedelta(days=2))
    return path


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class TestExport:
    def test_holds_every_entry_with_its_proof(self, exported: Path) -> None:
        found = audit.verify_export(exported)
        assert (found.entries, found.heads, found.unsealed, found.reason) == (15, 2, 5, None)

    def test_keeps_to_its_published_schema(self, exported: Path) -> None:
        schema = json.loads((SCHEMAS / "audit-export.schema.json").read_text(encoding="utf-8"))
        validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        assert [fault.message for line in _lines(exported) for fault in validator.iter_errors(line)] == []

    @pytest.mark.usefixtures("exported")
    def test_is_itself_recorded(self, officer: User) -> None:
        entry = Entry.objects.get(action="audit.export")
        assert (entry.actor, entry.details["entries"]) == (officer, 15)

    @pytest.mark.usefixtures("exported")
    def test_of_one_subject_is_proved_as_well(self, now: datetime, tmp_path: Path) -> None:
        path = tmp_path / "part.jsonl"
        chosen = ExportFilter(subject="form:1", since=now, until=now + timedelta(days=1), actor_name="officer")
        audit.export(path, chosen, actor=None, now=now)
        found = audit.verify_export(path, trusted=audit.read_public_keys(settings.AUDIT_KEYS_DIR))
        assert (found.entries, found.heads, found.unsealed, found.reason) == (2, 1, 0, None)
        assert {line["entry"]["subject"] for line in _lines(path) if line["kind"] == "entry"} == {"form:1"}

    @pytest.mark.django_db
    def test_of_nothing_is_whole(self, now: datetime, tmp_path: Path) -> None:
        audit.export(tmp_path / "none.jsonl", ExportFilter(), actor=None, now=now)
        assert audit.verify_export(tmp_path / "none.jsonl").reason is None

    @pytest.mark.django_db
    def test_into_no_folder_is_refused(self, now: datetime, tmp_path: Path) -> None:
        with pytest.raises(ExportRefused):
            audit.export(tmp_path / "missing" / "audit.jsonl", ExportFilter(), actor=None, now=now)
        assert not Entry.objects.exists()


class TestCheckExport:
    def test_trusts_only_the_keys_that_it_is_told(self, exported: Path) -> None:
        assert audit.verify_export(exported, trusted={}).reason is Reason.HEAD_SIGNATURE

    @pytest.mark.parametrize(
        ("kind", "change", "reason"),
        [
            ("entry", lambda line: line["entry"].update(reason="改写"), Reason.ENTRY_CHANGED),
            ("entry", lambda line: line["entry"]["details"].update(x=1), Reason.ENTRY_CHANGED),
            ("entry", lambda line: line["entry"].update(id=999), Reason.LINK_CHANGED),
            ("entry", lambda line: line.update(sequence=99), Reason.LINK_CHANGED),
            ("entry", lambda line: line.update(proof=line["proof"][:-1]), Reason.HEAD_MISMATCH),
            ("entry", lambda line: line.update(proof=None), Reason.HEAD_MISMATCH),
            ("head", lambda line: line.update(root="0" * 64), Reason.HEAD_CHANGED),
            ("head", lambda line: line["ed25519"].update(value="AAAA"), Reason.HEAD_SIGNATURE),
            ("head", lambda line: line["sm2"].update(value="AAAA"), Reason.HEAD_SIGNATURE),
            ("header", lambda line: line.update(format="other"), Reason.FILE_DAMAGED),
            ("header", lambda line: line["keys"][0].update(id="0" * 32), Reason.FILE_DAMAGED),
            ("end", lambda line: line.update(entries=14), Reason.FILE_DAMAGED),
        ],
    )
    def test_names_the_changed_line(
        self, exported: Path, kind: str, change: Callable[[Any], None], reason: Reason
    ) -> None:
        lines = _lines(exported)
        number = next(number for number, line in enumerate(lines) if line["kind"] == kind)
        change(lines[number])
        exported.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        found = audit.verify_export(exported)
        assert (found.reason, found.line) == (reason, number + 1)

    def test_misses_a_line_that_was_left_out(self, exported: Path) -> None:
        lines = exported.read_bytes().splitlines(keepends=True)
        exported.write_bytes(b"".join(lines[:3] + lines[4:]))
        assert audit.verify_export(exported).reason is Reason.FILE_DAMAGED

    @pytest.mark.parametrize("content", [b"", b"{}\n", b"[]\n", b"\xff\xfe\n", b"[" * 100_000, b'{"kind": "end"}\n'])
    def test_takes_no_other_file(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "other"
        path.write_bytes(content)
        assert audit.verify_export(path).reason is Reason.FILE_DAMAGED

    @hypothesis_settings(
        max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(at=st.floats(0, 1, exclude_max=True), sign=st.integers(0x20, 0x7E))
    def test_finds_any_other_sign(self, exported: Path, at: float, sign: int) -> None:
        content = bytearray(exported.read_bytes())
        place = int(at * len(content))
        was, content[place] = content[place], sign
        changed = exported.with_name("changed.jsonl")
        changed.write_bytes(content)
        header = content.splitlines()[0]
        is_same = was == sign or place < len(header)  # the header's own words, such as the moment, are not signed
        assert is_same or _means_the_same(exported, changed) or audit.verify_export(changed).reason is not None


def _means_the_same(one: Path, other: Path) -> bool:
    """Tell whether the files say the same: hexadecimal letters in capitals do."""
    try:
        return [json.dumps(line).lower() for line in _lines(one)] == [
            json.dumps(line).lower() for line in _lines(other)
        ]
    except ValueError:
        return False


def test_an_outsider_verifies_with_a_program_of_his_own(exported: Path) -> None:
    """Written from docs/audit-chain.md alone: it uses nothing of the house."""

    def digest(data: bytes) -> bytes:
        hashed = Hash(SM3())
        hashed.update(data)
        return hashed.finalize()

    def canonical(value: dict[str, Any]) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    header, *lines, end = _lines(exported)
    keys = {key["id"]: load_pem_public_key(key["pem"].encode()) for key in header["keys"] if key["algorithm"] != "sm2"}
    head: Any = None
    for line in lines:
        if line["kind"] == "head":
            head = line
            signed = {name: line[name] for name in ("day", "first", "last", "root", "previous")}
            message = canonical({"format": "chengshu-audit-head-1", **signed})
            keys[line["ed25519"]["key"]].verify(b64decode(line["ed25519"]["value"]), message)  # type: ignore[union-attr, call-arg]
            continue
        entry = {name: value for name, value in line["entry"].items() if name not in {"id", "digest"}}
        content = digest(canonical({"format": "chengshu-audit-entry-1", **entry})).hex()
        link = {"sequence": line["sequence"], "entry": line["entry"]["id"], "digest": content}
        link["previous"] = line["previous"]
        hashed = digest(canonical({"format": "chengshu-audit-link-1", **link}))
        assert hashed.hex() == line["hash"]
        if line["proof"] is None:
            continue
        node, index, last = digest(b"\0" + hashed), line["sequence"] - head["first"], head["last"] - head["first"]
        path = [bytes.fromhex(step) for step in line["proof"]]
        while last:
            if index % 2:
                node = digest(b"\1" + path.pop(0) + node)
            elif index < last:
                node = digest(b"\1" + node + path.pop(0))
            index, last = index // 2, last // 2
        assert (node.hex(), path) == (head["root"], [])
    assert end["entries"] == 15


def test_openssl_accepts_the_sm2_signature(exported: Path, tmp_path: Path) -> None:
    """The signer's id is the standard's own, as the other side takes it."""
    header, *lines, _end = _lines(exported)
    head = next(line for line in lines if line["kind"] == "head")
    signed = {name: head[name] for name in ("day", "first", "last", "root", "previous")}
    message = {"format": "chengshu-audit-head-1", **signed}
    (tmp_path / "message").write_bytes(json.dumps(message, sort_keys=True, separators=(",", ":")).encode())
    (tmp_path / "signature").write_bytes(b64decode(head["sm2"]["value"]))
    (tmp_path / "key").write_text(next(key["pem"] for key in header["keys"] if key["algorithm"] == "sm2"))
    command = "openssl pkeyutl -verify -pubin -inkey key -sigfile signature -in message -rawin -digest sm3 -pkeyopt"
    for identity, is_accepted in (("1234567812345678", True), ("somebody else", False)):
        arguments = [*command.split(), f"distid:{identity}"]
        answer = subprocess.run(arguments, cwd=tmp_path, capture_output=True, check=False)
        assert (answer.returncode == 0) is is_accepted, answer


@given(st.lists(st.binary(min_size=1, max_size=4), min_size=1, max_size=40))
def test_proofs_for_many_are_the_proofs_for_one(leaves: list[bytes]) -> None:
    tree = ProofTree(leaves)
    hashes = [leaf_hash(leaf, sm3) for leaf in leaves]
    assert tree.root == merkle_root(leaves, sm3)
    assert [tree.path(at) for at in range(len(leaves))] == [
        inclusion_path(hashes, at, sm3) for at in range(len(leaves))
    ]
