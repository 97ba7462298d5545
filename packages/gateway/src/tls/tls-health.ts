import type { HealthTls } from '@medkit/contract';
import type { RuntimeHealth, Warning } from '@medkit/core';
import type { ServedCertificate } from './served-certificate.ts';
import { timeOf } from './tls-credentials.ts';

const DAY_MS = 86_400_000;
/**
 * Certificates of ninety days are renewed thirty days before they expire: at this point the renewal must have failed.
 */
const WARN_BEFORE_MS = 21 * DAY_MS;

/** Returns the block `x-medkit-tls`, and warnings about a certificate that expires or was rejected. */
export function tlsHealth(
  { credentials: { facts }, problem, warnings }: ServedCertificate,
  settings: { readonly min_version: string; readonly client_auth: string },
  nowMs: number,
): RuntimeHealth {
  const block: HealthTls = {
    min_version: settings.min_version,
    client_auth: settings.client_auth as HealthTls['client_auth'],
    fingerprint: facts.fingerprint,
    expires: new Date(facts.notAfterMs).toISOString(),
    self_signed: facts.isSelfSigned,
    names: [...facts.names],
    ...(problem !== undefined && { problem }),
  };
  const reported: Warning[] = warnings.map((message) => ({ code: 'tls_key_readable', message }));
  if (problem !== undefined) {
    const message = `A new certificate is not used: ${problem}. The previous certificate remains in use until ${timeOf(facts.notAfterMs)}.`;
    reported.push({ code: 'tls_certificate_refused', message });
  }
  const leftMs = facts.notAfterMs - nowMs;
  if (leftMs < WARN_BEFORE_MS) {
    const when = leftMs <= 0 ? `expired at` : `expires in ${Math.ceil(leftMs / DAY_MS)} days, at`;
    const message = `The certificate of this gateway ${when} ${timeOf(facts.notAfterMs)}; clients reject an expired certificate. Replace the file with a renewed certificate; no restart is needed.`;
    reported.push({ code: 'tls_certificate_expiring', message });
  }
  return { warnings: reported, blocks: { 'x-medkit-tls': block } };
}
