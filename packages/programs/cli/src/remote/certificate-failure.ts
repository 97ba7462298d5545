import { GatewayUnreachable } from '@medkit/client';
import { factsOf } from '@medkit/gateway/certificate';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { certificateCause } from './remote-failure.ts';
import { readServerCertificate } from './server-certificate.ts';

/**
 * Explains why the certificate of a gateway is not trusted, and what the user can do. Returns `undefined` for another error, or if
 * the certificate cannot be read again.
 */
export async function certificateFailure(error: unknown): Promise<CommandFailed | undefined> {
  if (!(error instanceof GatewayUnreachable)) return undefined;
  const cause = certificateCause(error);
  if (cause === undefined) return undefined;
  const { origin, hostname } = new URL(error.request.url);
  const certificate = await readServerCertificate(origin).catch(() => undefined);
  if (certificate === undefined) return undefined;
  const { fingerprint, isSelfSigned, names } = factsOf(certificate);
  const begun = `the gateway at ${origin} is not trusted: its certificate`;
  if (cause.code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const known = names.map((name) => name.replace(/^[^:]*:/, '')).join(', ');
    return failed(
      `${begun} is valid for ${known}, not for ${hostname}: use one of these names in --url, or issue a certificate for this name`,
    );
  }
  if (isSelfSigned && cause.code !== 'CERT_HAS_EXPIRED') {
    const compare = 'Compare this with the fingerprint in the log of the gateway';
    return failed(
      `${begun} is self-signed, with the fingerprint ${fingerprint}. ${compare}; if they are equal, add --fingerprint ${fingerprint}, or set MEDKIT_FINGERPRINT`,
    );
  }
  return undefined;
}

const failed = (message: string) => new CommandFailed(message, ExitCode.noGateway);
