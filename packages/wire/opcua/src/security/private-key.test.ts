import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { privateKeyIn } from './private-key.ts';

const PASSPHRASE = 'in the mailbox';
const OPTION = 'client_key_passphrase_path';
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const secret = { cipher: 'aes-256-cbc', passphrase: PASSPHRASE } as const;

/** The key in every supported format, by the name of the format. */
const ENCRYPTED = {
  'PKCS #8 of PEM': Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem', ...secret })),
  'PKCS #8 of DER': Buffer.from(privateKey.export({ type: 'pkcs8', format: 'der', ...secret })),
  'PKCS #1 of PEM': Buffer.from(privateKey.export({ type: 'pkcs1', format: 'pem', ...secret })),
};
const PLAIN = {
  'PKCS #8 of PEM': Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  'PKCS #8 of DER': Buffer.from(privateKey.export({ type: 'pkcs8', format: 'der' })),
};

describe('A private key', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'medkit-key-'));
    writeFileSync(join(folder, 'right'), `${PASSPHRASE}\n`);
    writeFileSync(join(folder, 'wrong'), 'guessed\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  const read = (content: Buffer, file?: string) =>
    privateKeyIn('client.key', content, { option: OPTION, path: file && join(folder, file) });

  for (const [form, content] of Object.entries(ENCRYPTED)) {
    test(`is opened with the passphrase of its file: ${form}`, async () => {
      assert.ok((await read(content, 'right')).equals(privateKey));
    });

    test(`is refused with the names of the file and of the option if the passphrase is wrong or missing: ${form}`, async () => {
      await assert.rejects(
        read(content),
        /private key in client\.key has a passphrase: set client_key_passphrase_path/,
      );
      await assert.rejects(
        read(content, 'wrong'),
        /cannot decrypt the private key in client\.key: the passphrase in .*wrong \(client_key_passphrase_path\) is wrong/,
      );
      await assert.rejects(read(content, 'none'), /cannot read client_key_passphrase_path .*none: ENOENT/);
    });
  }

  for (const [form, content] of Object.entries(PLAIN)) {
    test(`needs no passphrase if it is not encrypted, even if one is configured: ${form}`, async () => {
      assert.ok((await read(content)).equals(privateKey));
      assert.ok((await read(content, 'none')).equals(createPrivateKey(PLAIN['PKCS #8 of PEM'])));
    });
  }

  test('is none if its file holds something else', async () => {
    await assert.rejects(read(Buffer.from('a letter')), /expected a private key in client\.key, PEM or PKCS #8/);
    const broken = PLAIN['PKCS #8 of PEM'].subarray(0, 200);
    await assert.rejects(read(broken, 'right'), /expected a private key in client\.key/);
  });
});
