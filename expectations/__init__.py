"""What must be true of a freshly built warehouse before it is published, and the report that says so."""
