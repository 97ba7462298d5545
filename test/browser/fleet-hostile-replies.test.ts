import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { answerHostile, BODIES } from '../fleet/hostile-replies.ts';
import { browserMissing, openBrowser } from '../harness/browser.ts';

suite('a hostile robot in a browser that is logged in at its hub', { skip: browserMissing, timeout: 120_000 }, () => {
  let hub: TestHub;
  let uplink: Awaited<ReturnType<typeof connectTestRobot>>;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  const requests: string[] = [];

  before(async () => {
    hub = await testHub();
    uplink = await connectTestRobot(await enrolTestRobot(hub, 'amr-5'), answerHostile);
    browser = await openBrowser();
    await browser.context.addCookies([{ name: 'session', value: 'secret', url: hub.url }]);
    browser.context.on('request', (request) => requests.push(request.url()));
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    uplink?.close();
    await hub?.close();
  });

  for (const name of Object.keys(BODIES)) {
    test(`runs nothing with the body "${name}", as a page or in a frame`, async () => {
      const page = await browser.context.newPage();
      const address = `${hub.url}/fleet/amr-5/api/v1/apps/evil/data/${name}`;
      // A download is no navigation, for which `goto` rejects.
      await page.goto(address).catch(() => undefined);
      assert.doesNotMatch(await page.title(), /harmed/);
      await page.goto(`${hub.url}/api/v1/version-info`);
      await page.evaluate(`{
        const frame = document.body.appendChild(document.createElement('iframe'));
        const program = document.body.appendChild(document.createElement('script'));
        window.settled = Promise.all([frame, program].map((part) =>
          new Promise((resolve) => { part.onload = part.onerror = resolve; setTimeout(resolve, 500); })));
        frame.src = program.src = ${JSON.stringify(address)};
      }`);
      await page.evaluate('window.settled');
      assert.doesNotMatch(await page.title(), /harmed/);
      await page.close();
      const { length } = await browser.context.cookies();
      assert.equal(length, 1);
      assert.deepEqual(
        requests.filter((url) => !url.startsWith(`${hub.url}/fleet/`) && !url.endsWith('/api/v1/version-info')),
        [],
      );
    });
  }
});
