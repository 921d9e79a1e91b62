"""Exposures for the tests of Images, made by astropy, and checks of the stamps that were cut from them.

stamps.py make DIR SEED    writes exposures, and points with their positions as astropy has them (points.bin: x, y, ra, dec a point)
stamps.py check DIR        opens the stamps that the test left in DIR by stamps.json, and holds them against the exposures
stamps.py real FILE DIR    writes the stamps of the first alerts of a container, and their images as astropy reads them
stamps.py png FILE         prints width, height and the gray values of a PNG, decoded here
"""

import gzip
import io
import json
import struct
import sys
import warnings
import zlib

import numpy as np
from astropy.io import fits
from astropy.nddata import CCDData
from astropy.wcs import WCS

WIDTH, HEIGHT = 230, 170


def header(kind):
    h = fits.Header()
    h["CTYPE1"], h["CTYPE2"] = {
        "tan": ("RA---TAN", "DEC--TAN"),
        "sip": ("RA---TAN-SIP", "DEC--TAN-SIP"),
        "tpv": ("RA---TPV", "DEC--TPV"),
        "swapped": ("DEC--TAN", "RA---TAN"),
    }[kind]
    position = (0.002, -47.2)
    h["CRVAL1"], h["CRVAL2"] = position[::-1] if kind == "swapped" else position
    h["CRPIX1"], h["CRPIX2"] = 101.25, -40.123456789
    h["CUNIT1"] = h["CUNIT2"] = "deg"
    h["CD1_1"], h["CD1_2"], h["CD2_1"], h["CD2_2"] = -4.17e-5, 3.67e-5, 3.66e-5, 4.18e-5
    h["RADESYS"] = "ICRS"
    if kind == "sip":
        h["A_ORDER"] = h["B_ORDER"] = 3
        for name, value in {"A_2_0": 2e-6, "A_1_1": -3e-6, "A_0_3": 4e-9, "B_0_2": 5e-6, "B_2_1": -2e-9, "B_1_1": 1e-6}.items():
            h[name] = value
    if kind == "tpv":
        for axis in (1, 2):
            h[f"PV{axis}_0"], h[f"PV{axis}_1"], h[f"PV{axis}_2"], h[f"PV{axis}_4"] = 1e-5, 1.001, -2e-4, 0.02
            h[f"PV{axis}_7"] = -0.3
    return h


def planes(r, psf=True):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    image = (r.normal(0, 30, (HEIGHT, WIDTH)) + 1000 * np.exp(-((x - 60) ** 2 + (y - 100) ** 2) / 8)).astype("f4")
    image[5, 7] = np.nan
    mask = r.integers(0, 2**20, (HEIGHT, WIDTH)).astype("i4")
    variance = r.uniform(800, 1000, (HEIGHT, WIDTH)).astype("f4")
    k = np.mgrid[-10:11, -10:11]
    p = np.exp(-(k[0] ** 2 + k[1] ** 2) / 8)
    return image, mask, variance, (p / p.sum()).astype("f4")


def make(folder, seed):
    r = np.random.default_rng(seed)
    image, mask, variance, psf = planes(r)
    points = []
    for kind in ("tan", "sip", "tpv", "swapped"):
        h = header(kind)
        h["BUNIT"] = "nJy"
        m = fits.ImageHDU(mask, name="MASK")
        m.header["MP_BAD"], m.header["MP_SAT"] = 0, 1
        m.header["HIERARCH MP_NO_DATA"] = 9
        lsst = [fits.PrimaryHDU(), fits.ImageHDU(image, h, "IMAGE"), m, fits.ImageHDU(variance, name="VARIANCE")]
        lsst.append(fits.ImageHDU(psf, name="PSF"))
        # In an order of its own: planes are found by name.
        fits.HDUList([lsst[i] for i in (0, 4, 3, 1, 2)]).writeto(f"{folder}/{kind}.fits", overwrite=True)
        wcs = WCS(h)
        x, y = r.uniform(-20, WIDTH + 20, 200), r.uniform(-20, HEIGHT + 20, 200)
        sky = wcs.all_pix2world(x, y, 0)
        ra, dec = sky[::-1] if kind == "swapped" else sky
        np.array([x, y, ra, dec]).T.astype("<f8").tofile(f"{folder}/{kind}.points")
    np.concatenate([p.ravel().view("<u4") for p in (image, mask, variance)]).tofile(f"{folder}/planes")
    h = header("tan")
    h["MAGZERO"] = 27.5
    fits.PrimaryHDU(image, h).writeto(f"{folder}/plain.fits", overwrite=True)
    with open(f"{folder}/plain.fits", "rb") as f, gzip.open(f"{folder}/plain.fits.gz", "wb") as g:
        g.write(f.read())
    fits.HDUList([fits.PrimaryHDU(image, h), fits.ImageHDU(mask), fits.ImageHDU(variance)]).writeto(f"{folder}/order.fits", overwrite=True)
    # Lossless, so that the pixels are to be equal.
    fits.HDUList(
        [
            fits.PrimaryHDU(),
            fits.CompImageHDU(image, h, name="IMAGE", compression_type="GZIP_2", quantize_level=0),
            fits.CompImageHDU(mask, name="MASK", compression_type="RICE_1"),
            fits.CompImageHDU(variance, name="VARIANCE", compression_type="GZIP_1", quantize_level=0),
        ]
    ).writeto(f"{folder}/packed.fits", overwrite=True)
    bad = fits.ImageHDU(mask[:-1], name="MASK")
    fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(image, h, "IMAGE"), bad]).writeto(f"{folder}/unequal.fits", overwrite=True)
    h = header("tan")
    h["CTYPE1"], h["CTYPE2"] = "GLON-TAN", "GLAT-TAN"
    fits.PrimaryHDU(image, h).writeto(f"{folder}/galactic.fits", overwrite=True)


def cut(plane, x, y, size, fill):
    out = np.full((size, size), fill, plane.dtype)
    for j in range(size):
        for i in range(size):
            if 0 <= x + i < plane.shape[1] and 0 <= y + j < plane.shape[0]:
                out[j, i] = plane[y + j, x + i]
    return out


def same(a, b, what):
    assert a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f"), what


def check(folder):
    warnings.filterwarnings("ignore", message=".*RADECSYS.*")
    worst = 0.0
    with open(f"{folder}/stamps.json") as f:
        stamps = json.load(f)
    for s in stamps:
        with open(f"{folder}/{s['stamp']}", "rb") as f:
            data = f.read()
        assert len(data) % 2880 == 0, "the stamp is no whole number of blocks"
        with fits.open(f"{folder}/{s['exposure']}") as e, fits.open(io.BytesIO(data)) as h:
            h.verify("exception")
            by_name = {x.name: x for x in e}
            image = by_name.get("IMAGE", e[0])
            size, ra, dec = s["size"], s["ra"], s["dec"]
            x0, y0 = h[0].header["CUTMINX"], h[0].header["CUTMINY"]
            same(h[0].data, cut(image.data, x0, y0, size, np.nan), "image")
            wcs, stamp = WCS(image.header), WCS(h[0].header)
            x, y = wcs.all_world2pix(ra, dec, 0)
            assert abs(x - x0 - (size - 1) / 2) <= 0.5001 and abs(y - y0 - (size - 1) / 2) <= 0.5001, "the position is not in the middle"
            points = np.array([[0.0, 0], [size - 1, 0], [0, size - 1], [size - 1, size - 1], [size / 3, size / 2]])
            a, b = wcs.all_pix2world(points + [x0, y0], 0), stamp.all_pix2world(points, 0)
            worst = max(worst, float(np.abs((a - b + 180) % 360 - 180).max()))
            north = wcs.all_pix2world([[114.5, 84.0], [114.5, 85.0]], 0)
            east = (north[1, 0] - north[0, 0] + 180) % 360 - 180
            angle = np.degrees(np.arctan2(east * np.cos(np.radians(dec)), north[1, 1] - north[0, 1])) % 360
            assert abs(angle - h["PRIMARY"].header["ROTPA"]) < 0.1, "ROTPA"
            names = [x.name for x in h]
            mask = by_name["MASK"].data if "MASK" in by_name else np.zeros(image.data.shape, "i4")
            bit = 9 if "MASK" in by_name else 8
            assert h["MASK"].header["MP_NO_DATA"] == bit
            same(h["MASK"].data, cut(mask, x0, y0, size, 1 << bit), "mask")
            assert ("UNCERT" in names) == ("VARIANCE" in by_name) and ("PSFIMAGE" in names) == ("PSF" in by_name), names
            if "UNCERT" in names:
                same(h["UNCERT"].data, cut(by_name["VARIANCE"].data, x0, y0, size, np.nan), "variance")
                assert h["MASK"].header["MP_SAT"] == 1
                ccd = CCDData.read(io.BytesIO(data), format="fits")
                assert str(ccd.unit) == "nJy" and type(ccd.uncertainty).__name__ == "VarianceUncertainty"
                same(ccd.data, h[0].data, "CCDData")
                same(ccd.psf, by_name["PSF"].data, "PSF")
            assert h[0].header.get("PSFMATCH", False) is s["matched"]
    print(json.dumps({"stamps": len(stamps), "worstDeg": worst}))


def real(path, folder):
    import fastavro

    warnings.filterwarnings("ignore")
    count = 0
    with open(path, "rb") as f:
        for alert, _ in zip(fastavro.reader(f), range(8)):
            for name in ("cutoutDifference", "cutoutScience", "cutoutTemplate"):
                data = alert[name] if isinstance(alert[name], bytes) else alert[name]["stampData"]
                with open(f"{folder}/{count}.stamp", "wb") as out:
                    out.write(data)
                if data[:2] == b"\x1f\x8b":
                    data = gzip.decompress(data)
                with fits.open(io.BytesIO(data)) as h:
                    h[0].data.astype("<f4").tofile(f"{folder}/{count}.image")
                    if "UNCERT" in h:
                        h["UNCERT"].data.astype("<f4").tofile(f"{folder}/{count}.variance")
                count += 1
    print(count)


def png(path):
    with open(path, "rb") as f:
        data = f.read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, body, size = 8, b"", None
    while at < len(data):
        n, kind = struct.unpack(">I4s", data[at : at + 8])
        chunk = data[at + 8 : at + 8 + n]
        assert struct.unpack(">I", data[at + 8 + n : at + 12 + n])[0] == zlib.crc32(kind + chunk), "CRC"
        at += 12 + n
        if kind == b"IHDR":
            width, height, *rest = struct.unpack(">IIBBBBB", chunk)
            assert rest == [8, 0, 0, 0, 0], "8-bit gray, not interlaced"
            size = (width, height)
        if kind == b"IDAT":
            body += chunk
    assert kind == b"IEND" and at == len(data)
    rows = np.frombuffer(zlib.decompress(body), "u1").reshape(size[1], size[0] + 1)
    assert not rows[:, 0].any(), "rows without filter"
    sys.stdout.buffer.write(struct.pack("<II", *size) + rows[:, 1:].tobytes())


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"make": lambda a, b: make(a, int(b)), "check": check, "real": real, "png": png}[command](*arguments)
