import { errorMessage } from '@medkit/core';
import { CdrReader } from '@medkit/ros2/decode';
import { pictureRefused } from './picture-refused.ts';

/** A `sensor_msgs/msg/Image`; `data` is a view of the serialised message. */
export interface ImageMessage {
  readonly width: number;
  readonly height: number;
  readonly encoding: string;
  readonly isBigEndian: boolean;
  /** Bytes from one row to the next. */
  readonly step: number;
  readonly data: Uint8Array;
}

/** A `sensor_msgs/msg/CompressedImage`; `data` is a view of the serialised message. */
export interface CompressedImageMessage {
  readonly format: string;
  readonly data: Uint8Array;
}

/**
 * Reads an image without a copy of its pixels: the message decoder would make an array of millions of numbers. Throws
 * `precondition-not-fulfilled` if the message is malformed.
 */
export function readImage(cdr: Uint8Array): ImageMessage {
  return read(cdr, 'sensor_msgs/msg/Image', (reader) => {
    const height = reader.uint32();
    const width = reader.uint32();
    const encoding = reader.string();
    const isBigEndian = reader.uint8() !== 0;
    const step = reader.uint32();
    return { width, height, encoding, isBigEndian, step, data: bytes(reader) };
  });
}

/** Reads a compressed image without a copy of its data. Throws `precondition-not-fulfilled` if it is malformed. */
export function readCompressedImage(cdr: Uint8Array): CompressedImageMessage {
  return read(cdr, 'sensor_msgs/msg/CompressedImage', (reader) => ({ format: reader.string(), data: bytes(reader) }));
}

function read<T>(cdr: Uint8Array, type: string, body: (reader: CdrReader) => T): T {
  try {
    const reader = new CdrReader(cdr);
    // `std_msgs/msg/Header`: time stamp and frame.
    reader.int32();
    reader.uint32();
    reader.string();
    return body(reader);
  } catch (error) {
    throw pictureRefused(`The message is not a valid ${type}: ${errorMessage(error)}`);
  }
}

function bytes(reader: CdrReader): Uint8Array {
  return reader.uint8Array(reader.sequenceLength(1));
}
