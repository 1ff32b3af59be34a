"""The search box and its page."""
