"""The worker: runs long work as durable workflows. It stands above the pages, whose exports it writes."""
