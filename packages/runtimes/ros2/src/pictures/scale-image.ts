import type { ImageMessage } from './image-message.ts';
import { pictureRefused } from './picture-refused.ts';
import { type PixelFormat, pixelFormat, SUPPORTED_ENCODINGS } from './pixel-formats.ts';

/** A picture in memory: gray or red, green and blue, 8 bits each, rows from the top without gaps. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly bytes: Uint8Array;
}

/** Maximum pixels of an image at its source: an 8K camera. A larger one is a defect of its sender. */
export const MAX_PIXELS = 7680 * 4320;
/** Characters of an encoding in an error. */
const ENCODING_LENGTH = 64;
/** Darkest gray of a measured distance: black is no measurement. */
const DARKEST = 32;

/**
 * Reduces an image to at most `maxSide` pixels in each direction; never enlarges it. Reads only the pixels that it
 * needs: the nearest of the source for each of the picture. Throws `precondition-not-fulfilled` if the encoding is not
 * supported, or the size does not match the data.
 */
export function scaleImage(image: ImageMessage, maxWidth: number, maxHeight: number): Pixels {
  const format = pixelFormat(image.encoding);
  if (!format) throw unsupported(image.encoding);
  assertSize(image, format);
  const scale = Math.min(1, maxWidth / image.width, maxHeight / image.height);
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const columns = Uint32Array.from({ length: width }, (_, at) => nearest(at, width, image.width));
  const rows = Uint32Array.from({ length: height }, (_, at) => nearest(at, height, image.height) * image.step);
  const source: Source = { data: image.data, isBigEndian: image.isBigEndian, columns, rows };
  return { width, height, ...read(source, format) };
}

/** The pixels to read: columns in pixels, rows as offsets in bytes. */
interface Source {
  readonly data: Uint8Array;
  readonly isBigEndian: boolean;
  readonly columns: Uint32Array;
  readonly rows: Uint32Array;
}

type Read = Pick<Pixels, 'channels' | 'bytes'>;

function read(source: Source, format: PixelFormat): Read {
  switch (format.kind) {
    case 'bytes':
      return readBytes(source, format.pixelBytes, format.offsets);
    case 'yuv422':
      return readYuv(source, format);
    case 'gray16':
      return readGray16(source);
    default:
      return readDepth(source, format.kind);
  }
}

function readBytes({ data, columns, rows }: Source, pixelBytes: number, offsets: readonly number[]): Read {
  const channels = offsets.length === 1 ? 1 : 3;
  const bytes = new Uint8Array(columns.length * rows.length * channels);
  const [first = 0, second = 0, third = 0] = offsets;
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = row + column * pixelBytes;
      bytes[at++] = data[from + first]!;
      if (channels === 1) continue;
      bytes[at++] = data[from + second]!;
      bytes[at++] = data[from + third]!;
    }
  }
  return { channels, bytes };
}

function readGray16({ data, isBigEndian, columns, rows }: Source): Read {
  const bytes = new Uint8Array(columns.length * rows.length);
  const high = isBigEndian ? 0 : 1;
  let at = 0;
  for (const row of rows) for (const column of columns) bytes[at++] = data[row + column * 2 + high]!;
  return { channels: 1, bytes };
}

/** Converts by BT.601 with the full range, as cameras with this encoding send it. */
function readYuv({ data, columns, rows }: Source, { y, u, v }: Extract<PixelFormat, { kind: 'yuv422' }>): Read {
  const bytes = new Uint8ClampedArray(columns.length * rows.length * 3);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const pair = row + (column >> 1) * 4;
      const brightness = data[pair + y + (column & 1) * 2]!;
      const [blue, red] = [data[pair + u]! - 128, data[pair + v]! - 128];
      bytes[at++] = brightness + 1.402 * red;
      bytes[at++] = brightness - 0.344 * blue - 0.714 * red;
      bytes[at++] = brightness + 1.772 * blue;
    }
  }
  return { channels: 3, bytes: new Uint8Array(bytes.buffer) };
}

/** Maps the distances of the picture to gray: the nearest to `DARKEST`, the farthest to white. */
function readDepth({ data, isBigEndian, columns, rows }: Source, kind: 'depth16' | 'depth32'): Read {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const values = new Float32Array(columns.length * rows.length);
  let [nearestValue, farthest] = [Number.POSITIVE_INFINITY, 0];
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const value =
        kind === 'depth16'
          ? view.getUint16(row + column * 2, !isBigEndian)
          : view.getFloat32(row + column * 4, !isBigEndian);
      const isMeasured = value > 0 && value < Number.POSITIVE_INFINITY;
      values[at++] = isMeasured ? value : 0;
      if (!isMeasured) continue;
      if (value < nearestValue) nearestValue = value;
      if (value > farthest) farthest = value;
    }
  }
  const factor = farthest > nearestValue ? (255 - DARKEST) / (farthest - nearestValue) : 0;
  // A loop: `Uint8Array.from` takes six times as long (benchmarks/picture.ts).
  const bytes = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    if (value > 0) bytes[index] = DARKEST + (value - nearestValue) * factor;
  }
  return { channels: 1, bytes };
}

/** Returns the pixel of the source in the middle of a pixel of the picture. */
function nearest(at: number, count: number, sourceCount: number): number {
  return Math.min(sourceCount - 1, Math.floor(((at + 0.5) * sourceCount) / count));
}

function assertSize({ width, height, step, data, encoding }: ImageMessage, { pixelBytes, kind }: PixelFormat): void {
  const size = `${width} x ${height} pixels of ${encoding}`;
  if (width === 0 || height === 0) throw pictureRefused(`The image has no pixels: its size is ${width} x ${height}`);
  if (width * height > MAX_PIXELS) {
    throw pictureRefused(`The image is too large for a picture: ${size}; at most ${MAX_PIXELS} pixels are shown`);
  }
  // Pairs of pixels share their colour, also the last of an odd number.
  const rowBytes = kind === 'yuv422' ? Math.ceil(width / 2) * 4 : width * pixelBytes;
  if (step < rowBytes) {
    throw pictureRefused(`The image is invalid: a row of ${size} has ${rowBytes} bytes, but its step is ${step}`);
  }
  if (step * height > data.length) {
    const expected = `${height} rows of ${step} bytes`;
    throw pictureRefused(`The image is invalid: ${expected} do not fit in its ${data.length} bytes of data`);
  }
}

function unsupported(encoding: string) {
  const name = encoding.slice(0, ENCODING_LENGTH);
  const message = `Images with the encoding "${name}" cannot be shown. Supported encodings: ${SUPPORTED_ENCODINGS.join(', ')}`;
  return pictureRefused(message, { encoding: name, supported: SUPPORTED_ENCODINGS });
}
