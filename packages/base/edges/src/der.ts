/** Bytes of one value in the distinguished encoding rules (X.690). Values are only written here, never read. */
export type Der = Buffer;

/** Encodes a value with its tag. A length above 127 is encoded in as few bytes as possible (X.690, 10.1). */
export function tagged(tag: number, ...parts: readonly Uint8Array[]): Der {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(octets: number): readonly number[] {
  if (octets < 0x80) return [octets];
  const digits: number[] = [];
  for (let left = octets; left > 0; left >>>= 8) digits.unshift(left & 0xff);
  return [0x80 | digits.length, ...digits];
}

export const sequence = (...parts: readonly Uint8Array[]): Der => tagged(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Der => tagged(0x31, ...parts);
export const octets = (content: Uint8Array): Der => tagged(0x04, content);
export const text = (content: string): Der => tagged(0x0c, Buffer.from(content));
export const derBoolean = (value: boolean): Der => tagged(0x01, Buffer.from([value ? 0xff : 0]));

/** Encodes a non-negative integer: prepends a zero byte if the highest bit is set. */
export function derInteger(digits: Uint8Array): Der {
  const from = digits.findIndex((digit) => digit !== 0);
  const short = from < 0 ? Buffer.from([0]) : digits.subarray(from);
  return tagged(0x02, (short[0] as number) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
}

/** Encodes a bit string; the last `unused` bits of the last byte are padding. */
export const bits = (content: Uint8Array, unused = 0): Der => tagged(0x03, Buffer.from([unused]), content);

/** Encodes a context-specific value: constructed, or primitive bytes. */
export const derContextValue = (number: number, content: Uint8Array, isMade = true): Der =>
  tagged((isMade ? 0xa0 : 0x80) | number, content);

/** Encodes an object identifier such as `1.2.840.10045.4.3.2` (X.690, 8.19). */
export function objectName(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(sevenBitDigits)]));
}

function sevenBitDigits(value: number): readonly number[] {
  const digits = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) digits.unshift(0x80 | (left & 0x7f));
  return digits;
}

/** Encodes a time, as UTCTime until 2049 and GeneralizedTime later (RFC 5280, 4.1.2.5). */
export function moment(ms: number): Der {
  const digits = `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
  return Number(digits.slice(0, 4)) < 2050
    ? tagged(0x17, Buffer.from(digits.slice(2)))
    : tagged(0x18, Buffer.from(digits));
}

/** Encodes a certificate as PEM (RFC 7468, 5). */
export function certificatePem(certificate: Der): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
