import { argon2 } from 'node:crypto';
import type { PasswordHash } from './password-hash.ts';

/** Of Node, in threads of its own: nobody waits for it who does not ask. Node has it since 24.7. */
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
