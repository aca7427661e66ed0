"""Writes pictures of every format and bit depth that is read, and what Pillow makes of them.

    .deps/pillow/bin/python tests/data/make_pillow_pictures.py tests/data/pillow_pictures.json

Each entry: the bytes of a file in base64, and the CRC-32 of Pillow's convert("RGB").
Files that Pillow itself refuses are left out.
"""

import base64
import io
import itertools
import json
import random
import struct
import sys
import zlib

from PIL import Image

draw = random.Random(5)


def noise(count):
    return bytes(draw.randrange(256) for _ in range(count))


def picture(mode, size=(7, 5)):
    plain = Image.frombytes("RGBA", size, noise(4 * size[0] * size[1]))
    if mode in ("I;16", "I"):
        data = noise(2 * size[0] * size[1])
        return Image.frombytes("I;16", size, data).convert(mode) if mode == "I" else \
            Image.frombytes("I;16", size, data)
    return plain.convert(mode)


def pnm():
    for most in (1, 2, 15, 100, 200, 254, 255, 256, 1000, 1023, 4095, 65534, 65535):
        size = 1 if most < 256 else 2
        for kind, values in ((5, 12), (6, 36)):
            numbers = [0, most, most // 2] + [draw.randrange(most + 1) for _ in range(values - 3)]
            numbers += [min(200, most)]
            packed = b"".join(n.to_bytes(size, "big") for n in numbers[:values])
            yield f"P{kind}, largest {most}", b"P%d\n4 3\n%d\n" % (kind, most) + packed
            text = " ".join(map(str, numbers[:values])).encode()
            yield f"P{kind - 3}, largest {most}", b"P%d 4 3 %d\n" % (kind - 3, most) + text + b"\n"
    yield "P5 above its largest value", b"P5 4 1 100\n" + bytes([0, 99, 100, 201])
    yield "P5 with comments", b"P5\n# one\n4 # two\n1\n# three\n255\n" + noise(4)
    yield "P4", b"P4\n11 3\n" + noise(6)
    yield "P1", b"P1\n# bits\n4 2\n0110 1\n0 0# x\n1\n"
    yield "P1 without blanks", b"P1 8 1\n01100101"


def bmp(width, height, bits, body, compression=0, masks=b"", palette=b"", header=40, colors=0,
        down=False):
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, width, -height if down else height, 1, bits,
                           compression, len(body), 2835, 2835, colors, 0)
        if header > 40:
            info += masks.ljust(header - 40, b"\0")
            masks = b""
    at = 14 + len(info) + len(masks) + len(palette)
    return b"BM" + struct.pack("<IHHI", at + len(body), 0, 0, at) + info + masks + palette + body


def rows(width, height, bits):
    used, stride = (width * bits + 7) // 8, (width * bits + 31) // 32 * 4
    return b"".join(noise(used).ljust(stride, b"\0") for _ in range(height))


MASKS = {
    "BGRX": (32, 0xFF0000, 0xFF00, 0xFF, 0), "BGRA": (32, 0xFF0000, 0xFF00, 0xFF, 0xFF000000),
    "RGBX": (32, 0xFF, 0xFF00, 0xFF0000, 0), "RGBA": (32, 0xFF, 0xFF00, 0xFF0000, 0xFF000000),
    "XBGR": (32, 0xFF000000, 0xFF0000, 0xFF00, 0),
    "ABGR": (32, 0xFF000000, 0xFF0000, 0xFF00, 0xFF), "none": (32, 0, 0, 0, 0),
    "BGAR": (32, 0xFF000000, 0xFF00, 0xFF, 0xFF0000), "24": (24, 0xFF0000, 0xFF00, 0xFF, 0),
    "24 turned": (24, 0xFF, 0xFF00, 0xFF0000, 0), "10 bits": (32, 0x3FF00000, 0xFFC00, 0x3FF, 0),
    "565": (16, 0xF800, 0x7E0, 0x1F, 0), "555": (16, 0x7C00, 0x3E0, 0x1F, 0),
    "565 turned": (16, 0x1F, 0x7E0, 0xF800, 0), "444": (16, 0xF00, 0xF0, 0xF, 0),
    "1555": (16, 0x7C00, 0x3E0, 0x1F, 0x8000),
}


def bmps():
    for bits in (16, 24, 32):
        for header, down in itertools.product((40, 108, 124), (False, True)):
            yield (f"BMP {bits} bits, header {header}, down {down}",
                   bmp(5, 3, bits, rows(5, 3, bits), header=header, down=down))
    yield "BMP 24 bits, header 12", bmp(5, 3, 24, rows(5, 3, 24), header=12)
    for name, (bits, *masks) in MASKS.items():
        for header in (40, 56, 108, 124):
            packed = struct.pack("<4I", *masks)[: 12 if header == 40 else 16]
            yield (f"BMP fields {name}, header {header}",
                   bmp(5, 3, bits, rows(5, 3, bits), 3, packed, header=header))
    for bits in (1, 4, 8):
        full = noise(4 << bits)
        levels = range(256) if bits == 8 else [255 * i // ((1 << bits) - 1) for i in range(1 << bits)]
        grey = b"".join(bytes([v, v, v, 0]) for v in levels)
        identity = b"".join(bytes([v, v, v, 0]) for v in range(1 << bits))
        for header in (40, 108):
            yield (f"BMP {bits} bits, colors, header {header}",
                   bmp(11, 3, bits, rows(11, 3, bits), palette=full, header=header))
        yield f"BMP {bits} bits, grey", bmp(11, 3, bits, rows(11, 3, bits), palette=grey)
        yield f"BMP {bits} bits, turned grey", bmp(11, 3, bits, rows(11, 3, bits),
                                                  palette=grey[::-1])
        yield f"BMP {bits} bits, identity", bmp(11, 3, bits, rows(11, 3, bits), palette=identity)
        few = max(2, (1 << bits) // 2)
        yield f"BMP {bits} bits, {few} colors", bmp(
            11, 3, bits, rows(11, 3, bits), palette=full[: 4 * few], colors=few)
        yield f"BMP {bits} bits, header 12", bmp(
            11, 3, bits, rows(11, 3, bits), palette=noise(3 << bits), header=12)
    runs = bytes([5, 1, 0, 0, 3, 2, 0, 4, 7, 8, 9, 6, 0, 0, 0, 2, 2, 0, 9, 3, 0, 1])
    yield "BMP in runs with steps of 8 bits", bmp(7, 3, 8, runs + bytes([0, 1]), 1, palette=noise(1024))
    whole = bytes([7, 1, 0, 0, 3, 2, 0, 4, 7, 8, 9, 6, 0, 0, 0, 2, 2, 0, 5, 3, 0, 0, 0, 1])
    yield "BMP in runs with steps, whole", bmp(7, 3, 8, whole, 1, palette=noise(1024))
    plain = bytes([7, 1, 0, 0, 3, 2, 0, 4, 7, 8, 9, 6, 0, 0, 9, 3, 0, 1])
    yield "BMP in runs of 8 bits, no steps", bmp(7, 3, 8, plain, 1, palette=noise(1024))
    odd = bytes([5, 1, 0, 0, 2, 2, 0, 5, 7, 8, 9, 6, 5, 0, 0, 0, 7, 3, 0, 1])
    yield "BMP in runs of an odd number", bmp(7, 3, 8, odd, 1, palette=noise(1024))
    yield "BMP in runs of 4 bits, no steps", bmp(
        7, 3, 4, bytes([7, 0x12, 0, 0, 3, 0x20, 0, 4, 0x78, 0x9A, 0, 0, 7, 0x3C, 0, 1]), 2,
        palette=noise(64))
    yield "BMP in runs of grey", bmp(7, 3, 8, plain, 1, palette=b"".join(
        bytes([v, v, v, 0]) for v in range(256)))
    four = bytes([7, 0x12, 0, 0, 3, 0x20, 0, 4, 0x78, 0x9A, 0, 0, 0, 2, 2, 0, 5, 0x3C, 0, 0, 0, 1])
    yield "BMP in runs with steps of 4 bits", bmp(7, 3, 4, four, 2, palette=noise(64))


TYPES = {1: "B", 3: "H", 4: "I"}


def tiff(order, tags, strips, tiled=False):
    """A TIFF file of these tags, a number or a list of them each, and uncompressed strips."""
    end = "<" if order == "II" else ">"
    body, offsets = b"", []
    for strip in strips:
        offsets.append(8 + len(body))
        body += strip + b"\0" * (len(strip) % 2)
    tags = {**tags, 324 if tiled else 273: offsets, 325 if tiled else 279: [len(s) for s in strips]}
    directory, extra, at = b"", b"", 8 + len(body) + 2 + 12 * len(tags) + 4
    for tag, values in sorted(tags.items()):
        values = values if isinstance(values, list) else [values]
        kind = 4 if tag in (273, 279, 324, 325) else 3
        data = struct.pack(f"{end}{len(values)}{TYPES[kind]}", *values)
        if len(data) > 4:
            data, extra = struct.pack(end + "I", at + len(extra)), extra + data + b"\0" * (len(data) % 2)
        directory += struct.pack(end + "HHI", tag, kind, len(values)) + data.ljust(4, b"\0")
    head = order.encode() + struct.pack(end + "HI", 42, 8 + len(body))
    return head + body + struct.pack(end + "H", len(tags)) + directory + b"\0" * 4 + extra


def tiffs():
    width, height = 6, 4
    def one(order, photometric, bits, samples, extra=(), fill=1, planar=1, sample_format=None):
        row = (width * bits * (samples if planar == 1 else 1) + 7) // 8
        strips = [noise(row * height) for _ in range(1 if planar == 1 else samples)]
        tags = {256: width, 257: height, 258: [bits] * samples, 259: 1, 262: photometric,
                277: samples, 278: height}
        if extra:
            tags[338] = list(extra)
        if fill != 1:
            tags[266] = fill
        if planar != 1:
            tags[284] = planar
        if sample_format:
            tags[339] = [sample_format] * samples
        if photometric == 3:
            tags[320] = list(struct.unpack(f"<{3 << bits}H", noise(6 << bits)))
        return tiff(order, tags, strips)
    def turned(order, orientation, bits):
        return tiff(order, {256: width, 257: height, 258: [bits] * 3, 259: 1, 262: 2, 274: orientation,
                            277: 3, 278: height}, [noise(width * height * 3 * bits // 8)])
    for order, orientation, bits in itertools.product(("II", "MM"), range(1, 9), (8, 16)):
        yield f"TIFF {order}, orientation {orientation}, {bits} bits", turned(order, orientation, bits)
    for photometric, samples, bits in ((1, 1, 8), (1, 1, 16), (2, 3, 8), (2, 3, 16), (3, 1, 8)):
        tags = {256: width, 257: height, 258: [bits] * samples, 259: 1, 262: photometric,
                277: samples, 278: 3}
        if photometric == 3:
            tags[320] = list(struct.unpack("<768H", noise(1536)))
        row = width * samples * bits // 8
        yield (f"TIFF in strips, photometric {photometric}, {bits} bits",
               tiff("II", tags, [noise(3 * row), noise(row)]))
        whole = {**tags, 256: 32, 257: 32, 322: 16, 323: 16}
        del whole[278]
        yield (f"TIFF in whole tiles, photometric {photometric}, {bits} bits",
               tiff("II", whole, [noise(256 * samples * bits // 8) for _ in range(4)], tiled=True))
    yield "TIFF with one number of bits for three samples", tiff(
        "II", {256: 6, 257: 4, 258: 8, 259: 1, 262: 2, 277: 3, 278: 4}, [noise(72)])
    yield "TIFF without a number of bits", tiff(
        "II", {256: 6, 257: 4, 259: 1, 262: 1, 278: 4}, [noise(4)])
    yield "TIFF without a photometric", tiff(
        "II", {256: 6, 257: 4, 258: 8, 259: 1, 277: 1, 278: 4}, [noise(24)])
    for order in ("II", "MM"):
        for photometric, bits in itertools.product((0, 1), (1, 2, 4, 8, 12, 16, 32)):
            for fill in (1, 2) if bits < 16 else (1,):
                yield (f"TIFF {order}, photometric {photometric}, {bits} bits, fill {fill}",
                       one(order, photometric, bits, 1, fill=fill))
        for bits, sample_format in ((8, 2), (16, 2), (32, 2), (32, 3), (64, 3)):
            yield (f"TIFF {order}, grey of {bits} bits, format {sample_format}",
                   one(order, 1, bits, 1, sample_format=sample_format))
        for bits in (1, 2, 4, 8):
            yield f"TIFF {order}, palette, {bits} bits", one(order, 3, bits, 1)
        for bits, planar in itertools.product((8, 16), (1, 2)):
            yield f"TIFF {order}, RGB, {bits} bits, planes {planar}", one(order, 2, bits, 3, planar=planar)
            for extra in ((), (0,), (1,), (2,), (999,)):
                yield (f"TIFF {order}, RGBA {extra}, {bits} bits, planes {planar}",
                       one(order, 2, bits, 4, extra, planar=planar))
            yield (f"TIFF {order}, CMYK, {bits} bits, planes {planar}",
                   one(order, 5, bits, 4, planar=planar))
            for extra in ((0,), (1,), (2,)):
                yield (f"TIFF {order}, grey and alpha {extra}, {bits} bits, planes {planar}",
                       one(order, 1, bits, 2, extra, planar=planar))
        for extra in ((0, 0), (2, 0), (1, 0)):
            yield f"TIFF {order}, RGB and {extra}", one(order, 2, 8, 5, extra)
        yield f"TIFF {order}, palette and alpha", one(order, 3, 8, 2, (2,))
        yield f"TIFF {order}, LAB", one(order, 8, 8, 3)
        yield f"TIFF {order}, YCbCr", one(order, 6, 8, 3)
        yield f"TIFF {order}, RGB of 32 bits", one(order, 2, 32, 3)
        yield f"TIFF {order}, RGB of 4 bits", one(order, 2, 4, 3)
        yield f"TIFF {order}, tiles", tiff(order, {
            256: 20, 257: 18, 258: [8] * 3, 259: 1, 262: 2, 277: 3, 322: 16, 323: 16},
            [noise(768) for _ in range(4)], tiled=True)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(color, bits, samples, extra=b"", interlaced=False):
    width, height = (1, 1) if interlaced else (7, 3)
    row = (width * bits * samples + 7) // 8
    head = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, interlaced)
    body = b"".join(b"\0" + noise(row) for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(body))
            + chunk(b"IEND", b""))


def pngs():
    kinds = ((0, (1, 2, 4, 8, 16), 1), (2, (8, 16), 3), (3, (1, 2, 4, 8), 1), (4, (8, 16), 2),
             (6, (8, 16), 4))
    gamma = chunk(b"gAMA", struct.pack(">I", 45455)) + chunk(b"sBIT", b"\5\5\5")
    for color, depths, samples in kinds:
        for bits in depths:
            palette = chunk(b"PLTE", noise(3 << bits)) if color == 3 else b""
            clear = chunk(b"tRNS", {0: b"\0\1", 2: b"\0\1" * 3, 3: b"\0\x80"}.get(color, b""))
            for name, extra in (("plain", palette), ("gamma", gamma + palette)) + (
                    (("transparency", palette + clear),) if color < 4 else ()):
                yield f"PNG of color {color}, {bits} bits, {name}", png(color, bits, samples, extra)


def saved(mode, kind, **options):
    out = io.BytesIO()
    picture(mode, options.pop("size", (7, 5))).save(out, kind, **options)
    return out.getvalue()


def by_pillow():
    for mode, compression in itertools.product(
            ("1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16", "I", "F", "YCbCr", "LAB"),
            ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "group4", "zstd", "tiff_deflate",
             "lzma", "webp")):
        yield f"TIFF of {mode}, {compression}", lambda m=mode, c=compression: saved(
            m, "TIFF", compression=c)
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16"):
        yield f"PNG of {mode}", lambda m=mode: saved(m, "PNG")
    for bits in (1, 2, 4):
        yield f"PNG of P, {bits} bits", lambda b=bits: saved("P", "PNG", bits=b)
    for mode, see in (("RGB", (1, 2, 3)), ("L", 7), ("P", 3), ("1", 0), ("I", 700)):
        yield f"PNG of {mode} with transparency", lambda m=mode, s=see: saved(
            m, "PNG", transparency=s)
    for mode, quality in itertools.product(("RGB", "RGBA", "L", "P"), (20, 90)):
        yield f"WebP of {mode}, {quality}", lambda m=mode, q=quality: saved(
            m, "WEBP", quality=q, size=(33, 17))
    for mode in ("RGB", "RGBA"):
        yield f"WebP of {mode}, lossless", lambda m=mode: saved(m, "WEBP", lossless=True)
    yield "WebP of two pictures", lambda: saved("RGB", "WEBP", save_all=True,
                                                append_images=[picture("RGB")])
    for mode, sampling, progressive in itertools.product(
            ("L", "RGB", "CMYK", "YCbCr"), (0, 1, 2), (False, True)):
        yield (f"JPEG of {mode}, sampling {sampling}, progressive {progressive}",
               lambda m=mode, s=sampling, p=progressive: saved(
                   m, "JPEG", subsampling=s, progressive=p, size=(33, 17)))


def all_files():
    for name, data in itertools.chain(pnm(), bmps(), pngs(), tiffs()):
        yield name, data
    for name, make in by_pillow():
        try:
            yield name, make()
        except Exception:  # Pillow does not write every mode in every way
            pass


def main(path):
    listed = {}
    for name, data in all_files():
        try:
            rgb = Image.open(io.BytesIO(data)).convert("RGB")
            listed[name] = {"file": base64.b64encode(data).decode(), "width_px": rgb.width,
                            "height_px": rgb.height, "crc32": zlib.crc32(rgb.tobytes())}
        except Exception as error:
            print(f"{name}: {error}")
    lines = [f"{json.dumps(name)}: {json.dumps(about)}" for name, about in listed.items()]
    with open(path, "w") as out:
        out.write("{\n" + ",\n".join(lines) + "\n}\n")


main(sys.argv[1])
