/** Who asks, as the gateway found it out: not what a client says of itself, which is its client id. */
export interface Principal {
  /** Distinct among all; it stands in the audit log. */
  readonly id: string;
  /**
   * `anonymous` where nobody has to say who it is, or where that was not said; `token` who has the server's token; `plugin`
   * one of this gateway's plugins; `gateway` is this gateway itself, which asks for what nobody waits for.
   */
  readonly kind: 'anonymous' | 'token' | 'plugin' | 'gateway';
  /** What it may do; empty for nothing but what is public. */
  readonly role: string;
  /** The entities that it may see, by their addresses; none stands for all of them. */
  readonly scopes: readonly string[];
}

/** Who asks where no client does. */
export const GATEWAY: Principal = { id: 'medkit.gateway', kind: 'gateway', role: 'admin', scopes: [] };
