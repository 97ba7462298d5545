import { readImage } from '../packages/runtimes/ros2/src/pictures/image-message.ts';
import { encodePng } from '../packages/runtimes/ros2/src/pictures/png.ts';
import { scaleImage } from '../packages/runtimes/ros2/src/pictures/scale-image.ts';
import { median } from './process.ts';

const ROUNDS = 31;
const [WIDTH, HEIGHT] = [1920, 1080];
/** Size of the largest picture. */
const SIDE = 640;
/** Bytes of the message before the pixels: encapsulation, header, size and encoding. */
const HEAD_BYTES = 56;
/** Limit of the time for which a picture blocks the event loop, as a multiple of one copy of the message. */
const MAX_RATIO = 30;

/**
 * Time for which a picture of a 1080p image blocks the event loop, compared with one copy of the message. The rest of
 * the time is spent in a thread of Node.
 */
export async function picture(): Promise<void> {
  for (const [encoding, pixelBytes] of [
    ['rgb8', 3],
    ['16UC1', 2],
    ['uyvy', 2],
  ] as const) {
    const cdr = messageOf(encoding, pixelBytes);
    const rounds: { copyMs: number; blockedMs: number; wholeMs: number; bytes: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const copyMs = elapsedMs(() => new Uint8Array(cdr));
      const start = performance.now();
      const encoded = encodePng(scaleImage(readImage(cdr), SIDE, SIDE));
      const blockedMs = performance.now() - start;
      const { byteLength: bytes } = await encoded;
      rounds.push({ copyMs, blockedMs, wholeMs: performance.now() - start, bytes });
    }
    const of = (what: keyof (typeof rounds)[0]) => median(rounds.map((round) => round[what]));
    const ratio = of('blockedMs') / of('copyMs');
    console.log(
      `a picture of ${WIDTH} x ${HEIGHT} ${encoding}: ${of('blockedMs').toFixed(1)} ms, ${ratio.toFixed(2)} x copying the message; ` +
        `whole ${of('wholeMs').toFixed(1)} ms, ${Math.round(of('bytes') / 1024)} KiB`,
    );
    if (ratio > MAX_RATIO) throw new Error(`a picture takes more than ${MAX_RATIO} x copying its message`);
  }
}

/** Returns a serialised image with a pattern that does not compress well. */
function messageOf(encoding: string, pixelBytes: number): Uint8Array {
  const data = Buffer.alloc(WIDTH * HEIGHT * pixelBytes);
  for (let at = 0; at < data.length; at += 1) data[at] = (at * 31 + (at >> 7)) % 251;
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16BE(1, 0);
  let at = 12;
  const uint32 = (value: number): void => {
    at = Math.ceil(at / 4) * 4;
    at = head.writeUInt32LE(value, at);
  };
  const text = (value: string): void => {
    uint32(value.length + 1);
    at += head.write(`${value}\0`, at, 'latin1');
  };
  text('');
  uint32(HEIGHT);
  uint32(WIDTH);
  text(encoding);
  at = head.writeUInt8(0, at);
  uint32(WIDTH * pixelBytes);
  uint32(data.length);
  return Buffer.concat([head.subarray(0, at), data]);
}

function elapsedMs(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
