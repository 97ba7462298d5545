import type { Connect, Session } from './connect.ts';
import { type FromStream, SILENT_MS, type ToStream } from './messages.ts';
import { SharedStream, type Tab } from './shared-stream.ts';

/** The port of a tab as the worker uses it. */
export type TabPort = Pick<MessagePort, 'postMessage' | 'onmessage'>;

interface KnownTab extends Tab {
  values: readonly string[];
  isVisible: boolean;
  lastReceivedMs: number;
  /** Key of its stream; `undefined` before the tab has sent its credentials and after it left. */
  key: string | undefined;
  lastKey: string | undefined;
  /** The tab has announced that it leaves; a late heartbeat does not bring it back. */
  hasGone: boolean;
}

/** The streams of a browser, one for each session: a tab receives only what its own token permits. */
export class StreamSessions {
  readonly #connectAs: (session: Session) => Connect;
  readonly #tabs = new Set<KnownTab>();
  readonly #streams = new Map<string, SharedStream>();

  constructor(connectAs: (session: Session) => Connect) {
    this.#connectAs = connectAs;
  }

  /** Starts to handle the messages of a tab. */
  attend(port: TabPort): void {
    const tab: KnownTab = {
      send: (message: FromStream) => port.postMessage(message),
      values: [],
      isVisible: true,
      lastReceivedMs: Date.now(),
      key: undefined,
      lastKey: undefined,
      hasGone: false,
    };
    port.onmessage = ({ data }: MessageEvent<ToStream>) => this.#handle(tab, data);
  }

  #handle(tab: KnownTab, message: ToStream): void {
    tab.lastReceivedMs = Date.now();
    switch (message.is) {
      case 'session': {
        const { token, clientName } = message;
        const key = JSON.stringify([token, clientName]);
        if (tab.key === key) this.#streams.get(key)?.tryNow();
        else this.#enter(tab, key, this.#streams.get(key) ?? new SharedStream(this.#connectAs({ token, clientName })));
        break;
      }
      case 'watch':
        this.#show(tab, message);
        break;
      case 'gone':
        this.#leave(tab);
        tab.hasGone = true;
    }
    for (const other of this.#tabs) if (Date.now() - other.lastReceivedMs > SILENT_MS) this.#leave(other);
  }

  #show(tab: KnownTab, { values, isVisible }: Extract<ToStream, { is: 'watch' }>): void {
    const hasMore = values.some((value) => !tab.values.includes(value));
    tab.values = values;
    tab.isVisible = isVisible;
    const stream = tab.key === undefined ? undefined : this.#streams.get(tab.key);
    if (stream) stream.change({ hasMore });
    else if (!tab.hasGone) tab.send({ is: 'who' });
  }

  #enter(tab: KnownTab, key: string, stream: SharedStream): void {
    this.#leave(tab);
    this.#streams.set(key, stream);
    const isBack = tab.lastKey !== undefined;
    tab.key = tab.lastKey = key;
    tab.hasGone = false;
    this.#tabs.add(tab);
    stream.join(tab, { isBack });
  }

  #leave(tab: KnownTab): void {
    this.#tabs.delete(tab);
    if (tab.key === undefined) return;
    const stream = this.#streams.get(tab.key);
    stream?.leave(tab);
    if (stream?.isEmpty) this.#streams.delete(tab.key);
    tab.key = undefined;
  }
}
