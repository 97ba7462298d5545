import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeClientCertificate } from './make-client-certificate.ts';
import { loadOpcua } from './opcua-library.ts';
import { PlcError } from './plc-error.ts';
import { thumbprintOf } from './refused-folder.ts';

/** Files of the certificate of this client. */
export interface ClientCertificateFiles {
  readonly certificatePath: string;
  readonly keyPath: string;
  /** The certificate in the form that most servers want it in. */
  readonly derPath: string;
}

export interface ClientCertificateWish {
  readonly folder: string;
  readonly applicationUri?: string | undefined;
  /** Names and addresses beside the name of this machine. */
  readonly hosts?: readonly string[];
  readonly days?: number;
  readonly nowMs: number;
}

/** What a certificate was made with, for the log and the command. */
export interface MadeCertificate extends ClientCertificateFiles {
  readonly thumbprint: string;
  readonly applicationUri: string;
  readonly validTo: string;
}

const DAY_MS = 86_400_000;
/** Ten years: each new one has to be put into the trust lists of all PLCs by hand. */
const DEFAULT_DAYS = 3650;

export function clientCertificateFiles(folder: string): ClientCertificateFiles {
  return {
    certificatePath: join(folder, 'client.pem'),
    keyPath: join(folder, 'client.key'),
    derPath: join(folder, 'client.der'),
  };
}

/** Makes a certificate in a folder, which it makes too. Rejects with `PlcError` if there is one, or the folder cannot be written to. */
export async function writeClientCertificate(wish: ClientCertificateWish): Promise<MadeCertificate> {
  const { folder, days = DEFAULT_DAYS, nowMs } = wish;
  const machine = hostname().toLowerCase();
  const applicationUri = wish.applicationUri ?? `urn:${machine}:medkit`;
  const files = clientCertificateFiles(folder);
  const made = await makeClientCertificate(await loadOpcua(), {
    applicationUri,
    hosts: [...new Set([machine, ...(wish.hosts ?? [])])],
    // The clock of the PLC may be behind.
    notBeforeMs: nowMs - DAY_MS,
    days: days + 1,
    serial: randomBytes(16),
  });
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // The certificate last: where it is, its key is.
    await writeNew(files.keyPath, made.key);
    await writeNew(files.derPath, made.der);
    await writeNew(files.certificatePath, made.pem);
  } catch (error) {
    throw new PlcError(`cannot make a certificate in ${folder}: ${(error as Error).message}`);
  }
  const certificate = new X509Certificate(made.der);
  return { ...files, applicationUri, thumbprint: thumbprintOf(certificate), validTo: certificate.validTo };
}

/** Certificates that are being made, by their folders: several PLCs share one. */
const making = new Map<string, Promise<MadeCertificate>>();

/** The certificate that this client makes for itself: the one of the folder, or a new one, which `onMade` is called with. */
export async function ownClientCertificate(
  wish: ClientCertificateWish,
  onMade: (made: MadeCertificate) => void,
): Promise<ClientCertificateFiles> {
  const files = clientCertificateFiles(wish.folder);
  const isThere = await readFile(files.certificatePath).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw new PlcError(`cannot read ${files.certificatePath}: ${error.message}`);
    },
  );
  if (isThere) return files;
  const known = making.get(wish.folder);
  const made = known ?? writeClientCertificate(wish);
  making.set(wish.folder, made);
  try {
    const certificate = await made;
    if (known === undefined) onMade(certificate);
    return files;
  } finally {
    making.delete(wish.folder);
  }
}

/** Writes a file that only this user can read, as a whole or not at all. */
async function writeNew(path: string, content: string | Buffer): Promise<void> {
  const part = `${path}.part`;
  const file = await open(part, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
}
