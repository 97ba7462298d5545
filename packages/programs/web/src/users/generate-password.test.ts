import assert from 'node:assert/strict';
import { it } from 'node:test';
import { generatePassword } from './generate-password.ts';

it('generates a different password of four groups each time', () => {
  const passwords = new Set(Array.from({ length: 100 }, generatePassword));
  assert.equal(passwords.size, 100);
  for (const password of passwords) assert.match(password, /^(?:[a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/);
});
