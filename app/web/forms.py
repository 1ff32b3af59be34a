"""The base of all forms and the fields that know our words: text, amounts with a unit, days, whole numbers.

A form checks shape; rules check truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField, TextAreaField, widgets
from wtforms.validators import InputRequired, Length, StopValidation

from app.kernel.errors import DomainError
from app.kernel.money import UNITS, parse_fen, parse_number, plain_text
from app.kernel.periods import parse_day
from app.kernel.text import clean, has_control


class Form(FlaskForm):
    """A form with its CSRF token; ``form_errors`` holds what belongs to no single field."""

    class Meta(FlaskForm.Meta):
        """Messages of WTForms itself in Chinese."""

        locales = ("zh",)


class Required(InputRequired):
    """The field must be filled in."""

    def __init__(self, message: str = "请填写此项") -> None:
        super().__init__(message)

    def __call__(self, form: Any, field: Field) -> None:
        """Blanks are not an answer."""
        if not any(str(text).strip() for text in field.raw_data or []):
            field.errors = []
            raise StopValidation(str(self.message))


def no_control(_form: Any, field: Field) -> None:
    """Refuse invisible control characters, which would hide in lists and exports."""
    if isinstance(field.data, str) and has_control(field.data):
        raise StopValidation("含有看不见的控制字符，请手工重新输入")


class TextField(StringField):
    """One line of text, trimmed, at most ``longest`` characters."""

    def __init__(
        self, label: str, validators: Iterable[Any] = (), *, longest: int = 120, **options: Any
    ) -> None:
        length = Length(max=longest, message=f"最多 {longest} 个字")
        super().__init__(label, [*validators, no_control, length], filters=[_clean], **options)

    @property
    def text(self) -> str:
        """What was typed; empty when nothing was."""
        return self.data or ""


class LongTextField(TextAreaField):
    """Several lines of text, at most ``longest`` characters."""

    def __init__(
        self, label: str, validators: Iterable[Any] = (), *, longest: int = 2000, **options: Any
    ) -> None:
        length = Length(max=longest, message=f"最多 {longest} 个字")
        super().__init__(label, [*validators, no_control, length], filters=[_trim], **options)

    @property
    def text(self) -> str:
        """What was typed; empty when nothing was."""
        return self.data or ""


class AmountField(Field):
    """Money: a number and its unit (``name-unit``); ``data`` is whole fen or None.

    A unit typed with the number (1.5亿) wins over the chosen one. What was typed is shown again as it was.
    """

    widget = widgets.TextInput()

    def __init__(
        self, label: str, validators: Iterable[Any] = (), *, unit: str = "万元", **options: Any
    ) -> None:
        super().__init__(label, list(validators), **options)
        self.unit = self.first_unit = unit

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the unit beside the number."""
        chosen = formdata.get(f"{self.name}-unit") if formdata else None
        self.unit = chosen if chosen in UNITS else self.first_unit
        super().process(formdata, data, extra_filters)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number as fen."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = _read(lambda: parse_fen(text, self.unit)) if text else None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else plain_text(self.data, self.unit, 10)


class DayField(Field):
    """A day, 2024-06-28; also read as 2024.6.28, 2024年6月28日 or 20240628. ``data`` is a date or None."""

    widget = widgets.DateInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        self.data = _read(lambda: parse_day(text)) if text else None

    def _value(self) -> str:
        if self.data:
            return str(self.data.isoformat())
        return str(self.raw_data[0]) if self.raw_data else ""


class NumberField(Field):
    """A plain number with at most ``places`` decimals, not negative; ``data`` is a Decimal or None."""

    widget = widgets.TextInput()

    def __init__(
        self, label: str, validators: Iterable[Any] = (), *, places: int = 0, **options: Any
    ) -> None:
        super().__init__(label, list(validators), **options)
        self.places = places

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = _read(lambda: parse_number(text)) if text else None
        if self.data is None:
            return
        if self.data < 0:
            raise ValueError("不能为负数")
        if self.data != self.data.quantize(Decimal(1).scaleb(-self.places)):
            raise ValueError("请填整数" if self.places == 0 else f"最多 {self.places} 位小数")

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(self.data):f}"


class PickField(SelectField):
    """One of ``choices`` (value, label); the empty first choice ``none`` gives None."""

    def __init__(
        self, label: str, validators: Iterable[Any] = (), *, none: str | None = "请选择", **options: Any
    ) -> None:
        self.none = none
        self.offered: list[tuple[Any, str]] = []
        options.setdefault("coerce", str)
        options["coerce"] = _or_none(options["coerce"])
        super().__init__(label, list(validators), **options)

    def offer(self, choices: Iterable[tuple[Any, str]]) -> None:
        """Set what can be chosen."""
        self.offered = list(choices)
        first = [("", self.none)] if self.none is not None else []
        self.choices = [*first, *self.offered]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was chosen; what cannot even be read was not offered."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("请从列表中选择") from error

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        if self.data is None and (self.none is not None or not self.raw_data):
            return
        if self.data not in {choice[0] for choice in self.choices or []}:
            raise StopValidation("请从列表中选择")


def _or_none(kind: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``kind`` for a value that was chosen; None for the empty choice."""
    return lambda value: None if value in ("", None) else kind(value)


def _read(parse: Callable[[], Any]) -> Any:
    """Give a rule's refusal to WTForms in its own way."""
    try:
        return parse()
    except DomainError as error:
        raise ValueError(error.message) from error


def _clean(text: str | None) -> str:
    return clean(text or "")


def _trim(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()
