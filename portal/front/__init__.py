"""The front door: it composes what the apps show. Home, search, health, the API's addresses, the demo town."""
