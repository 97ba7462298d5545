/** How the pixels of an encoding of `sensor_msgs/image_encodings.hpp` are stored. */
export type PixelFormat =
  /** One byte for each of the offsets within a pixel: one for gray, three for red, green and blue. */
  | { readonly kind: 'bytes'; readonly pixelBytes: number; readonly offsets: readonly number[] }
  /** Unsigned 16-bit gray over the whole range. */
  | { readonly kind: 'gray16'; readonly pixelBytes: 2 }
  /** Distances without a fixed range. Zero, negative and infinite values and NaN are no measurement. */
  | { readonly kind: 'depth16'; readonly pixelBytes: 2 }
  | { readonly kind: 'depth32'; readonly pixelBytes: 4 }
  /** Two pixels in four bytes: brightness at `y` and `y + 2`, colour at `u` and `v`. */
  | { readonly kind: 'yuv422'; readonly pixelBytes: 2; readonly y: number; readonly u: number; readonly v: number };

const bytes = (pixelBytes: number, offsets: readonly number[]): PixelFormat => ({ kind: 'bytes', pixelBytes, offsets });

const GRAY = bytes(1, [0]);
const GRAY_16: PixelFormat = { kind: 'gray16', pixelBytes: 2 };
const RGB = bytes(3, [0, 1, 2]);
const BGR = bytes(3, [2, 1, 0]);
const RGBA = bytes(4, [0, 1, 2]);
const BGRA = bytes(4, [2, 1, 0]);
const UYVY: PixelFormat = { kind: 'yuv422', pixelBytes: 2, y: 1, u: 0, v: 2 };
const YUYV: PixelFormat = { kind: 'yuv422', pixelBytes: 2, y: 0, u: 1, v: 3 };

/** Encodings that can be shown. Multi-channel OpenCV types are in the order of OpenCV; a Bayer mosaic is shown as gray. */
const FORMATS: Readonly<Record<string, PixelFormat>> = {
  rgb8: RGB,
  bgr8: BGR,
  rgba8: RGBA,
  bgra8: BGRA,
  mono8: GRAY,
  mono16: GRAY_16,
  '8UC1': GRAY,
  '8UC3': BGR,
  '8UC4': BGRA,
  '16UC1': { kind: 'depth16', pixelBytes: 2 },
  '32FC1': { kind: 'depth32', pixelBytes: 4 },
  bayer_rggb8: GRAY,
  bayer_bggr8: GRAY,
  bayer_gbrg8: GRAY,
  bayer_grbg8: GRAY,
  bayer_rggb16: GRAY_16,
  bayer_bggr16: GRAY_16,
  bayer_gbrg16: GRAY_16,
  bayer_grbg16: GRAY_16,
  yuv422: UYVY,
  uyvy: UYVY,
  yuv422_yuy2: YUYV,
  yuyv: YUYV,
};

/** Names of the encodings, for errors. */
export const SUPPORTED_ENCODINGS: readonly string[] = Object.keys(FORMATS);

/** Returns how the pixels of an encoding are stored; `undefined` if it cannot be shown. */
export function pixelFormat(encoding: string): PixelFormat | undefined {
  return Object.hasOwn(FORMATS, encoding) ? FORMATS[encoding] : undefined;
}
