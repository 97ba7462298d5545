import type { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { MAX_REVOCATION_BYTES } from './bounds.ts';
import type { OpcuaLibrary } from './opcua-library.ts';
import { PlcError } from './plc-error.ts';

/** A list of certificates that their authority has taken back (RFC 5280, 5). */
export interface RevocationList {
  readonly file: string;
  /** Whether it is of the authority that issued this certificate, and names it. */
  revokes(certificate: X509Certificate): boolean;
}

const PEM = /-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g;
/** Parts that a list of this size may have: five of each certificate, of some twenty octets. */
const MAX_PARTS = 100_000;

/**
 * Reads lists of files of PEM or DER. Each has to be signed by its authority, where that is among `trusted`; one of another
 * authority counts as it is, since it can only take trust away. One that has expired counts as well: what it revokes stays
 * revoked. Rejects with `PlcError` that names the file for one that cannot be read, or that somebody else signed.
 */
export async function readRevocationLists(
  library: OpcuaLibrary,
  files: readonly string[],
  trusted: readonly X509Certificate[],
): Promise<readonly RevocationList[]> {
  const lists: RevocationList[] = [];
  for (const file of files) {
    for (const der of await contentsOf(file)) lists.push(await readList(library, file, der, trusted));
  }
  return lists;
}

async function contentsOf(file: string): Promise<readonly (Buffer | string)[]> {
  const content = await readFile(file).catch((error: Error) => {
    throw new PlcError(`cannot read the revocation list ${file}: ${error.message}`);
  });
  if (content.length > MAX_REVOCATION_BYTES) {
    throw new PlcError(
      `the revocation list ${file} has ${content.length} octets, and ${MAX_REVOCATION_BYTES} are read at most`,
    );
  }
  if (!content.includes('-----BEGIN')) return [content];
  const found = content.toString('latin1').match(PEM);
  if (found === null) throw new PlcError(`expected a revocation list in ${file}, PEM or DER`);
  return found;
}

async function readList(
  { crypto_utils: { x509 } }: OpcuaLibrary,
  file: string,
  content: Buffer | string,
  trusted: readonly X509Certificate[],
): Promise<RevocationList> {
  const parsed = (() => {
    try {
      const list = new x509.X509Crl(content, { berOptions: { maxNodes: MAX_PARTS } });
      return { list, issuer: list.issuer, extensions: list.extensions };
    } catch {
      throw new PlcError(`expected a revocation list in ${file}, PEM or DER`);
    }
  })();
  const { list, issuer, extensions } = parsed;
  // It says that it is only a part of a list, or of other authorities too: who does not know how may not use it (RFC 5280, 5.2).
  const strange = extensions.find(({ critical }) => critical);
  if (strange)
    throw new PlcError(`the revocation list ${file} has the critical extension ${strange.type}, not known here`);
  const namesakes = trusted.map(({ raw }) => new x509.X509Certificate(raw)).filter(({ subject }) => subject === issuer);
  const verified = await Promise.all(namesakes.map(({ publicKey }) => list.verify({ publicKey }).catch(() => false)));
  if (namesakes.length > 0 && !verified.includes(true)) {
    throw new PlcError(`the revocation list ${file} is not signed by ${JSON.stringify(issuer)}, whose it says it is`);
  }
  return {
    file,
    revokes: ({ raw, serialNumber }) =>
      new x509.X509Certificate(raw).issuer === issuer && list.findRevoked(serialNumber) !== null,
  };
}
