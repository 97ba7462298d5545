import { makeCertificate } from '../tls/self-signed/make-certificate.ts';

/** So that two certificates that are made in a row are two. */
let made = 0;

/** Certificate and key of a gateway in a test, from a day before a moment to another one. */
export function testCertificate(
  nowMs: number,
  { notAfterMs = nowMs + 90 * 86_400_000, names = ['localhost', '127.0.0.1'], key }: TestCertificateWish = {},
) {
  const serial = Buffer.alloc(16);
  serial.writeUInt32BE(++made, 12);
  return makeCertificate({ names, notBeforeMs: nowMs - 86_400_000, notAfterMs, serial, ...(key && { key }) });
}

interface TestCertificateWish {
  readonly notAfterMs?: number;
  readonly names?: readonly string[];
  readonly key?: string;
}
