"""What makes an investor's record true."""

from __future__ import annotations

from enum import StrEnum

from stdnum.cn import uscc

from app.kernel.errors import DomainError
from app.kernel.text import narrow


class InvestorType(StrEnum):
    """企业性质; ``unknown`` until somebody has said it."""

    private = "private"
    state = "state"
    central = "central"
    foreign = "foreign"
    other = "other"
    unknown = "unknown"

    @property
    def label(self) -> str:
        """The Chinese name."""
        names = {
            "private": "民营企业",
            "state": "地方国企",
            "central": "央企",
            "foreign": "外资企业",
            "other": "其他",
        }
        return names.get(self.value, "未填")


class NameKind(StrEnum):
    """Why a company is found under another name."""

    former = "former"
    short = "short"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"former": "曾用名", "short": "简称"}[self.value]


def read_uscc(text: str) -> str:
    """The unified social credit code in ``text``, upper case. Refuses a wrong one (GB 32100-2015)."""
    code = narrow(text).replace(" ", "").replace("-", "").upper()
    if not uscc.is_valid(code):
        raise DomainError(
            f"统一社会信用代码“{text[:24]}”有误（应为 18 位且校验码正确），请按营业执照核对", "uscc"
        )
    return code
