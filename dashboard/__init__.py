"""The dashboard: panels, tools and linking over the REST API."""
