import type { CapturedSample } from './pending-capture.ts';

/** Header of each sample: time of arrival (int64), size of the message, stored bytes (uint32 each), little-endian. */
const HEADER_LENGTH = 16;

/** Packs samples into one blob. */
export function packSamples(samples: readonly CapturedSample[]): Uint8Array {
  const blob = new Uint8Array(samples.reduce((sum, { octets }) => sum + HEADER_LENGTH + octets.length, 0));
  const view = new DataView(blob.buffer);
  let at = 0;
  for (const { octets, size, receivedNs } of samples) {
    view.setBigInt64(at, receivedNs, true);
    view.setUint32(at + 8, size, true);
    view.setUint32(at + 12, octets.length, true);
    blob.set(octets, at + HEADER_LENGTH);
    at += HEADER_LENGTH + octets.length;
  }
  return blob;
}

/** Unpacks the samples of a blob; stops at a truncated sample. */
export function unpackSamples(blob: Uint8Array): readonly CapturedSample[] {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const samples: CapturedSample[] = [];
  let at = 0;
  while (at + HEADER_LENGTH <= blob.length) {
    const start = at + HEADER_LENGTH;
    const end = start + view.getUint32(at + 12, true);
    if (end > blob.length) break;
    samples.push({
      octets: blob.subarray(start, end),
      size: view.getUint32(at + 8, true),
      receivedNs: view.getBigInt64(at, true),
    });
    at = end;
  }
  return samples;
}
