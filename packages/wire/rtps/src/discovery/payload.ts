/** Encapsulation header of local discovery data: a little-endian parameter list. */
export const PL_CDR_LE = Uint8Array.of(0, 3, 0, 0);
