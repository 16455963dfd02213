"""The catalog's public pages: zone, guide, questions, checklist, basket, reports. A view fetches, calls and renders."""
