"""From a folder or an upload to a package in memory."""
