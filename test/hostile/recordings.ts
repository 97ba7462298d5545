import { zstdCompressSync } from 'node:zlib';
import { McapWriter } from '@mcap/core';
import type { HostileFile } from './gateway.ts';
import { MARKUP, SHORT_MARKUP, TURNED } from './texts.ts';

const START_NS = 1_774_232_077_000_000_000n;
const MESSAGES = 20;
/** Nesting levels of types in the definition of a recording. */
const LEVELS = 8_000;
const SEPARATOR = `\n${'='.repeat(80)}\n`;

interface Topic {
  readonly topic: string;
  readonly type: string;
  readonly definition: string;
  readonly data?: Uint8Array;
}

/** Encodes a text as CDR. */
function textCdr(text: string): Uint8Array {
  const octets = Buffer.from(text);
  const cdr = Buffer.alloc(9 + octets.length);
  cdr.writeUInt16BE(1, 0);
  cdr.writeUInt32LE(octets.length + 1, 4);
  cdr.set(octets, 8);
  return cdr;
}
const SOUND: Topic = {
  topic: '/text',
  type: 'std_msgs/msg/String',
  definition: 'string data\n',
  data: textCdr(MARKUP),
};

async function recording(topics: readonly Topic[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0n;
  const writer = new McapWriter({
    writable: {
      position: () => size,
      async write(octets) {
        parts.push(octets.slice());
        size += BigInt(octets.length);
      },
    },
    chunkSize: 600,
    compressChunk: (chunk) => ({ compression: 'zstd', compressedData: new Uint8Array(zstdCompressSync(chunk)) }),
  });
  await writer.start({ profile: MARKUP, library: MARKUP });
  for (const { topic, type, definition, data = textCdr(MARKUP) } of topics) {
    const schemaId = await writer.registerSchema({ name: type, encoding: 'ros2msg', data: Buffer.from(definition) });
    const metadata = new Map([[SHORT_MARKUP, MARKUP]]);
    const channelId = await writer.registerChannel({ topic, schemaId, messageEncoding: 'cdr', metadata });
    for (let sequence = 0; sequence < MESSAGES; sequence += 1) {
      const logTime = START_NS + BigInt(sequence) * 100_000_000n;
      await writer.addMessage({ channelId, sequence, logTime, publishTime: logTime, data });
    }
  }
  await writer.addMetadata({ name: MARKUP, metadata: new Map([[MARKUP, MARKUP]]) });
  await writer.end();
  return Buffer.concat(parts);
}

/** Finds the records of an opcode: offset in the file and bytes of the content. */
function* recordsOf(file: Buffer, opcode: number): Generator<{ readonly at: number; readonly content: Buffer }> {
  for (let at = 8; at + 9 <= file.length - 8; ) {
    const length = Number(file.readBigUInt64LE(at + 1));
    if (file[at] === opcode) yield { at, content: file.subarray(at + 9, at + 9 + length) };
    at += 9 + length;
  }
}
const [FOOTER, CHUNK, CHUNK_INDEX] = [0x02, 0x06, 0x08] as const;
/** Offsets of the index checksum in a footer and of the content checksum in a chunk; the value 0 means none. */
const [INDEX_SUM, CHUNK_SUM] = [16, 24] as const;

/** Returns a copy with changed bytes in the content of each record of an opcode. */
function changed(file: Buffer, opcode: number, change: (content: Buffer) => void): Buffer {
  const copy = Buffer.from(file);
  for (const { content } of recordsOf(copy, opcode)) change(content);
  for (const { content } of recordsOf(copy, FOOTER)) content.writeUInt32LE(0, INDEX_SUM);
  return copy;
}

/** Builds a chain of nested types. */
function deepDefinition(): string {
  const level = (at: number): string => `${at === 0 ? '' : `MSG: evil/L${at}\n`}L${at + 1} within\nstring s\n`;
  const levels = Array.from({ length: LEVELS }, (_, at) => level(at));
  return [...levels, `MSG: evil/L${LEVELS}\nstring s\n`].join(SEPARATOR);
}

const strange: readonly Topic[] = [
  { ...SOUND, topic: `/${MARKUP}`, type: MARKUP },
  { ...SOUND, topic: `/${TURNED}`, type: 'evil/msg/Turned', definition: 'string constructor\n' },
  { ...SOUND, topic: '/__proto__', type: '__proto__', definition: 'string onerror\n' },
  { ...SOUND, topic: `/${'t'.repeat(60_000)}`, type: 'evil/msg/Long', definition: 'string to_string\n' },
  { ...SOUND, topic: '/scan', type: 'sensor_msgs/msg/LaserScan', definition: 'float32 angle_min\nfloat32[] ranges\n' },
];
const definitions: readonly Topic[] = [
  SOUND,
  {
    ...SOUND,
    topic: '/marked',
    type: 'evil/msg/Marked',
    definition: `${MARKUP}\n# ${MARKUP}\nstring ${SHORT_MARKUP}\n`,
  },
  { ...SOUND, topic: '/itself', type: 'evil/msg/Itself', definition: 'Itself[] within\n' },
  { ...SOUND, topic: '/circle', type: 'evil/msg/A', definition: `B b${SEPARATOR}MSG: evil/B\nA a\n` },
  { ...SOUND, topic: '/vast', type: 'evil/msg/Vast', definition: 'float64[10000000] values\n' },
  {
    ...SOUND,
    topic: '/sequence',
    type: 'evil/msg/Sequence',
    definition: 'float64[] values\n',
    data: Buffer.from('00010000ffffffff00', 'hex'),
  },
];

/** Would run scripts, and report that it is being viewed. */
const PAGE = `<!doctype html><title>page</title><img src="http://evil.example/seen">${MARKUP}`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg"><script>document.title='harmed'</script><image href="http://evil.example/seen"/></svg>`;

/** Builds recordings, and files that claim to be recordings, by the id under which they are served. */
export async function hostileFiles(): Promise<ReadonlyMap<string, HostileFile>> {
  const sound = await recording([SOUND]);
  const mcap = (octets: Uint8Array): HostileFile => ({ type: 'application/octet-stream', octets });
  return new Map<string, HostileFile>([
    ['cut', mcap(sound.subarray(0, sound.length >> 1))],
    ['sums', mcap(changed(sound, CHUNK, (content) => void content.writeUInt32LE(0xbadbad, CHUNK_SUM)))],
    // The uncompressed size is in the chunk and in its index.
    [
      'bomb',
      mcap(
        changed(
          changed(sound, CHUNK, (content) => void content.writeBigUInt64LE(2n ** 32n, 16)),
          CHUNK_INDEX,
          (content) => void content.writeBigUInt64LE(2n ** 32n, content.length - 8),
        ),
      ),
    ],
    ['index', mcap(changed(sound, CHUNK_INDEX, (content) => void content.writeBigUInt64LE(2n ** 62n, 16)))],
    ['schema', mcap(await recording(definitions))],
    [
      'deep',
      mcap(await recording([SOUND, { ...SOUND, topic: '/deep', type: 'evil/L0', definition: deepDefinition() }])),
    ],
    ['topics', mcap(await recording(strange))],
    ['short', mcap(await recording([{ ...SOUND, data: Buffer.from('0001000040000000', 'hex') }]))],
    ['page', { type: 'text/html', octets: Buffer.from(PAGE) }],
    ['picture', { type: 'image/svg+xml', octets: Buffer.from(SVG) }],
    ['untyped', { type: '', octets: Buffer.from(PAGE) }],
    ['plain', { type: 'text/plain', octets: Buffer.from(PAGE) }],
    ['database', { type: 'text/html', octets: Buffer.from(`<script>document.title='harmed'</script>`) }],
  ]);
}
