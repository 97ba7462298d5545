/** Supported security policies (OPC 10000-7), without those that are deprecated because of SHA-1. */
export const POLICIES = ['None', 'Basic256Sha256', 'Aes128Sha256RsaOaep', 'Aes256Sha256RsaPss'] as const;

export type SecurityPolicy = (typeof POLICIES)[number];
export type SecurityMode = 'None' | 'Sign' | 'SignAndEncrypt';

/** Security of the channel to a server, and trusted servers. Paths refer to PEM or DER files. */
export interface SecurityOptions {
  readonly policy: SecurityPolicy;
  readonly mode: SecurityMode;
  readonly certificatePath: string | undefined;
  readonly keyPath: string | undefined;
  /** Folder for the generated client certificate, if the configuration names none. */
  readonly generatedPath?: string | undefined;
  /** File with the passphrase of the key; read at each attempt, so that it can be changed. */
  readonly keyPassphrasePath: string | undefined;
  readonly applicationUri: string | undefined;
  /** Files and folders with certificates of servers and authorities, and with revocation lists. */
  readonly trustListPaths: readonly string[];
  readonly rejectsUntrusted: boolean;
  /** Folder for rejected server certificates; an operator approves one by moving it. */
  readonly refusedPath: string | undefined;
}

/** User of the session. A password is only sent over an encrypting channel, unless `allowsCleartext` is set. */
export type UserOptions =
  | { readonly mode: 'Anonymous' }
  | {
      readonly mode: 'UsernamePassword';
      readonly username: string;
      readonly password?: string;
      /** Read at each attempt, so that it can be changed. */
      readonly passwordFile?: string;
      readonly allowsCleartext: boolean;
    }
  | {
      readonly mode: 'X509';
      readonly certificatePath: string;
      readonly keyPath: string;
      readonly keyPassphrasePath?: string;
    };
