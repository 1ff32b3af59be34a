"""Zones, people, roles, permissions, sign-in sessions."""
