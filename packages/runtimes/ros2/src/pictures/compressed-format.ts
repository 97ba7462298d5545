/** A compressed image, by its content. */
export interface CompressedFormat {
  readonly encoding: 'jpeg' | 'png' | 'webp';
  readonly width: number;
  readonly height: number;
}

/**
 * Recognizes JPEG, PNG and WebP by their first bytes, whatever the publisher calls the format. Returns `undefined` for
 * any other content, such as SVG, and for a header without a size.
 */
export function compressedFormat(data: Uint8Array): CompressedFormat | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 30) return undefined;
  if (startsWith(data, 0, [0xff, 0xd8, 0xff])) return jpegSize(view);
  // ISO/IEC 15948, 5.2 and 11.2.2: the signature, then the chunk with the size.
  if (startsWith(data, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) && hasName(data, 12, 'IHDR')) {
    return sized('png', view.getUint32(16), view.getUint32(20));
  }
  return hasName(data, 0, 'RIFF') && hasName(data, 8, 'WEBP') ? webpSize(data, view) : undefined;
}

/** Reads the size of the first frame (ISO/IEC 10918-1, B.2.2). */
function jpegSize(view: DataView): CompressedFormat | undefined {
  let at = 2;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    // A marker may follow any number of fill bytes.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isFrame(marker)) return sized('jpeg', view.getUint16(at + 7), view.getUint16(at + 5));
    const length = view.getUint16(at + 2);
    if (length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}

/** Start of a frame: SOF0 to SOF15, except for the markers among them that define tables. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Reads the size from the first chunk (RFC 9649, 2). */
function webpSize(data: Uint8Array, view: DataView): CompressedFormat | undefined {
  const uint24 = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
  if (hasName(data, 12, 'VP8X')) return sized('webp', uint24(24) + 1, uint24(27) + 1);
  if (hasName(data, 12, 'VP8L')) {
    const bits = view.getUint32(21, true);
    return sized('webp', (bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
  }
  if (!hasName(data, 12, 'VP8 ')) return undefined;
  return sized('webp', view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
}

function sized(encoding: CompressedFormat['encoding'], width: number, height: number): CompressedFormat | undefined {
  return width > 0 && height > 0 ? { encoding, width, height } : undefined;
}

function startsWith(data: Uint8Array, at: number, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => data[at + index] === byte);
}

function hasName(data: Uint8Array, at: number, name: string): boolean {
  return startsWith(
    data,
    at,
    Array.from(name, (letter) => letter.charCodeAt(0)),
  );
}
