import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';

const WAIT = { timeout: 30_000 };
const ITEM = '/apps/camera_driver/data/camera%2Fimage_raw';

suite('the page of a camera topic', { skip: browserMissing, timeout: 240_000 }, () => {
  test('shows the newest image once a second without its JSON, and says why an image cannot be shown', async () => {
    await using scene = await DemoScene.open([], { whole: true });
    await scene.waitForApps(['camera_driver']);
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${scene.url}/`, { mayFail: /status of 409/ });
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    const pictures = () => requested.filter((url) => url.includes('x-medkit-picture')).length;

    await page.goto(`${scene.url}${ITEM}`);
    const image = page.getByRole('img', { name: 'Newest image of camera/image_raw, 640 × 480 pixels' });
    await image.waitFor(WAIT);
    await page.getByText('rgb8').waitFor(WAIT);
    await page.getByText(/ old$/).waitFor(WAIT);
    const coloursOf = () =>
      image.evaluate((canvas) => {
        const { width, height, getContext } = canvas as unknown as {
          readonly width: number;
          readonly height: number;
          getContext(kind: '2d'): { getImageData(...area: number[]): { readonly data: Uint8ClampedArray } };
        };
        const { data } = getContext.call(canvas, '2d').getImageData(0, 0, width, height);
        const seen = new Set<string>();
        for (let at = 0; at < data.length; at += 4) seen.add(data.slice(at, at + 4).join());
        return { width, height, seen: seen.size };
      });
    // The canvas appears a moment before it is drawn.
    const colours = await eventually('more than 2 colours', async () => {
      const found = await coloursOf();
      return found.seen > 2 && found;
    });
    assert.deepEqual([colours.width, colours.height], [640, 480]);

    const before = pictures();
    await eventually('another picture', async () => pictures() > before + 1);
    await assertAccessible(page, 'an image');
    await page.setViewportSize({ width: 360, height: 740 });
    await untilFits(page, 'an image', 360);
    await page.setViewportSize({ width: 1280, height: 800 });

    const age = page.locator('[data-age]');
    await page.getByRole('button', { name: 'Pause' }).press('Enter');
    await eventually('the image becomes stale', async () => (await age.getAttribute('class')) === 'stale', 30_000);
    const paused = pictures();
    await page.getByRole('button', { name: 'Resume' }).press('Enter');
    await eventually('the image is new again', async () => (await age.getAttribute('class')) !== 'stale', 30_000);
    assert.ok(pictures() > paused);

    const values = requested.filter((url) => url.includes('image_raw') && !url.includes('x-medkit-picture'));
    assert.deepEqual(
      values.filter((url) => url.includes('/api/')),
      [],
    );
    const address = `${scene.url}/api/v1${ITEM.replace('camera%2Fimage_raw', 'camera%2Fcamera_info')}/x-medkit-picture`;
    const refused = await fetch(address);
    assert.deepEqual([refused.status, Object(await refused.json()).error_code], [409, 'precondition-not-fulfilled']);

    const message = 'Images with the encoding "nv12" cannot be shown. Supported encodings: rgb8, bgr8';
    await page.route('**/x-medkit-picture*', (route) =>
      route.fulfill({ status: 409, json: { error_code: 'precondition-not-fulfilled', message } }),
    );
    await page.goto(`${scene.url}${ITEM}`);
    await page.getByRole('alert').getByText(message).waitFor(WAIT);
    await assertAccessible(page, 'an image that cannot be shown');
    assert.deepEqual(troubles, []);
  });
});
