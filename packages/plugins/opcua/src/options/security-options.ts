/** Security policies that are offered (OPC 10000-7): those that are deprecated for their SHA-1 are none of them. */
export const POLICIES = ['None', 'Basic256Sha256', 'Aes128Sha256RsaOaep', 'Aes256Sha256RsaPss'] as const;

export type SecurityPolicy = (typeof POLICIES)[number];
export type SecurityMode = 'None' | 'Sign' | 'SignAndEncrypt';

/** How the channel to a server is secured, and which servers are trusted. Paths are those of files of PEM or DER. */
export interface SecurityOptions {
  readonly policy: SecurityPolicy;
  readonly mode: SecurityMode;
  readonly certificatePath: string | undefined;
  readonly keyPath: string | undefined;
  /** Folder for the certificate that this client makes for itself if the configuration names none. */
  readonly ownPath?: string | undefined;
  /** File of the passphrase that the key is encrypted with; read at each attempt, so that it can be changed. */
  readonly keyPassphrasePath: string | undefined;
  readonly applicationUri: string | undefined;
  /** Files and folders of certificates of servers and of authorities, and of what authorities have revoked. */
  readonly trustListPaths: readonly string[];
  readonly rejectsUntrusted: boolean;
  /** Folder that certificates of servers which are not trusted are put into, to be approved by moving them. */
  readonly refusedPath: string | undefined;
}

/** Who logs in. A password never goes over a channel that does not encrypt it, unless `allowsCleartext` says so. */
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
