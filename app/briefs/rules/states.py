"""From draft to archive: the states of a brief and who may take which step (brief as a document)."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.errors import DomainError


class DocumentState(StrEnum):
    """Where a brief stands on its way to the reader."""

    draft = "draft"
    review = "review"
    issued = "issued"
    archived = "archived"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return STATE_LABELS[self]

    @property
    def is_final(self) -> bool:
        """Whether nothing of it may change any more."""
        return self in (DocumentState.issued, DocumentState.archived)


STATE_LABELS = {
    DocumentState.draft: "草稿",
    DocumentState.review: "待签发",
    DocumentState.issued: "已印发",
    DocumentState.archived: "已归档",
}
NEXT = {
    DocumentState.draft: {DocumentState.review},
    DocumentState.review: {DocumentState.draft, DocumentState.issued},
    DocumentState.issued: {DocumentState.archived},
    DocumentState.archived: set[DocumentState](),
}


def check_step(now: DocumentState, to: DocumentState) -> None:
    """Refuse a step that does not lead on from ``now``."""
    if to not in NEXT[now]:
        raise DomainError(f"简报现为“{now.label}”，不能改为“{to.label}”；请刷新页面查看最新状态")


def check_writable(now: DocumentState) -> None:
    """Refuse to change what is waiting for its signature or out of the house."""
    if now is DocumentState.review:
        raise DomainError("简报已提交签发，不能修改；需要修改的请先退回草稿")
    if now.is_final:
        raise DomainError(f"简报{now.label}，不能再修改；数据更正列入下一期的调整说明")


def check_signer(submitted_by: int | None, signer: int | None) -> None:
    """Refuse to sign what one submitted oneself (four eyes)."""
    if submitted_by is not None and submitted_by == signer:
        raise DomainError("不能签发本人提交的简报，请由另一位有签发权限的人员签发")
