"""Small tools without models: sealing, identifiers of rows, QR codes, printing, logs, limits."""
