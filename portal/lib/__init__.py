"""Small tools without models: sealing and blind indexes, row identifiers, QR codes, printing, logs, throttling, lists of the console."""
