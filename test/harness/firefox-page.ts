import type { BidiSession } from './bidi-session.ts';
import { eventually } from './eventually.ts';

const ENTER = '\uE007';
const CONTROL = '\uE009';

/** A tab of Firefox, and its unexpected events. */
export interface FirefoxPage {
  /** Console errors, exceptions, failed requests, and requests to other hosts than the gateway. */
  readonly troubles: readonly string[];
  goto(address: string): Promise<void>;
  /** Returns the value of an expression as JSON. */
  evaluate<T>(expression: string): Promise<T>;
  setWindow(width: number, height: number): Promise<void>;
  /** Types text; `{Enter}` is a key, `{Control+k}` a chord. */
  type(text: string): Promise<void>;
  /** Clicks the first element that matches a selector, once it exists. */
  click(selector: string): Promise<void>;
}

/** Opens the address in the first tab. */
export async function openFirefoxPage(session: BidiSession, address: string): Promise<FirefoxPage> {
  const troubles: string[] = [];
  const { origin } = new URL(address);
  await session.on('log.entryAdded', ({ level, text }) => {
    if (level === 'error') troubles.push(text);
  });
  await session.on('network.beforeRequestSent', ({ request: { url } }) => {
    if (!url.startsWith(origin) && !/^(?:blob|data|about):/.test(url)) troubles.push(`asked for ${url}`);
  });
  await session.on('network.responseCompleted', ({ response: { status, url } }) => {
    if (status >= 400) troubles.push(`${url}: ${status}`);
  });
  await session.on('network.fetchError', ({ request: { url }, errorText }) => {
    // A navigation aborts the requests of the last page.
    if (errorText !== 'NS_BINDING_ABORTED') troubles.push(`${url}: ${errorText}`);
  });
  const { contexts } = await session.send('browsingContext.getTree');
  const { context } = contexts[0];
  const goto = (url: string) => session.send('browsingContext.navigate', { context, url, wait: 'complete' });
  const act = (type: string, actions: readonly object[]) =>
    session.send('input.performActions', { context, actions: [{ type, id: type, actions }] });
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await session.send('script.evaluate', {
      expression: `JSON.stringify((${expression}) ?? null)`,
      target: { context },
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return JSON.parse(result.value) as T;
  };
  await goto(address);
  return {
    troubles,
    goto,
    evaluate,
    // Firefox fails to read the size of a window whose document it is just replacing.
    async setWindow(width, height) {
      await eventually(`a window of ${width} × ${height}`, async () => {
        await session.send('browsingContext.setViewport', { context, viewport: { width, height } });
        return true;
      });
    },
    async type(text) {
      // One action for each key, so that the page has handled it when the next is pressed.
      for (const keys of keysOf(text)) await act('key', pressed(keys));
    },
    async click(selector) {
      const place = await eventually(`${selector} exists`, () =>
        evaluate<{ x: number; y: number } | undefined>(`(() => {
          const element = document.querySelector(${JSON.stringify(selector)});
          if (!element?.checkVisibility()) return undefined;
          element.scrollIntoView({ block: 'center', behavior: 'instant' });
          const { left, top, width, height } = element.getBoundingClientRect();
          return { x: Math.round(left + width / 2), y: Math.round(top + height / 2) };
        })()`).then((found) => found ?? undefined),
      );
      await act('pointer', [
        { type: 'pointerMove', ...place },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ]);
    },
  };
}

/** Returns the keys of a text, each as the keys that are pressed together. */
const keysOf = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(/\{(Enter|Control\+(\w))\}|./g)].map(([key, name, letter]) => {
    if (letter !== undefined) return [CONTROL, letter];
    return [name === 'Enter' ? ENTER : key];
  });

const pressed = (keys: readonly string[]): readonly object[] => [
  ...keys.map((value) => ({ type: 'keyDown', value })),
  ...keys.toReversed().map((value) => ({ type: 'keyUp', value })),
];
