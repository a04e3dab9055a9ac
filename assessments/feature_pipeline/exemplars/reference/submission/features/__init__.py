"""Feature tables from event deliveries, as they were known at any time."""
