import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { factsOf } from '@medkit/gateway/certificate';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import type { OptionValues } from '../command/parse-arguments.ts';
import { readServerCertificate } from './server-certificate.ts';

/** Options for certificates that are trusted in addition to the default CAs. */
export const TRUST_OPTIONS = {
  'ca-file': { type: 'string' },
  fingerprint: { type: 'string' },
} as const;

export const TRUST_OPTION_LINES = [
  ['--ca-file <file>', 'PEM file with additional trusted certificates (env MEDKIT_CA_FILE)'],
  ['--fingerprint <sha256:…>', 'fingerprint of the self-signed certificate of the gateway (env MEDKIT_FINGERPRINT)'],
] as const;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Trusts certificates from options and environment for later requests of this process. Throws `CommandFailed`. */
export async function trustConfigured(
  url: string,
  values: OptionValues,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const file = nonEmpty(values['ca-file']) ?? nonEmpty(environment.MEDKIT_CA_FILE);
  if (file !== undefined) trust(certificatesIn(file));
  const fingerprint = nonEmpty(values.fingerprint) ?? nonEmpty(environment.MEDKIT_FINGERPRINT);
  if (fingerprint !== undefined && url.startsWith('https:')) trust([await pinnedCertificate(url, fingerprint)]);
}

function trust(certificates: readonly string[]): void {
  const tls = process.getBuiltinModule('node:tls');
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...certificates]);
}

function certificatesIn(file: string): readonly string[] {
  try {
    const found = readFileSync(file, 'utf8').match(CERTIFICATE) ?? [];
    if (found.length === 0) throw new Error(`${file} contains no PEM certificate`);
    return found.map((text) => new X509Certificate(text).toString());
  } catch (error) {
    throw new CommandFailed(`--ca-file: ${(error as Error).message}`, ExitCode.usage);
  }
}

/**
 * Returns the certificate of the gateway if it matches the fingerprint. It is then trusted as a CA, so a different certificate later
 * is rejected.
 */
async function pinnedCertificate(url: string, fingerprint: string): Promise<string> {
  const digits = fingerprint
    .toLowerCase()
    .replace(/^sha256[:=]/, '')
    .replaceAll(':', '');
  if (!/^[\da-f]{64}$/.test(digits)) {
    throw new CommandFailed(
      `--fingerprint: expected sha256: and 64 hexadecimal digits, found "${fingerprint}"`,
      ExitCode.usage,
    );
  }
  const certificate = await readServerCertificate(url).catch((error: Error) => {
    throw error instanceof CommandFailed
      ? error
      : new CommandFailed(`no gateway at ${new URL(url).origin}: ${error.message}`, ExitCode.noGateway);
  });
  const { fingerprint: actual, isSelfSigned } = factsOf(certificate);
  if (actual !== `sha256:${digits}`) {
    const mismatch = `the certificate of the gateway at ${new URL(url).origin} does not match --fingerprint: it is ${actual}`;
    throw new CommandFailed(
      `${mismatch}. Compare it with the fingerprint in the log of the gateway: if they differ, another machine may intercept the connection`,
      ExitCode.noGateway,
    );
  }
  if (!isSelfSigned) {
    const remedy = 'for this one, pass the certificate of its CA with --ca-file';
    throw new CommandFailed(`--fingerprint works only with self-signed certificates: ${remedy}`, ExitCode.usage);
  }
  return certificate.toString();
}

function nonEmpty(value: OptionValues[string]): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
