import { createCipheriv, createDecipheriv } from 'node:crypto';

/** The first half of each block: text that is not a sealed position does not decrypt to it. */
const MARK = Buffer.from('position');
const BLOCK_BYTES = 16;
export const POSITION_KEY_BYTES = 32;
const FORM = /^[\w-]{22}$/;

/**
 * Encrypts positions in an event log: numbers would count the events between them, which the client may not see. The
 * same position has the same text, so that clients share frames.
 */
export interface PositionSeal {
  seal(position: number): string;
  /** Returns `undefined` for a text of another key. */
  open(text: unknown): number | undefined;
}

/** @param key `POSITION_KEY_BYTES` bytes */
export function positionSeal(key: Uint8Array): PositionSeal {
  return {
    seal: (position) => {
      const block = Buffer.alloc(BLOCK_BYTES);
      MARK.copy(block);
      block.writeBigUInt64BE(BigInt(position), MARK.length);
      // A single block that never has other content with the same position: no mode of operation is needed.
      const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
      return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
    },
    open: (text) => {
      if (typeof text !== 'string' || !FORM.test(text)) return undefined;
      const decipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
      const block = Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]);
      if (!block.subarray(0, MARK.length).equals(MARK)) return undefined;
      const position = Number(block.readBigUInt64BE(MARK.length));
      return Number.isSafeInteger(position) ? position : undefined;
    },
  };
}
