"""The client structures: directory, provisioning, fleet, archive. Lives in ``public``."""
