"""The electronic seal: who signs a certificate's file, and with what."""
