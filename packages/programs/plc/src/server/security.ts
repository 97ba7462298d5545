import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Library, ServerOptions } from './library.ts';

/** Security options of an OPC UA server. Defaults are those of node-opcua, including None and anonymous access. */
export interface PlcSecurity {
  readonly policies?: readonly SecurityPolicyName[];
  readonly modes?: readonly SecurityModeName[];
  /** Whether clients may connect without a user name (default: if there are no users). */
  readonly allowAnonymous?: boolean;
  /** User names with their passwords. */
  readonly users?: Readonly<Record<string, string>>;
  /** Certificate and key, PEM. Without them, the server creates both in its folder. */
  readonly certificateFile?: string;
  readonly privateKeyFile?: string;
  /** Trusted client certificates; without this list all are trusted. */
  readonly trusted?: readonly string[];
  /** Trusted user certificates; without this list all are trusted. */
  readonly trustedUsers?: readonly string[];
}

export type SecurityPolicyName = 'None' | 'Basic256Sha256' | 'Aes128_Sha256_RsaOaep' | 'Aes256_Sha256_RsaPss';
export type SecurityModeName = 'None' | 'Sign' | 'SignAndEncrypt';

const POLICY_URI = 'http://opcfoundation.org/UA/SecurityPolicy#';
/** OPC 10000-4, 7.20. */
const MODES: Readonly<Record<SecurityModeName, number>> = { None: 1, Sign: 2, SignAndEncrypt: 3 };
const ALL_POLICIES: readonly SecurityPolicyName[] = [
  'None',
  'Basic256Sha256',
  'Aes128_Sha256_RsaOaep',
  'Aes256_Sha256_RsaPss',
];

/** Creates the security options of a server; all its files are below `folder`. */
export async function securityOptions(
  library: Library,
  folder: string,
  security: PlcSecurity,
): Promise<Partial<ServerOptions>> {
  const {
    policies = ALL_POLICIES,
    modes = ['None', 'Sign', 'SignAndEncrypt'],
    users,
    trusted,
    trustedUsers,
  } = security;
  const { certificateFile, privateKeyFile } = security;
  return {
    securityPolicies: policies.map((name) => `${POLICY_URI}${name}`) as never,
    securityModes: modes.map((name) => MODES[name]) as never,
    allowAnonymous: security.allowAnonymous ?? users === undefined,
    userManager: {
      isValidUser: (name: string, password: string): boolean =>
        users !== undefined && Object.hasOwn(users, name) && users[name] === password,
    },
    serverCertificateManager: await certificates(library, join(folder, 'pki'), trusted),
    userCertificateManager: (await certificates(library, join(folder, 'users'), trustedUsers)) as never,
    ...(certificateFile !== undefined && { certificateFile }),
    ...(privateKeyFile !== undefined && { privateKeyFile }),
  };
}

async function certificates(library: Library, rootFolder: string, trusted: readonly string[] | undefined) {
  mkdirSync(rootFolder, { recursive: true, mode: 0o700 });
  const manager = new library.CertificateManager({
    rootFolder,
    automaticallyAcceptUnknownCertificate: trusted === undefined,
    // Files that are added later take effect for the next server.
    disableFileWatchers: true,
  });
  const folder = join(rootFolder, 'trusted', 'certs');
  mkdirSync(folder, { recursive: true });
  for (const file of trusted ?? []) copyFileSync(file, join(folder, basename(file)));
  await manager.initialize();
  return manager;
}
