import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { CODES } from '../hostile/faults.ts';
import { HostileScene } from '../hostile/scene.ts';
import { SCHEMAS } from '../hostile/schemas.ts';
import { LINKS, MARKUP, SCRIPT_LINK, SHORT_MARKUP, TURNED } from '../hostile/texts.ts';
import { UnharmedPage } from '../hostile/unharmed-page.ts';
import { VALUE_NAMES } from '../hostile/values.ts';

const WAIT = { timeout: 30_000 };
const TABS = [
  '',
  '/data',
  '/operations',
  '/configurations',
  '/faults',
  '/logs',
  '/status',
  '/locks',
  '/findings',
] as const;
/** Errors of requests for resources that another gateway does not have. */
const REFUSED = /status of (?:4\d\d|502|503|504)/;
/** React's report of a part that failed to render and was contained by an error boundary. */
const BROKEN = /^(?:TypeError|RangeError|Error: Minified React error)|status of (?:4\d\d|502|503|504)/;

suite('texts from robots, manifests and other gateways', { skip: browserMissing, timeout: 300_000 }, () => {
  let scene: HostileScene;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let checkedPage: UnharmedPage;
  const text = (phrase: string) => checkedPage.page.getByText(phrase, { exact: false }).first().waitFor(WAIT);
  const visitAll = async (paths: readonly string[]) => {
    for (const path of paths) await checkedPage.visit(path);
  };
  const tabsOf = (entity: string): readonly string[] => TABS.map((tab) => `/${entity}${tab}`);
  const segment = (name: string): string => encodeURIComponent(name.toWellFormed());

  before(async () => {
    [scene, browser] = await Promise.all([HostileScene.open(), openBrowser()]);
    checkedPage = await UnharmedPage.open(browser.context, scene.url, { mayFail: REFUSED });
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    await scene?.[Symbol.asyncDispose]();
  });

  test('are shown as plain text in the tree, in searches and in every list of the robot', async () => {
    await checkedPage.visit('/');
    await text(`evil ${MARKUP}`);
    await checkedPage.page.getByRole('link', { name: SCRIPT_LINK }).first().waitFor(WAIT);
    await visitAll(['/incidents', '/logs', '/audit', '/peers', '/doctor', '/settings', '/find?q=img', '/find?q=evil']);
    await checkedPage.visit('/faults?status=all');
    // A code that cannot be part of an address is listed like all others.
    await text('\uD800half'.toWellFormed().slice(1));
    await text(SHORT_MARKUP);
    await checkedPage.visit('/plot?s=apps/evil/data/nan:/data&s=apps/written/data/hostile%2Flevel:/data');
    for (const link of LINKS) await checkedPage.visit(`/plot?s=${encodeURIComponent(link)}`);
    await checkedPage.visit(`/sign-in?next=${encodeURIComponent(SCRIPT_LINK)}`);
  });

  test('of entities are plain text on each of their pages', async () => {
    await visitAll(['areas/hall', 'components/arm', 'functions/work'].flatMap(tabsOf));
    await visitAll(['areas/evil_hall', 'components/evil_arm', 'functions/evil_work', 'apps/longest'].flatMap(tabsOf));
    await checkedPage.visit('/areas/evil_hall');
    await text(TURNED);
    const id = await checkedPage.page.evaluate<readonly number[]>(`(() => {
      const text = [...document.querySelector('h1 .entity-id').childNodes].find(({ data }) => data === 'evil_hall');
      return [0, 8].map((at) => {
        const letter = new Range();
        letter.setStart(text, at);
        letter.setEnd(text, at + 1);
        return letter.getBoundingClientRect().left;
      });
    })()`);
    assert.ok(id[0]! < id[1]!, `what stands beside a text that turns the way of reading is not turned: ${id}`);
  });

  test('of a ROS 2 node are plain text: topics, types, parameters, logs and faults', async () => {
    await visitAll(tabsOf('apps/written'));
    await visitAll(tabsOf(`apps/n${'x'.repeat(200)}`));
    const topics = ['text', 'octets', 'short', 'deep', 'wide', 'level', 't'.repeat(200)].map(
      (name) => `hostile/${name}`,
    );
    await visitAll([...topics, '__proto__/constructor'].map((name) => `/apps/written/data/${segment(name)}`));
    await text('has_own_property');
    await checkedPage.page.getByText(MARKUP.slice(0, 60)).first().waitFor(WAIT);
    await checkedPage.visit('/apps/written/configurations');
    await text(SHORT_MARKUP);
    const field = checkedPage.page.getByRole('textbox', { name: 'range.turned' });
    await field.fill('7');
    await field.press('Enter');
    await checkedPage.settled('a parameter whose range contradicts itself');
    await checkedPage.load('/apps/written/operations/onerror');
    await checkedPage.page.getByLabel('constructor').fill(MARKUP);
    await checkedPage.page.getByRole('button', { name: /Execute/ }).click();
    await checkedPage.page.getByRole('dialog').getByRole('button', { name: 'Execute' }).click();
    await text(SCRIPT_LINK);
    await checkedPage.assertUnharmed('the answer of a service');
    await checkedPage.load('/apps/written/faults/HOSTILE_NODE');
    await text(MARKUP);
  });

  test('of another gateway are plain text: values, schemas, faults and incidents', async () => {
    await visitAll(tabsOf('apps/evil'));
    await checkedPage.visit('/apps/evil/findings');
    await text(MARKUP);
    await visitAll(VALUE_NAMES.map((name) => `/apps/evil/data/${segment(name)}`));
    for (const summary of await checkedPage.page.locator('main summary').all()) await summary.click();
    await visitAll(Object.keys(SCHEMAS).map((name) => `/apps/evil/operations/${name}`));
    await checkedPage.visit('/apps/evil/operations/deep?x=x');
    await checkedPage.visit('/apps/evil/operations/marked');
    await text(SHORT_MARKUP);
    await checkedPage.page.getByLabel('pattern').fill(`${'a'.repeat(200)}!`);
    await checkedPage.page.getByRole('button', { name: /Execute/ }).click();
    await checkedPage.page.getByRole('dialog').getByRole('button', { name: 'Execute' }).click();
    await checkedPage.settled('an answer');
    await checkedPage.load('/');
    await visitAll(CODES.map((code) => `/apps/evil/faults/${segment(code)}`));
    const { items } = (await (await fetch(`${scene.url}/api/v1/x-medkit-incidents?limit=100`)).json()) as {
      readonly items: readonly { readonly id: string }[];
    };
    assert.ok(items.some(({ id }) => id.endsWith('@evil')));
    await visitAll(items.map(({ id }) => `/incidents/${segment(id)}`));
  });

  test('that do not have the shape of the document are reported in place, and the rest of the page works', async () => {
    const { page } = checkedPage;
    const entities = ['deepest', 'shapeless', 'items'].map((id) => `apps/${id}`);
    checkedPage = await UnharmedPage.open(browser.context, scene.url, { mayFail: BROKEN });
    for (const path of entities.flatMap(tabsOf)) {
      await checkedPage.visit(path);
      assert.equal(await checkedPage.page.locator('main h1').count(), 1, path);
    }
    await checkedPage.visit('/apps/shapeless/data');
    const again = checkedPage.page.getByRole('alert').getByRole('button', { name: 'Try again' });
    await again.click();
    await again.waitFor(WAIT);
    await text('The response cannot be read');
    await checkedPage.page
      .getByRole('navigation', { name: 'Parts of this entity' })
      .getByRole('link', { name: /^Logs/ })
      .click();
    await checkedPage.settled('another tab');
    const parts = ['data/x', 'data/prototype', 'faults/X', 'operations/x'];
    await visitAll(['deepest', 'shapeless'].flatMap((id) => parts.map((part) => `/apps/${id}/${part}`)));
    await checkedPage.page.getByRole('link', { name: 'Home' }).click();
    await text(`evil ${MARKUP}`);
    assert.equal(await checkedPage.page.evaluate(`({}).harmed`), undefined);
    await checkedPage.page.close();
    await page.bringToFront();
  });
});
