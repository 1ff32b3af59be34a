"""Zones and people: setting up, signing in, administering."""

from app.accounts.operations.passwords import hash_password, is_password, new_password
from app.accounts.operations.signing import (
    close_session,
    close_sessions_of,
    hash_token,
    settle_sign_in,
    touch_session,
)
from app.accounts.operations.users import (
    UserData,
    add_user,
    change_own_password,
    change_user,
    disable_user,
    enable_user,
    reset_password,
)
from app.accounts.operations.zones import MASTHEADS, ZoneData, add_zone, change_zone, set_up

__all__ = [
    "MASTHEADS",
    "UserData",
    "ZoneData",
    "add_user",
    "add_zone",
    "change_own_password",
    "change_user",
    "change_zone",
    "close_session",
    "close_sessions_of",
    "disable_user",
    "enable_user",
    "hash_password",
    "hash_token",
    "is_password",
    "new_password",
    "reset_password",
    "set_up",
    "settle_sign_in",
    "touch_session",
]
