"""The root of every mapped class."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import ClassVar

from sqlalchemy import JSON, Enum, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from therapist_desktop.models.moment import MomentColumn


class Record(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """A row of the practice. Relationships are ``lazy="raise"``: no screen can start a hidden query."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[object, object]] = {
        datetime: MomentColumn(),
        list[str]: JSON(),
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            length=24,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }


class Numbered(Record, kw_only=True):
    """A record with a number of its own, given by the database."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True, init=False, sort_order=-1)
