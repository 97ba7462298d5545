import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { packArtifact } from '@medkit/updates/artifact';

/** Value of `updates.target` in the demo's configuration. */
const TARGET = 'amr';
const VERSION = '2.1.0';
const ID = `navigation-${VERSION}`;

/** Folder with the updates of a demo, and the key that signs them. */
export interface DemoUpdates {
  /** Folder for artifacts; contains one artifact. */
  readonly incoming: string;
  /** Private key file for `medkit update pack --key`. */
  readonly signingKey: string;
  /** Settings, as environment variables, that make the gateway trust the key. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Creates a key and a sample update: a navigation release with one small program. */
export async function createSampleUpdate(demoFolder: string): Promise<DemoUpdates> {
  const folder = join(realpathSync(demoFolder), 'updates');
  const incoming = join(folder, 'incoming');
  const program = join(incoming, ID, 'bin', 'run');
  mkdirSync(dirname(program), { recursive: true });
  writeFileSync(program, `#!/bin/sh\necho ${VERSION}\n`);
  chmodSync(program, 0o755);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const signingKey = join(folder, 'signing-key.pem');
  const trustedKey = join(folder, 'trusted-key.pub.pem');
  writeFileSync(signingKey, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  writeFileSync(trustedKey, publicKey.export({ type: 'spki', format: 'pem' }));
  const artifact = { folder: join(incoming, ID), id: ID, version: VERSION, target: TARGET };
  await packArtifact({ ...artifact, key: privateKey, files: { ...systemFiles, ...systemWritableFiles } });
  return {
    incoming,
    signingKey,
    settings: { MEDKIT_UPDATES_DIR: incoming, MEDKIT_UPDATES_TRUSTED_KEYS: trustedKey },
  };
}
