"""Leads (线索): list, registration with look-alikes, the page of one lead, decisions."""
