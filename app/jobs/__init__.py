"""Long work as people see it: who asked for what, how far it is, what came of it. It is run by app.worker."""
