/** Lines of stamped fields, or of fields that begin with a stamp, as in `TypeDescription.definition`. */
const STAMPED: ReadonlySet<string> = new Set(['std_msgs/Header header', 'builtin_interfaces/Time stamp']);
const CONSTANT = /^\S+ \w+=/;

/** `CDR_BE` and `CDR_LE`: the data begins right after the encapsulation header (DDS-XTypes 1.3, 7.4.3.4). */
const CDR_LE = 0x0001;
const PLAIN_CDR2_LE = 0x0007;
const ENCAPSULATIONS: ReadonlySet<number> = new Set([0x0000, CDR_LE, 0x0006, PLAIN_CDR2_LE]);
const STAMP_AT = 4;
const STAMP_OCTETS = 8;

/** Returns whether messages of this definition begin with a time stamp. */
export function beginsWithStamp(definition: string): boolean {
  const first = definition.split('\n').find((line) => !CONSTANT.test(line));
  return first !== undefined && STAMPED.has(first);
}

/**
 * Reads the stamp at the start of serialized data, in ms since the epoch; `undefined` if it is not set or not readable.
 */
export function stampMs(cdr: Uint8Array): number | undefined {
  if (cdr.byteLength < STAMP_AT + STAMP_OCTETS) return undefined;
  const data = new DataView(cdr.buffer, cdr.byteOffset, cdr.byteLength);
  const encapsulation = data.getUint16(0);
  if (!ENCAPSULATIONS.has(encapsulation)) return undefined;
  const littleEndian = encapsulation === CDR_LE || encapsulation === PLAIN_CDR2_LE;
  const sec = data.getInt32(STAMP_AT, littleEndian);
  const nanosec = data.getUint32(STAMP_AT + 4, littleEndian);
  return sec === 0 && nanosec === 0 ? undefined : sec * 1000 + nanosec / 1e6;
}
