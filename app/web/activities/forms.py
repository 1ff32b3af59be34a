"""What is entered of an activity and of a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import HiddenField

from app.activities.models import Activity
from app.activities.operations import ActivityData, TaskData
from app.activities.rules import AWAY, ActivityKind
from app.files.operations import Upload
from app.kernel.errors import DomainError
from app.web.files.forms import read_uploads
from app.web.forms import DayField, Form, LongTextField, NumberField, PickField, Required, TextField


class LinkForm(Form):
    """What an activity hangs on: what was typed, and the record that was chosen from the suggestions."""

    about = TextField("关联项目、线索或企业")
    about_ref = HiddenField()


class ActivityForm(LinkForm):
    """An activity. Field names are those that rules refuse by."""

    kind = PickField("方式", none=None, coerce=ActivityKind, default=ActivityKind.talk)
    on_day = DayField("日期", [Required("请填写活动日期")])
    text = LongTextField("内容", [Required("请写一句做了什么、进展到哪一步")])
    place = TextField("地点")
    participants = TextField("参加人员", longest=200)
    people = NumberField("外出人数")
    days = NumberField("外出天数")
    version = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind.offer((kind, kind.label) for kind in ActivityKind)

    def activity_data(self) -> ActivityData:
        """The activity. People and days of another kind than an outing, which the page hides, are left out."""
        kind = ActivityKind(self.kind.data)
        away = kind in AWAY
        return ActivityData(
            kind=kind,
            on_day=self.on_day.data,
            text=self.text.text,
            place=self.place.text,
            participants=self.participants.text,
            people=_whole(self.people) if away else None,
            days=_whole(self.days) if away else None,
        )


class LogForm(ActivityForm):
    """A new activity with its next step."""

    files = MultipleFileField("照片")
    next_text = TextField("下一步", longest=300)
    next_on = DayField("下一步日期")
    owner_id = PickField("承办人", none=None, coerce=int)

    def uploads(self) -> list[Upload]:
        """The photos that were taken or chosen."""
        return read_uploads(self.files.data)

    def task_data(self) -> TaskData | None:
        """The next step; None when nothing was said of one."""
        if not self.next_text.text and self.next_on.data is None:
            return None
        return TaskData(self.next_text.text, self.next_on.data, self.owner_id.data)


class QuickForm(Form):
    """One sentence of progress."""

    text = LongTextField("进展")


class WithdrawForm(Form):
    """Why an activity is taken back."""

    reason = TextField("撤回原因", [Required("请写明原因，供以后查阅")], longest=200)
    version = HiddenField()


class PostponeForm(Form):
    """A later day, and why."""

    due_on = DayField("延期到", [Required("请填写新的日期")])
    reason = TextField("延期原因", [Required("请写明原因，供以后查阅")], longest=200)


def values_of(activity: Activity) -> Mapping[str, Any]:
    """A stored activity as the form's values."""
    names = ("kind", "on_day", "text", "place", "participants", "people", "days")
    return {**{name: getattr(activity, name) for name in names}, "version": str(activity.version)}


def _whole(field: Any) -> int | None:
    if field.data is None:
        return None
    if field.data > 1_000_000:
        raise DomainError(f"{field.label.text}太大，请核对", field.name)
    return int(field.data)
