/** Looks up where machines are, by their names. */
export interface Names {
  /** Every IP address of `name`, the preferred ones first; at least one. Rejects where the name is not known. */
  addressesOf(name: string): Promise<readonly string[]>;
}
