"""The road of a project: gates, moves, requests to go back and their decision."""
