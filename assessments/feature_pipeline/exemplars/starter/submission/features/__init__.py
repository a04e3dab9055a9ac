"""Feature tables from event deliveries."""
