import type { Declaration } from './declaration.ts';
import { readDeclaration } from './read-declaration.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes the body of a declaration: JSON in UTF-8. */
export function decodeDeclaration(
  octets: Uint8Array,
): { readonly declaration: Declaration } | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(octets));
  } catch (error) {
    return { problem: `the declaration is not JSON in UTF-8: ${(error as Error).message}` };
  }
  return readDeclaration(json);
}
