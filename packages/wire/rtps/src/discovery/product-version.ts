import { readUint32 } from '../wire/octets.ts';
import { PID_CYCLONE_PARTICIPANT_INFO, PID_PRODUCT_VERSION } from '../wire/parameter-ids.ts';
import { VENDOR_CONNEXT, VENDOR_CYCLONE_DDS, VENDOR_FAST_DDS } from '../wire/protocol.ts';

/** Five words of flags come before the text. */
const CYCLONE_TEXT_AT = 20;

/** As versions are written, and no longer than any is. */
const VERSION = /^[\w.+~-]{1,32}$/;

const utf8 = new TextDecoder();

/**
 * The version of the DDS implementation as its vendor announces it, from parameters of the vendor's own. Empty where it is
 * not told or not readable: nothing but what is shown to a person depends on it.
 */
export function productVersion(
  vendor: number,
  parameters: ReadonlyMap<number, Uint8Array>,
  littleEndian: boolean,
): string {
  switch (vendor) {
    case VENDOR_FAST_DDS:
    case VENDOR_CONNEXT:
      return fourOctets(parameters.get(PID_PRODUCT_VERSION));
    case VENDOR_CYCLONE_DDS:
      return cycloneVersion(parameters.get(PID_CYCLONE_PARTICIPANT_INFO), littleEndian);
    default:
      return '';
  }
}

/** Major, minor, patch, and a fourth number that is seldom used. */
function fourOctets(value: Uint8Array | undefined): string {
  if (!value || value.length < 4) return '';
  const numbers = value.subarray(0, value[3] === 0 ? 3 : 4);
  return numbers.some((number) => number !== 0) ? numbers.join('.') : '';
}

/** The text is `host/version/system/machine`. */
function cycloneVersion(value: Uint8Array | undefined, littleEndian: boolean): string {
  if (!value || value.length < CYCLONE_TEXT_AT + 4) return '';
  const start = CYCLONE_TEXT_AT + 4;
  const text = utf8.decode(value.subarray(start, start + readUint32(value, CYCLONE_TEXT_AT, littleEndian)));
  const version = text.split('/')[1] ?? '';
  return VERSION.test(version) ? version : '';
}
