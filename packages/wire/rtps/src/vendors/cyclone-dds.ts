import { readUint32 } from '../wire/octets.ts';
import type { Vendor } from './vendor.ts';

/** Five words of flags precede the text. */
const TEXT_AT = 20;

/** Characters of a version number; at most 32, longer than any real version. */
const VERSION = /^[\w.+~-]{1,32}$/;

const utf8 = new TextDecoder();

/** Eclipse Cyclone DDS. */
export const CYCLONE_DDS: Vendor = {
  id: 0x0110,
  firstBase: 1,
  tellsHistory: false,
  version: { parameter: 0x8007, read: versionInText },
};

/** Reads the version from text of the form `host/version/system/machine`. */
function versionInText(value: Uint8Array, littleEndian: boolean): string {
  if (value.length < TEXT_AT + 4) return '';
  const start = TEXT_AT + 4;
  const text = utf8.decode(value.subarray(start, start + readUint32(value, TEXT_AT, littleEndian)));
  const version = text.split('/')[1] ?? '';
  return VERSION.test(version) ? version : '';
}
