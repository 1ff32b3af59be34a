"""Projects: the ledger, the page of one project, and the forms that enter and correct it."""
