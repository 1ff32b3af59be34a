"""管理: people, lists, the zone, targets."""
