"""What a person has to do: tasks, projects without progress, what was sent back."""
