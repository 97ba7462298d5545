import { argon2 } from 'node:crypto';
import type { PasswordHash } from './password-hash.ts';

/** argon2id of Node.js (since 24.7). Runs in the thread pool, so it does not block the event loop. */
export const argon2id: PasswordHash = (password, { salt, tagBytes, memoryKib, passes, lanes }) =>
  new Promise((resolve, reject) => {
    const parameters = {
      message: password,
      nonce: salt,
      parallelism: lanes,
      tagLength: tagBytes,
      memory: memoryKib,
      passes,
    };
    argon2('argon2id', parameters, (error, tag) => (error ? reject(error) : resolve(tag)));
  });
