"""Read the catalog, and try answers on it, without an account: serializers shape, views call, nothing is written."""
