import type { X509Certificate } from 'node:crypto';
import type { ClientNames } from '../../security/client-certificate.ts';
import { factsOf } from '../certificate-facts.ts';

/** Kinds of general names (RFC 5280, 4.2.1.6) as Node.js prints them, that rules can compare. */
const KINDS: Readonly<Record<string, 'uri' | 'dns' | 'email'>> = { URI: 'uri', DNS: 'dns', email: 'email' };

/** A quoted value can contain commas: JSON text, as Node.js prints it since CVE-2021-44532. */
const ALTERNATIVE_NAME = /([A-Za-z][\w ]*):("(?:[^"\\]|\\.)*"|[^,"\\]*)(?:, |$)/y;

/** No name contains control characters: a reader that ends a text at NUL would see another name. */
const CONTROL = /\p{Cc}/u;

/** Maximum names of a kind that are compared; further ones are ignored. */
const MAX_NAMES = 64;

/** Returns the names in a client certificate. Names with control characters are omitted. */
export function clientNames(certificate: X509Certificate): ClientNames {
  const found = { uri: [] as string[], dns: [] as string[], email: [] as string[] };
  for (const { kind, value } of alternativeNames(certificate.subjectAltName ?? '')) {
    const known = KINDS[kind];
    if (known && value !== '' && !CONTROL.test(value) && found[known].length < MAX_NAMES) found[known].push(value);
  }
  return { ...found, cn: commonName(certificate), fingerprint256: [factsOf(certificate).fingerprint] };
}

/**
 * Splits a text such as `DNS:a, URI:"spiffe://x/a, b"`. Returns no names at all if any part of the text is malformed: a
 * name must not be taken from the middle of another.
 */
export function alternativeNames(text: string): readonly { readonly kind: string; readonly value: string }[] {
  const names: { kind: string; value: string }[] = [];
  ALTERNATIVE_NAME.lastIndex = 0;
  while (ALTERNATIVE_NAME.lastIndex < text.length) {
    const [, kind, value] = ALTERNATIVE_NAME.exec(text) ?? [];
    if (kind === undefined || value === undefined) return [];
    const plain = value.startsWith('"') ? unquoted(value) : value;
    if (plain === undefined) return [];
    names.push({ kind, value: plain });
  }
  return names;
}

function unquoted(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    // Not JSON: the text was not printed by Node.js as expected.
    return undefined;
  }
}

/** Returns the common name in a list. Empty for a subject with none, or with several: which one counts is ambiguous. */
function commonName(certificate: X509Certificate): readonly string[] {
  const { CN } = (certificate.toLegacyObject().subject ?? {}) as { readonly CN?: unknown };
  return typeof CN === 'string' && CN !== '' && !CONTROL.test(CN) ? [CN] : [];
}
