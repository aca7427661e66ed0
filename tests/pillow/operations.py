"""Each operation as Pillow itself does it, and random draws of everything it needs.

An operation is a pair: draw(random, picture) gives the options of a golden case, and
apply(picture, options) the picture that Pillow makes of it.
"""
import math

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

RESAMPLES = {"nearest": Image.NEAREST, "bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}


def geometric(low, high):
    def draw(random, _):
        fill = random.choice([None, [random.randrange(256) for _ in range(3)]])
        return {"value": random.choice([random.uniform(low, high), float(round(high / 2))]),
                "resample": random.choice(list(RESAMPLES)), "fill": fill}
    return draw


def affine(matrix_of):
    def apply(picture, options):
        fill = tuple(options["fill"] or (0, 0, 0))
        matrix = matrix_of(options["value"], *picture.size)
        return picture.transform(picture.size, Image.AFFINE, matrix,
                                 RESAMPLES[options["resample"]], fillcolor=fill)
    return apply


def rotate(picture, options):
    fill = tuple(options["fill"] or (0, 0, 0))
    return picture.rotate(options["value"], RESAMPLES[options["resample"]], fillcolor=fill)


def draw_angle(random, picture):
    options = geometric(-180, 180)(random, picture)
    if random.random() < 0.15:
        options["value"] = random.choice([0.0, 90.0, -90.0, 180.0, 270.0])
    return options


def nothing(_random, _picture):
    return {}


def value(low, high):
    return lambda random, _: {"value": random.uniform(low, high)}


def whole(low, high):
    return lambda random, _: {"value": random.randint(low, high)}


def enhance(kind):
    return lambda picture, options: kind(picture).enhance(options["value"])


def cutout(relative):
    def draw(random, picture):
        width, height = picture.size
        side = random.uniform(0, 1.2) if relative else random.uniform(0, 1.2 * width)
        return {"value": side, "x0": random.uniform(0, width), "y0": random.uniform(0, height),
                "fill": [125, 123, 114]}

    def apply(picture, options):
        width, height = picture.size
        side = options["value"] * (width if relative else 1)
        if side <= 0:
            return picture.copy()
        x0 = int(max(0, options["x0"] - side / 2))
        y0 = int(max(0, options["y0"] - side / 2))
        made = picture.copy()
        ImageDraw.Draw(made).rectangle(
            (x0, y0, min(width, x0 + side), min(height, y0 + side)), tuple(options["fill"]))
        return made
    return draw, apply


def draw_square(random, picture):
    width, height = picture.size
    return {"value": random.randint(0, 40), "center_row": random.randrange(height),
            "center_col": random.randrange(width), "fill": [128, 128, 128]}


def square(picture, options):
    half, row, column = options["value"], options["center_row"], options["center_col"]
    box = (max(0, column - half), max(0, row - half),
           min(picture.width, column + half), min(picture.height, row + half))
    made = picture.copy()
    if box[0] < box[2] and box[1] < box[3]:
        made.paste(tuple(options["fill"]), box)
    return made


def solarize_add(picture, options):
    amount = options["value"]
    return picture.point([min(255, i + amount) if i < 128 else i for i in range(256)] * 3)


OPERATIONS = {
    "ShearX": (geometric(-1, 1), affine(lambda v, w, h: (1, v, 0, 0, 1, 0))),
    "ShearY": (geometric(-1, 1), affine(lambda v, w, h: (1, 0, 0, v, 1, 0))),
    "TranslateX": (geometric(-60, 60), affine(lambda v, w, h: (1, 0, v, 0, 1, 0))),
    "TranslateY": (geometric(-60, 60), affine(lambda v, w, h: (1, 0, 0, 0, 1, v))),
    "TranslateXRel": (geometric(-1, 1), affine(lambda v, w, h: (1, 0, v * w, 0, 1, 0))),
    "TranslateYRel": (geometric(-1, 1), affine(lambda v, w, h: (1, 0, 0, 0, 1, v * h))),
    "Rotate": (draw_angle, rotate),
    "AutoContrast": (nothing, lambda picture, _: ImageOps.autocontrast(picture)),
    "Invert": (nothing, lambda picture, _: ImageOps.invert(picture)),
    "Equalize": (nothing, lambda picture, _: ImageOps.equalize(picture)),
    "Smooth": (nothing, lambda picture, _: picture.filter(ImageFilter.SMOOTH)),
    "Solarize": (value(0, 256), lambda picture, o: ImageOps.solarize(picture, o["value"])),
    "SolarizeAdd": (whole(0, 128), solarize_add),
    "Posterize": (whole(0, 8), lambda picture, o: ImageOps.posterize(picture, o["value"])),
    "Color": (value(0, 2.5), enhance(ImageEnhance.Color)),
    "Contrast": (value(0, 2.5), enhance(ImageEnhance.Contrast)),
    "Brightness": (value(0, 2.5), enhance(ImageEnhance.Brightness)),
    "Sharpness": (value(0, 2.5), enhance(ImageEnhance.Sharpness)),
    "Cutout": cutout(relative=True),
    "CutoutAbs": cutout(relative=False),
    "CutoutSquare": (draw_square, square),
}


def hue(picture, turns):
    """What torchvision does with a Pillow picture: the hue channel goes round modulo 256."""
    h, s, v = picture.convert("HSV").split()
    shift = math.trunc(turns * 255)
    h = h.point([(i + shift) % 256 for i in range(256)])
    return Image.merge("HSV", (h, s, v)).convert("RGB")


JITTER_STEPS = {
    "brightness": lambda picture, f: ImageEnhance.Brightness(picture).enhance(f),
    "contrast": lambda picture, f: ImageEnhance.Contrast(picture).enhance(f),
    "saturation": lambda picture, f: ImageEnhance.Color(picture).enhance(f),
    "hue": hue,
}


def draw_jitter(random, _):
    names = list(JITTER_STEPS)
    random.shuffle(names)
    return {"steps": [[name, random.uniform(-0.5, 0.5) if name == "hue" else
                       random.uniform(0.4, 1.8)] for name in names[:random.randint(1, 4)]]}


def jitter(picture, options):
    for name, factor in options["steps"]:
        picture = JITTER_STEPS[name](picture, factor)
    return picture


def grayscale(picture, _):
    grey = picture.convert("L")
    return Image.merge("RGB", (grey, grey, grey))
