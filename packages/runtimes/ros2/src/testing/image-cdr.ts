/** Fields of a `sensor_msgs/msg/Image`; `step` is that of rows without gaps unless given. */
export interface ImageFields {
  readonly width: number;
  readonly height: number;
  readonly encoding: string;
  readonly data: Uint8Array;
  readonly step?: number;
  readonly isBigEndian?: boolean;
}

/** Returns a serialised `sensor_msgs/msg/Image`. */
export function imageCdr({ width, height, encoding, data, step, isBigEndian = false }: ImageFields): Uint8Array {
  return serialised((write) => {
    write.uint32(height);
    write.uint32(width);
    write.string(encoding);
    write.uint8(isBigEndian ? 1 : 0);
    write.uint32(step ?? data.length / Math.max(1, height));
    write.bytes(data);
  });
}

/** Returns a serialised `sensor_msgs/msg/CompressedImage`. */
export function compressedImageCdr(format: string, data: Uint8Array): Uint8Array {
  return serialised((write) => {
    write.string(format);
    write.bytes(data);
  });
}

/** Writes little-endian CDR with a header of frame `camera`. */
function serialised(body: (write: ReturnType<typeof writer>) => void): Uint8Array {
  const write = writer();
  write.uint32(1);
  write.uint32(2);
  write.string('camera');
  body(write);
  return Uint8Array.from([0, 1, 0, 0, ...write.octets]);
}

function writer() {
  const octets: number[] = [];
  const uint32 = (value: number): void => {
    while (octets.length % 4 !== 0) octets.push(0);
    for (let shift = 0; shift < 32; shift += 8) octets.push((value >>> shift) & 0xff);
  };
  return {
    octets,
    uint32,
    uint8: (value: number): void => void octets.push(value),
    string: (text: string): void => {
      uint32(text.length + 1);
      for (const letter of `${text}\0`) octets.push(letter.charCodeAt(0));
    },
    bytes: (data: Uint8Array): void => {
      uint32(data.length);
      for (const byte of data) octets.push(byte);
    },
  };
}
