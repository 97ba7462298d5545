import type { X509Certificate } from 'node:crypto';
import type { EndpointDescription } from 'node-opcua-client';
import type { OpcuaLibrary } from '../opcua-library.ts';
import { PlcError } from '../plc-error.ts';
import { certificatesOf, readTrustList } from '../security/certificate-files.ts';
import { storeRefusedCertificate, subjectOf, thumbprintOf } from '../security/refused-folder.ts';
import { readRevocationLists } from '../security/revocation-lists.ts';
import type { SecurityOptions } from '../security/security-options.ts';
import { type CertificateFault, type CertificateUse, faultOf, type Trust } from '../security/server-certificate.ts';
import { addressOf } from './socket-transport.ts';

export interface TrustQuestion {
  readonly library: OpcuaLibrary;
  readonly endpoint: EndpointDescription;
  readonly endpointUrl: string;
  readonly security: Pick<SecurityOptions, 'trustListPaths' | 'rejectsUntrusted' | 'refusedPath'>;
  readonly nowMs: number;
  /** The trust settings, if already read. */
  readonly trust?: ReadTrust | undefined;
}

/** Trust settings, with the files that could not be read. */
export type ReadTrust = Trust & { readonly problems: readonly string[] };

/** Reads the trust settings. Rejects with a `PlcError` that names an unusable revocation list. */
export async function readTrust(library: OpcuaLibrary, trustListPaths: readonly string[]): Promise<ReadTrust> {
  const { certificates, revocationFiles, problems } = await readTrustList(trustListPaths);
  const lists = await readRevocationLists(library, revocationFiles, certificates);
  const { x509 } = library.crypto_utils;
  return {
    certificates,
    problems,
    isRevoked: (certificate) => lists.some((list) => list.revokes(certificate)),
    pathLengthOf: ({ raw }) => new x509.X509Certificate(raw).getExtension(x509.BasicConstraintsExtension)?.pathLength,
  };
}

/**
 * Returns the trusted certificate of an endpoint: it is in the trust list, or an authority in the list has signed it.
 * Otherwise rejects with a `PlcError` that contains the problem, where the certificate was stored, and how to approve
 * it.
 */
export async function trustedCertificate(question: TrustQuestion): Promise<X509Certificate> {
  const { library, endpoint, endpointUrl, security, nowMs } = question;
  const chain = presentedChain(endpoint);
  const [certificate] = chain;
  if (!security.rejectsUntrusted) return certificate;
  const trust = question.trust ?? (await readTrust(library, security.trustListPaths));
  const presented = {
    chain,
    use: useOf(library, certificate),
    applicationUri: endpoint.server.applicationUri ?? '',
    host: addressOf(endpointUrl).host,
  };
  const fault = faultOf(presented, trust, nowMs);
  if (fault === undefined) return certificate;
  throw new PlcError(await refuse(certificate, fault, question, trust.problems));
}

function presentedChain({ serverCertificate }: EndpointDescription): readonly [X509Certificate, ...X509Certificate[]] {
  if (!serverCertificate || serverCertificate.length === 0) throw new PlcError('its endpoint has no certificate');
  try {
    const [first, ...others] = certificatesOf(serverCertificate);
    return [first as X509Certificate, ...others];
  } catch {
    throw new PlcError('the certificate of its endpoint is invalid');
  }
}

/** Node.js does not expose the key usage of a certificate. */
function useOf({ crypto_utils }: OpcuaLibrary, { raw, keyUsage }: X509Certificate): CertificateUse {
  try {
    const use = crypto_utils.exploreCertificate(raw).tbsCertificate.extensions?.keyUsage;
    return {
      signs: use?.digitalSignature,
      enciphers: use && (use.keyEncipherment || use.dataEncipherment),
      // In Node.js, `keyUsage` contains the extended key usages as object identifiers: serverAuth and any.
      isServer: keyUsage && (keyUsage.includes('1.3.6.1.5.5.7.3.1') || keyUsage.includes('2.5.29.37.0')),
    };
  } catch {
    throw new PlcError('the certificate of its endpoint cannot be read');
  }
}

async function refuse(
  certificate: X509Certificate,
  fault: CertificateFault,
  { security, endpointUrl }: TrustQuestion,
  problems: readonly string[],
): Promise<string> {
  const [place = 'a folder in trust_list_paths'] = security.trustListPaths;
  const is = `the certificate of the server (${subjectOf(certificate)}, thumbprint ${thumbprintOf(certificate)}) ${fault.reason}`;
  const remedy =
    fault.kind === 'unknown' ? `to trust it, move it into ${place}` : 'the server needs another certificate';
  const say = (file: string | undefined) =>
    [`${is}; ${file ? `it is stored in ${file}: ${remedy}` : remedy}`, ...problems.slice(0, 3)].join('; ');
  const { refusedPath } = security;
  if (refusedPath === undefined) return say(undefined);
  const text = (file: string) =>
    `${endpointUrl}\n${say(file)}\n\nFirst check the thumbprint with the operator of the server.\n\n${certificate}`;
  return say(await storeRefusedCertificate(refusedPath, certificate, text));
}
