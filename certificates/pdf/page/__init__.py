"""One certificate's page as bytes: where everything goes, and how it is put there. Pure."""
