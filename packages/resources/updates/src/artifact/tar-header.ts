/** Size of a header, and unit of the content of a file, bytes (POSIX.1-2024, pax, ustar interchange format). */
export const TAR_BLOCK = 512;

/** Maximum bytes of a name in a header; longer names take a pax record. */
const NAME_BYTES = 100;
/** Maximum size in a header: eleven octal digits. */
const LARGEST_SIZE = 0o77777777777;
const FILE_MODE = 0o644;
const CHECKSUM = { start: 148, end: 156 } as const;

/** The header of a member of an archive. */
export interface TarHeader {
  /** Bytes of the content that follows. */
  readonly size: number;
  /** Type of the member: `0` for a file, `5` for a folder, `x` for a pax record of the next member. */
  readonly type: string;
  readonly name: string;
}

/** Returns the bytes of padding after a content of this size. */
export function paddingOf(size: number): number {
  return (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;
}

/** Encodes the header of a file, with a pax record if its path is too long or its size too large for a header. */
export function encodeFileHeader(path: string, size: number): Uint8Array {
  const isLong = Buffer.byteLength(path) > NAME_BYTES;
  const isLarge = size > LARGEST_SIZE;
  const header = encodeHeader({ type: '0', name: isLong ? 'file' : path, size: isLarge ? 0 : size });
  if (!isLong && !isLarge) return header;
  const record = Buffer.from(paxRecord('path', path) + (isLarge ? paxRecord('size', String(size)) : ''));
  const padding = Buffer.alloc(paddingOf(record.length));
  return Buffer.concat([encodeHeader({ type: 'x', name: 'pax', size: record.length }), record, padding, header]);
}

/** Decodes a header. Returns `undefined` if its checksum is wrong or a number is invalid. */
export function decodeHeader(block: Uint8Array): TarHeader | undefined {
  const header = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const size = octal(header.subarray(124, 136));
  if (size === undefined || octal(header.subarray(CHECKSUM.start, CHECKSUM.end)) !== checksum(header)) return undefined;
  const name = text(header.subarray(0, NAME_BYTES));
  // GNU tar stores times in place of the prefix, and marks its headers with a space after `ustar`.
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? text(header.subarray(345, 500)) : '';
  const type = header.toString('latin1', 156, 157);
  return { size, type: type === '\0' ? '0' : type, name: prefix === '' ? name : `${prefix}/${name}` };
}

/** Decodes the records of a pax header. Returns `undefined` if they are malformed. */
export function decodePax(bytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  const records = new Map<string, string>();
  let rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  while (rest.length > 0) {
    const space = rest.indexOf(' ');
    const length = /^[1-9]\d{0,9}$/.test(rest.toString('latin1', 0, Math.max(0, space)))
      ? Number(rest.toString('latin1', 0, space))
      : 0;
    const record = rest.toString('utf8', space + 1, length - 1);
    const equals = record.indexOf('=');
    if (length > rest.length || length <= space + 2 || equals < 1 || rest[length - 1] !== 0x0a) return undefined;
    records.set(record.slice(0, equals), record.slice(equals + 1));
    rest = rest.subarray(length);
  }
  return records;
}

function encodeHeader({ type, name, size }: TarHeader): Buffer {
  const header = Buffer.alloc(TAR_BLOCK);
  header.write(name, 0, NAME_BYTES, 'utf8');
  const put = (value: number, at: number, digits: number) =>
    header.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  put(FILE_MODE, 100, 7);
  put(0, 108, 7);
  put(0, 116, 7);
  put(size, 124, 11);
  // No time: the archive of an artifact is the same on every machine, so that a transfer can continue.
  put(0, 136, 11);
  header.write(type, 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, CHECKSUM.start, 'latin1');
  return header;
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes;
  while (length !== bytes + String(length).length) length = bytes + String(length).length;
  return `${length}${rest}`;
}

/** Sum of all bytes, with the checksum itself as spaces. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, at) => sum + (at >= CHECKSUM.start && at < CHECKSUM.end ? 0x20 : byte), 0);
}

function octal(field: Buffer): number | undefined {
  const digits = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .replace(/^ +/, '');
  return /^[0-7]{1,12}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}
