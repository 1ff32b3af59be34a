"""Projects from lead to full production, with their contracts and milestones."""
