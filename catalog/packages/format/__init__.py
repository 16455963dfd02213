"""The language of package files: nodes with lines, specifications, canonical YAML."""
