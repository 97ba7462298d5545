import { PlcError } from '../plc-error.ts';
import type { SecurityOptions } from './security-options.ts';

/** Throws `PlcError`, with a remedy, for options that no server can satisfy, before any server is contacted. */
export function checkSecurity({ policy, mode, certificatePath, keyPath, generatedPath }: SecurityOptions): void {
  if (policy === 'None' && mode !== 'None') {
    throw new PlcError(
      `security_mode ${mode} needs a security_policy that signs: set security_policy to Basic256Sha256, Aes128Sha256RsaOaep or Aes256Sha256RsaPss, or security_mode to None`,
    );
  }
  if (policy !== 'None' && mode === 'None') {
    throw new PlcError(
      `security_policy ${policy} needs a security_mode that uses it: set security_mode to SignAndEncrypt or Sign, or security_policy to None`,
    );
  }
  // Without either, this client generates a certificate.
  const isMade = certificatePath === undefined && keyPath === undefined && generatedPath !== undefined;
  if (policy !== 'None' && !isMade && (certificatePath === undefined || keyPath === undefined)) {
    const missing = certificatePath === undefined ? 'client_cert_path' : 'client_key_path';
    throw new PlcError(
      `security_policy ${policy} needs a client certificate with its key: set client_cert_path and client_key_path (${missing} is not set)`,
    );
  }
}
