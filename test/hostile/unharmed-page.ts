import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import { eventually } from '../harness/eventually.ts';
import { openWatchedPage } from '../harness/watched-page.ts';

/** Generous for a busy machine: a page that takes longer hangs. */
const ALIVE_MS = 30_000;

/** Finds elements, attributes and addresses that are not from the page's own code. Evaluated in the page. */
const FOREIGN = `(() => {
  const local = new Set(['http:' + location.host, 'blob:', 'blob:' + location.host]);
  // The gateway writes this element into the document: a relative address of the root of its pages.
  const base = document.querySelector('base');
  const isPageBase = base?.parentElement === document.head && base.getAttributeNames().join() === 'href' &&
    /^(\\.\\/|(\\.\\.\\/)+)$/.test(base.getAttribute('href')) && document.baseURI === location.origin + '/';
  const found = [...document.querySelectorAll('img, iframe, object, embed, video, audio, base, meta[http-equiv], script:not([src])')].filter((e) => e !== base || !isPageBase).map((e) => e.outerHTML);
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) found.push(name + '=' + value);
      if (!['href', 'src', 'action', 'formaction', 'xlink:href', 'srcset', 'ping', 'poster'].includes(name)) continue;
      if (value.startsWith('#')) continue;
      const { protocol, host } = new URL(value, document.baseURI);
      if (!local.has(protocol + host)) found.push(element.tagName + ' ' + name + '=' + value);
    }
  }
  if (!document.title.endsWith('medkit')) found.push('the title is ' + document.title);
  return found.map((text) => text.slice(0, 300));
})()`;

/** A page of a gateway with malicious data. */
export class UnharmedPage {
  readonly page: Page;
  readonly #origin: string;
  readonly #troubles: string[];

  private constructor(page: Page, origin: string, troubles: string[]) {
    this.page = page;
    this.#origin = origin;
    this.#troubles = troubles;
  }

  static async open(context: BrowserContext, url: string, how: { readonly mayFail?: RegExp } = {}) {
    const { page, troubles } = await openWatchedPage(context, url, how);
    page.on('dialog', (dialog) => {
      // The page's own prompt before it discards typed text.
      if (dialog.type() === 'beforeunload') return void dialog.accept();
      troubles.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('popup', (popup) => troubles.push(`a window: ${popup.url()}`));
    page.on('crash', () => troubles.push('the tab crashed'));
    page.on('framenavigated', (frame) => {
      if (!frame.url().startsWith(url)) troubles.push(`it went to ${frame.url()}`);
    });
    return new UnharmedPage(page, new URL(url).origin, troubles);
  }

  /** Opens a page, waits until everything has loaded, and asserts that the data is only displayed. */
  async visit(path: string): Promise<void> {
    // Like a link of these pages: without loading them again.
    const go = `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`;
    await this.page.evaluate(go);
    await this.settled(path);
  }

  /** The same, but loads the pages again, whatever was typed before. */
  async load(path: string): Promise<void> {
    await this.page.goto(`${this.#origin}${path}`);
    await this.settled(path);
  }

  async settled(about: string): Promise<void> {
    const isThere = async () =>
      await this.page.evaluate<boolean>(
        `!!document.querySelector('main h1, main > [role=alert]') && !document.querySelector('main .skeleton')`,
      );
    await eventually(`${about} is there`, isThere, ALIVE_MS);
    await this.assertUnharmed(about);
  }

  async assertUnharmed(about: string): Promise<void> {
    const late = new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error(`${about} hangs`)), ALIVE_MS).unref(),
    );
    const found = await Promise.race([this.page.evaluate<readonly string[]>(FOREIGN), late]);
    assert.deepEqual([...found, ...this.#troubles.splice(0)], [], about);
    assert.ok(this.page.url().startsWith(`${this.#origin}/`), about);
  }
}
