/**
 * Contents of the encapsulation header, the first four octets of a payload (RTPS 2.5, 10.2; DDS-XTypes 1.3, 7.6.3.1.2).
 */
export interface Encapsulation {
  readonly littleEndian: boolean;
  /** Maximum alignment: 8 in XCDR1, 4 in XCDR2. */
  readonly maxAlignment: 4 | 8;
  /** Whether the members are a parameter list, as in discovery data. */
  readonly parameterList: boolean;
}

export const ENCAPSULATION_BYTES = 4;

/** The octets are not valid CDR: too short, a length beyond the end, or an unknown encapsulation. */
export class MalformedCdr extends Error {
  override readonly name = 'MalformedCdr';
}

const CDR_BE: Encapsulation = { littleEndian: false, maxAlignment: 8, parameterList: false };
const CDR_LE: Encapsulation = { littleEndian: true, maxAlignment: 8, parameterList: false };
const PL_CDR_BE: Encapsulation = { littleEndian: false, maxAlignment: 8, parameterList: true };
const PL_CDR_LE: Encapsulation = { littleEndian: true, maxAlignment: 8, parameterList: true };
const CDR2_BE: Encapsulation = { littleEndian: false, maxAlignment: 4, parameterList: false };
const CDR2_LE: Encapsulation = { littleEndian: true, maxAlignment: 4, parameterList: false };

/** Indexed by representation identifier. Delimited and mutable XCDR2 (8 to 11) are not supported. */
const BY_IDENTIFIER: readonly (Encapsulation | undefined)[] = [
  CDR_BE,
  CDR_LE,
  PL_CDR_BE,
  PL_CDR_LE,
  undefined,
  undefined,
  CDR2_BE,
  CDR2_LE,
];

/** Decodes an encapsulation header. Throws `MalformedCdr` if it is missing or not supported. */
export function decodeEncapsulation(bytes: Uint8Array): Encapsulation {
  if (bytes.length < ENCAPSULATION_BYTES) {
    throw new MalformedCdr(`expected 4 octets of encapsulation header, found ${bytes.length}`);
  }
  const identifier = (bytes[0] << 8) | bytes[1];
  const found = BY_IDENTIFIER[identifier];
  if (!found) throw new MalformedCdr(`unknown encapsulation 0x${identifier.toString(16).padStart(4, '0')}`);
  return found;
}
