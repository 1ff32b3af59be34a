"""Plain Python shared by all domains: money, periods, text, identities, errors."""
