import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { memoryConfigurations } from '@medkit/core/testing';
import { type AccountGateway, accountGateway, bearer } from './account-gateway.ts';

const SECRET = 'canary-of-the-wifi';

describe('a parameter that holds a secret', () => {
  let gateway: AccountGateway;
  before(async () => {
    const configurations = memoryConfigurations({
      '/arm': { 'wifi.password': { type: 'string', value: SECRET }, rate: { type: 'int', value: 10 } },
    });
    gateway = await accountGateway({ changes: { auth: { require_auth_for: 'write' } }, providers: { configurations } });
  });
  after(() => gateway.close());

  it('is shown to clients that may set it, and not to read-only ones, in lists and by itself', async () => {
    const roles = {
      anybody: {},
      viewer: bearer(await gateway.keyFor('viewer')),
      operator: bearer(await gateway.keyFor('operator')),
    };
    const paths = ['/apps/arm/configurations', '/apps/arm/configurations/wifi.password'];
    for (const path of paths) {
      for (const [role, headers] of Object.entries(roles)) {
        const { status, text } = await gateway.ask('GET', path, { headers });
        assert.deepEqual(
          [status, text.includes(SECRET), text.includes('(not shown)')],
          [200, false, true],
          `${role} ${path}`,
        );
      }
      const { text } = await gateway.ask('GET', path, { headers: bearer(await gateway.keyFor('configurator')) });
      assert.equal(text.includes(SECRET), true);
    }
    const { body } = await gateway.ask('GET', '/apps/arm/configurations/rate');
    assert.equal(body.data, 10);
  });

  it('is sent to no subscription', async () => {
    const headers = bearer(await gateway.keyFor('admin'));
    const body = { resource: '/api/v1/apps/arm/configurations', interval: 'fast', duration: 60, protocol: 'sse' };
    const { status, body: made, text } = await gateway.ask('POST', '/apps/arm/cyclic-subscriptions', { headers, body });
    assert.equal(status, 201, text);
    const url = await gateway.listen();
    const reply = await fetch(`${url}${made.event_source}`, { headers, signal: AbortSignal.timeout(30_000) });
    await gateway.clock.advance(1000);
    let received = '';
    for await (const chunk of reply.body ?? []) {
      received += new TextDecoder().decode(chunk);
      if (received.includes('wifi.password')) break;
      await gateway.clock.advance(1000);
    }
    assert.deepEqual([received.includes('(not shown)'), received.includes(SECRET)], [true, false]);
  });
});
