import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Library, ServerOptions } from './library.ts';

/** How a server of OPC UA is secured. Without any of it, it offers what node-opcua does, None among it, and lets everybody in. */
export interface PlcSecurity {
  readonly policies?: readonly SecurityPolicyName[];
  readonly modes?: readonly SecurityModeName[];
  /** Whether clients need no user name (default: where there are no users). */
  readonly allowAnonymous?: boolean;
  /** User names with their passwords. */
  readonly users?: Readonly<Record<string, string>>;
  /** Its certificate and the key of it, PEM; it makes both in its folder otherwise. */
  readonly certificateFile?: string;
  readonly privateKeyFile?: string;
  /** Certificates of clients that are trusted; without this list every one is. */
  readonly trusted?: readonly string[];
  /** Those of users; without it every one is. */
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

/** The options of a server for how it is secured; all files of it are below `folder`. */
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
    // Files that are put there later count for the next server.
    disableFileWatchers: true,
  });
  const folder = join(rootFolder, 'trusted', 'certs');
  mkdirSync(folder, { recursive: true });
  for (const file of trusted ?? []) copyFileSync(file, join(folder, basename(file)));
  await manager.initialize();
  return manager;
}
