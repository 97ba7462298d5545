import { makeCertificate } from '../tls/self-signed/make-certificate.ts';

/** Makes successive certificates differ. */
let made = 0;

/** Certificate and key of a test gateway, valid from a day before `nowMs`. */
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
