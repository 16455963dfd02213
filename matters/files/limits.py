"""What may be uploaded, in numbers. The bytes of one file are a setting: ``YIJIAN_UPLOAD_LIMIT_BYTES``."""

from __future__ import annotations

# Files of one material, in a draft and in a correction.
FILES_PER_MATERIAL = 12

# Fifty million pixels is the largest picture today's phones take; decoded it fills 150 MB.
PIXEL_LIMIT = 52_000_000
SIDE_LIMIT = 20_000
SIDE_MINIMUM = 16
# A picture is kept at this size at most: an A4 page at 350 dots per inch.
KEPT_SIDE = 4_096
# JPEG can be decoded at half or a quarter of its size while no side falls below this; it saves most of the memory.
DECODED_SIDE = 3_072

# Of a PDF: pages and objects.
PAGE_LIMIT = 200
OBJECT_LIMIT = 100_000

# What decoding one person's files may cost within a minute, in processor time: a photo takes 100 to 400.
DECODING_MILLISECONDS = 30_000
DECODING_WINDOW = 60
# Whoever has cost so much more than others waits behind them.
DECODING_STEP = 5_000

# What a stream of a PDF may unpack to, in bytes: a page of text takes some ten thousand, a dense map some ten million, a large font twenty
# million; an A4 page scanned at 600 dots per inch in colours is a picture of 104 million. All streams of a file together.
UNPACKED_LIMIT = 64 * 1024 * 1024
UNPACKED_PICTURE = 4 * PIXEL_LIMIT
UNPACKED_TOTAL = 1024 * 1024 * 1024
# The file by which every scanner is tried, in two parts so that no scanner takes this module for it. Harmless, and named without a scanner.
TEST_VIRUS = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
