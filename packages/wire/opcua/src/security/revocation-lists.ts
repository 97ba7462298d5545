import type { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { MAX_REVOCATION_BYTES } from '../bounds.ts';
import type { OpcuaLibrary } from '../opcua-library.ts';
import { PlcError } from '../plc-error.ts';

/** A list of revoked certificates of an authority (RFC 5280, 5). */
export interface RevocationList {
  readonly file: string;
  /** Returns whether the list belongs to the issuer of this certificate and contains it. */
  revokes(certificate: X509Certificate): boolean;
}

const PEM = /-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g;
/** Maximum elements in a list of this size: five per certificate, of about twenty bytes. */
const MAX_PARTS = 100_000;

/**
 * Reads revocation lists in PEM or DER. A list must be signed by its authority if that is in `trusted`. Lists of other
 * authorities are accepted unverified, because they can only remove trust. Expired lists count as well: revoked
 * certificates stay revoked. Rejects with a `PlcError` that names the file if it is unreadable or has another
 * signature.
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
      `the revocation list ${file} has ${content.length} bytes, more than the maximum of ${MAX_REVOCATION_BYTES}`,
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
  // Critical extensions mark a partial list or one with other authorities: a reader that does not support them must not
  // use the list (RFC 5280, 5.2).
  const strange = extensions.find(({ critical }) => critical);
  if (strange) throw new PlcError(`the revocation list ${file} has the unsupported critical extension ${strange.type}`);
  const namesakes = trusted.map(({ raw }) => new x509.X509Certificate(raw)).filter(({ subject }) => subject === issuer);
  const verified = await Promise.all(namesakes.map(({ publicKey }) => list.verify({ publicKey }).catch(() => false)));
  if (namesakes.length > 0 && !verified.includes(true)) {
    throw new PlcError(
      `the revocation list ${file} is not signed by ${JSON.stringify(issuer)}, which it names as its issuer`,
    );
  }
  return {
    file,
    revokes: ({ raw, serialNumber }) =>
      new x509.X509Certificate(raw).issuer === issuer && list.findRevoked(serialNumber) !== null,
  };
}
