import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '@medkit/edges';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts texts with a key of this gateway (AES-256-GCM). */
export interface TextSeal {
  seal(text: string): string;
  /** Returns `undefined` for a text that is damaged or was encrypted with another key. */
  open(sealed: string): string | undefined;
}

export function textSeal(key: Uint8Array, random: Pick<Random, 'bytes'>): TextSeal {
  return {
    seal: (text) => {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
        'base64url',
      );
    },
    open: (text) => {
      const sealed = Buffer.from(text, 'base64url');
      if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString();
      } catch {
        // Sealed with another key, or damaged.
        return undefined;
      }
    },
  };
}
