/** How much work it is to hash a password, RFC 9106 3.1. */
export interface HashCost {
  /** m. */
  readonly memoryKib: number;
  /** t. */
  readonly passes: number;
  /** p. */
  readonly lanes: number;
}

/** The tag of `password` by argon2id. */
export type PasswordHash = (
  password: string,
  options: HashCost & { readonly salt: Uint8Array; readonly tagBytes: number },
) => Promise<Uint8Array>;
