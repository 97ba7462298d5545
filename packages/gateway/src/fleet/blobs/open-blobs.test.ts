import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isRedirecting } from './open-blobs.ts';

it('clients download from a bucket if it is set, and never from a folder', () => {
  for (const [evidence, evidence_redirect, expected, notice] of [
    ['s3://bucket/hub', true, true, undefined],
    ['s3://bucket/hub', false, false, undefined],
    ['', false, false, undefined],
    [
      '/var/evidence',
      true,
      false,
      /^fleet\.evidence_redirect is ignored: .*Remove the setting, or set fleet\.evidence/,
    ],
  ] as const) {
    const logged: string[] = [];
    const config = { fleet: { evidence, evidence_redirect } } as never;
    assert.equal(
      isRedirecting(config, (_, text) => logged.push(text)),
      expected,
    );
    assert.equal(logged.length, notice ? 1 : 0);
    if (notice) assert.match(logged[0]!, notice);
  }
});
