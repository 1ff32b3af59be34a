"""What is entered of a company and of the people there."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, HiddenField

from app.directory.rules import read_origin
from app.investors.models import Contact, Investor
from app.investors.operations import ContactData, InvestorData
from app.investors.rules import InvestorType, NameKind, read_uscc
from app.kernel.text import masked_phone, masked_phones
from app.web.forms import Form, PickField, Required, TextField


class InvestorForm(Form):
    """A company. ``confirm`` says that figures move with origin or type; ``likeness_reason`` is for new ones."""

    name = TextField("企业名称", [Required("请填写企业名称，按营业执照")], longest=120)
    uscc = TextField("统一社会信用代码", longest=24)
    origin = TextField("来源地", longest=40)
    investor_type = PickField("企业性质", coerce=InvestorType, none="未填")
    parent = TextField("母公司", longest=120)
    confirm = BooleanField("已核对，上面的数随之移动")
    likeness_reason = TextField("与相似企业的区别", longest=200)
    contact_name = TextField("联系人", longest=40)
    contact_title = TextField("职务", longest=40)
    contact_phone = TextField("联系电话", longest=40)
    version = HiddenField()

    def offer_types(self) -> None:
        """Set what can be chosen."""
        self.investor_type.offer(
            (kind, kind.label) for kind in InvestorType if kind is not InvestorType.unknown
        )

    def investor_data(self) -> InvestorData:
        """The company. Raises ``DomainError`` for a wrong code or origin."""
        return InvestorData(
            name=self.name.text,
            uscc=read_uscc(self.uscc.text) if self.uscc.text else None,
            origin=read_origin(self.origin.text) if self.origin.text else None,
            investor_type=self.investor_type.data or InvestorType.unknown,
        )


class ContactForm(Form):
    """A person at a company."""

    name = TextField("姓名", [Required("请填写姓名")], longest=40)
    title = TextField("职务", longest=40)
    phone = TextField("联系电话", longest=40)
    wechat = TextField("微信或邮箱", longest=60)
    note = TextField("备注", longest=200)
    main = BooleanField("主要联系人")
    version = HiddenField()

    def contact_data(self) -> ContactData:
        """The person."""
        return ContactData(
            self.name.text,
            self.title.text,
            self.phone.text,
            self.wechat.text,
            self.note.text,
            bool(self.main.data),
        )


class NameForm(Form):
    """Another name of a company."""

    name = TextField("名称", [Required("请填写名称")], longest=120)
    kind = PickField("类别", coerce=NameKind, none=None)

    def offer_kinds(self) -> None:
        """Set what can be chosen."""
        self.kind.offer((kind, kind.label) for kind in NameKind)


class MergeForm(Form):
    """What the preview of a merge asks for."""

    reason = TextField("合并依据", [Required("请写明合并的依据")], longest=200)


def values_of(investor: Investor, parent: str) -> dict[str, Any]:
    """A stored company as the form's values."""
    unknown = investor.investor_type is InvestorType.unknown
    return {
        "name": investor.name,
        "uscc": investor.uscc or "",
        "origin": investor.origin or "",
        "investor_type": None if unknown else investor.investor_type,
        "parent": parent,
        "version": str(investor.version),
    }


def contact_values(contact: Contact) -> dict[str, Any]:
    """A stored contact as the form's values; numbers stay masked, and masked they count as unchanged."""
    return {
        "name": contact.name,
        "title": contact.title,
        "phone": masked_phone(contact.phone),
        "wechat": masked_phones(contact.wechat),
        "note": masked_phones(contact.note),
        "main": contact.main,
        "version": str(contact.version),
    }
