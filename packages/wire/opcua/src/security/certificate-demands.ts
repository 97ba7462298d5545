import type { X509Certificate } from 'node:crypto';
import { loadOpcua, type OpcuaLibrary } from '../opcua-library.ts';
import { PlcError } from '../plc-error.ts';
import { applicationUriOf, contentOf } from './application-certificate.ts';
import { certificatesIn } from './certificate-files.ts';

/** Minimum and maximum bits of an RSA key for all supported policies (OPC 10000-7, 6.6.165). */
const [MIN_KEY_BITS, MAX_KEY_BITS] = [2048, 4096];
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const KEY_USES = ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment'] as const;

/**
 * Returns which requirements of OPC 10000-6, 6.2.2 a client certificate does not meet, each in a few words. Servers
 * differ in what they check: open62541 checks all of it.
 */
export function unmetRequirements(library: OpcuaLibrary, certificate: X509Certificate): readonly string[] {
  const { x509, exploreCertificate } = library.crypto_utils;
  const extensions = new x509.X509Certificate(certificate.raw);
  const basic = extensions.getExtension(x509.BasicConstraintsExtension);
  const use = exploreCertificate(certificate.raw).tbsCertificate.extensions?.keyUsage;
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  const isSelfSigned = certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
  const wanted = [...KEY_USES, ...(isSelfSigned ? (['keyCertSign'] as const) : [])];
  const missing = wanted.filter((name) => use?.[name] !== true);
  const isRsa = asymmetricKeyType === 'rsa' && bits >= MIN_KEY_BITS && bits <= MAX_KEY_BITS;
  return [
    ...(isRsa ? [] : [`an RSA key of ${MIN_KEY_BITS} to ${MAX_KEY_BITS} bits`]),
    ...(applicationUriOf(certificate) === undefined ? ['subjectAltName with the URI of the application'] : []),
    ...(missing.length === 0 ? [] : [`keyUsage ${missing.join(', ')}`]),
    // In Node.js, `keyUsage` contains the extended key usages.
    ...(certificate.keyUsage?.includes(CLIENT_AUTH) ? [] : ['extendedKeyUsage clientAuth']),
    ...(basic === null || basic.ca ? ['basicConstraints CA:FALSE'] : []),
  ];
}

/** The same for the certificate in a PEM or DER file. Rejects with `PlcError` if there is none. */
export async function certificateProblems(path: string): Promise<readonly string[]> {
  const [certificate] = certificatesIn(path, await contentOf(path));
  if (certificate === undefined) throw new PlcError(`expected a certificate in ${path}, found none`);
  return unmetRequirements(await loadOpcua(), certificate);
}
