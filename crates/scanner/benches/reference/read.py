"""Reads QR codes with ZXing's C++ decoder, for comparison: see mod.rs.

Pictures come on the standard input: width and height (32 bits, little endian), then the brightness of
each pixel. For each of them a line of JSON goes out: the texts, and the milliseconds of the decoder."""

import json
import struct
import sys
import time

import zxingcpp

while head := sys.stdin.buffer.read(8):
    width, height = struct.unpack("<II", head)
    pixels = sys.stdin.buffer.read(width * height)
    picture = memoryview(pixels).cast("B", shape=[height, width])
    began = time.perf_counter()
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    took = (time.perf_counter() - began) * 1e3
    print(json.dumps({"texts": [code.text for code in found], "milliseconds": took}), flush=True)
