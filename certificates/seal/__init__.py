"""The electronic seal: keys, certificates and signatures."""
