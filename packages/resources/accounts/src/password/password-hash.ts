/** Cost parameters of a password hash, RFC 9106 3.1. */
export interface HashCost {
  /** Parameter m. */
  readonly memoryKib: number;
  /** Parameter t. */
  readonly passes: number;
  /** Parameter p. */
  readonly lanes: number;
}

/** Returns the argon2id tag of `password`. */
export type PasswordHash = (
  password: string,
  options: HashCost & { readonly salt: Uint8Array; readonly tagBytes: number },
) => Promise<Uint8Array>;
