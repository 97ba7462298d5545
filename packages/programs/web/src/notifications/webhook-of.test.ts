import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { webhookOf } from './webhook-of.ts';

function form(values: Readonly<Record<string, string>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
}

describe('the webhook of a test', () => {
  it('has only the fields that are filled in', () => {
    assert.deepEqual(webhookOf(form({ url: ' https://receiver.example ', secret: '', header: '' })), {
      url: 'https://receiver.example',
    });
    assert.deepEqual(
      webhookOf(form({ url: 'https://a.example', secret: 'whsec_x', header: 'Authorization: Bearer a:b' })),
      { url: 'https://a.example', secret: 'whsec_x', headers: { Authorization: 'Bearer a:b' } },
    );
  });

  it('is refused if the header has no name', () => {
    assert.equal(webhookOf(form({ url: 'https://a.example', header: 'Bearer abc' })), undefined);
  });
});
