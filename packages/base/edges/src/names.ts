/** Resolves host names. */
export interface Names {
  /** Returns every IP address of `name`, preferred addresses first; at least one. Rejects if the name is unknown. */
  addressesOf(name: string): Promise<readonly string[]>;
}
