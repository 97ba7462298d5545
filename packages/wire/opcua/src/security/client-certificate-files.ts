import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { loadOpcua } from '../opcua-library.ts';
import { PlcError } from '../plc-error.ts';
import { makeClientCertificate } from './make-client-certificate.ts';
import { thumbprintOf } from './refused-folder.ts';

/** Files of the client certificate. */
export interface ClientCertificateFiles {
  readonly certificatePath: string;
  readonly keyPath: string;
  /** The certificate in DER, the format that most servers require. */
  readonly derPath: string;
}

export interface ClientCertificateRequest {
  readonly folder: string;
  readonly applicationUri?: string | undefined;
  /** Names and addresses in addition to the name of this machine. */
  readonly hosts?: readonly string[];
  readonly days?: number;
  readonly nowMs: number;
}

/** Properties of a generated certificate, for the log and the command. */
export interface GeneratedCertificate extends ClientCertificateFiles {
  readonly thumbprint: string;
  readonly applicationUri: string;
  readonly validTo: string;
}

const DAY_MS = 86_400_000;
/** Ten years: each new certificate must be added to the trust lists of all PLCs manually. */
const DEFAULT_DAYS = 3650;

function clientCertificateFiles(folder: string): ClientCertificateFiles {
  return {
    certificatePath: join(folder, 'client.pem'),
    keyPath: join(folder, 'client.key'),
    derPath: join(folder, 'client.der'),
  };
}

/**
 * Generates a certificate in a folder, which it creates. Rejects with `PlcError` if a certificate exists or the folder
 * is not writable.
 */
export async function writeClientCertificate(wish: ClientCertificateRequest): Promise<GeneratedCertificate> {
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
    // The certificate last: if it exists, so does its key.
    await writeNew(files.keyPath, made.key);
    await writeNew(files.derPath, made.der);
    await writeNew(files.certificatePath, made.pem);
  } catch (error) {
    throw new PlcError(`cannot generate a client certificate in ${folder}: ${(error as Error).message}`);
  }
  const certificate = new X509Certificate(made.der);
  return { ...files, applicationUri, thumbprint: thumbprintOf(certificate), validTo: certificate.validTo };
}

/** Certificates in generation, by folder: several PLCs share one. */
const making = new Map<string, Promise<GeneratedCertificate>>();

/**
 * Returns the generated certificate of this client: the existing one in the folder, or a new one, which is passed to
 * `onMade`.
 */
export async function generatedClientCertificate(
  wish: ClientCertificateRequest,
  onMade: (made: GeneratedCertificate) => void,
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

/** Writes a file atomically, readable only by this user. */
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
