import { secretDigestKey } from '../account-records.ts';

const MAX_VERIFIED = 1024;

/**
 * Cache of tokens whose signature was verified. It says nothing about their current permissions, which are resolved for
 * each request.
 */
export class VerifiedTokens<Credential extends object> {
  /** By digest, least recently used first. */
  readonly #known = new Map<string, Credential>();

  find(text: string): Credential | undefined {
    const key = secretDigestKey(text);
    const found = this.#known.get(key);
    if (found && this.#known.size > MAX_VERIFIED / 2) {
      this.#known.delete(key);
      this.#known.set(key, found);
    }
    return found;
  }

  keep(text: string, credential: Credential): void {
    this.#known.set(secretDigestKey(text), credential);
    if (this.#known.size > MAX_VERIFIED) this.#known.delete(this.#known.keys().next().value as string);
  }

  clear(): void {
    this.#known.clear();
  }
}
