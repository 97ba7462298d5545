import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { webhookProblem } from './webhook-problem.ts';

const url = 'https://receiver.example/medkit?robot=1';
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('a webhook', () => {
  it('may have a secret and headers', () => {
    assert.equal(webhookProblem({ url }), undefined);
    assert.equal(webhookProblem({ url: 'http://10.0.0.5:9000' }), undefined);
    assert.equal(webhookProblem({ url, secret, headers: { Authorization: 'Bearer 1 2', 'X-Empty': '' } }), undefined);
    assert.equal(webhookProblem({ url, secret: 'sixteen letters!' }), undefined);
  });

  it('has a URL with an address and nothing else', () => {
    const problems: Readonly<Record<string, RegExp>> = {
      '': /not absolute/,
      '/api': /not absolute/,
      'ftp://receiver.example/': /`https:` or `http:`/,
      'file:///etc/passwd': /`https:` or `http:`/,
      'javascript:alert(1)': /`https:` or `http:`/,
      'https://bob@receiver.example/': /user or a password/,
      'https://:word@receiver.example/': /user or a password/,
      'https://receiver.example/#': /fragment/,
      'https://receiver.example/#a': /fragment/,
      [`https://receiver.example/${'x'.repeat(2048)}`]: /longer than 2048/,
    };
    for (const [text, problem] of Object.entries(problems))
      assert.match(webhookProblem({ url: text }) ?? '', problem, text);
  });

  it('has a secret that cannot be guessed and is not shown', () => {
    const base64 = (octets: number) => `whsec_${Buffer.alloc(octets, 7).toString('base64')}`;
    for (const good of [base64(24), base64(64)]) assert.equal(webhookProblem({ url, secret: good }), undefined);
    for (const bad of [
      '',
      'short',
      'x'.repeat(257),
      base64(23),
      base64(65),
      'whsec_',
      `${base64(24)}!`,
      'whsec_not base64',
    ]) {
      const problem = webhookProblem({ url, secret: bad }) ?? '';
      assert.match(problem, /secret/, bad);
      assert.ok(bad === '' || !problem.includes(bad) || bad === 'whsec_');
    }
  });

  it('has valid headers that the delivery does not set itself', () => {
    const problemOf = (headers: Record<string, string>) => webhookProblem({ url, headers }) ?? '';
    const ours = ['Host', 'content-length', 'Transfer-Encoding', 'Connection', 'webhook-id', 'Webhook-Signature', 'TE'];
    for (const name of ours) assert.match(problemOf({ [name]: 'x' }), /set by the gateway itself/, name);
    for (const name of ['', 'a b', 'a:b', 'ä', 'a\r\nb', 'x'.repeat(129)]) {
      assert.match(problemOf({ [name]: 'x' }), /not a valid header name/, name);
    }
    for (const value of ['a\r\nX-Injected: 1', 'a\u0000', ' a', 'ä']) {
      const problem = problemOf({ 'X-A': value });
      assert.match(problem, /characters that a header cannot have/);
      assert.ok(!problem.includes('Injected'));
    }
    assert.match(problemOf({ 'X-A': 'x'.repeat(4097) }), /longer than 4096/);
    assert.match(problemOf({ 'X-A': '1', 'x-a': '2' }), /set twice/);
    assert.match(problemOf(Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`X-${n}`, 'x']))), /more than 20/);
  });
});
