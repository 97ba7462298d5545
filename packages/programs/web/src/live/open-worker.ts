import { reloadForNewPages } from '../gateway/new-pages.ts';
import type { FromStream, ToStream } from './messages.ts';
import workerUrl from './stream-worker.ts?worker&url';
import { workerAddress } from './worker-address.ts';

const RETRY_MS = 10_000;

interface WorkerOptions {
  readonly onMessage: (message: FromStream) => void;
  /** It could not be loaded, or has broken; it is made anew after so many milliseconds. */
  readonly onBroken: (retryMs: number) => void;
  /** It was made anew, and knows nothing of this tab. */
  readonly onMade: () => void;
}

interface LiveWorker {
  readonly send: (message: ToStream) => void;
  /** All tabs have the same; where a browser has no shared ones, each tab has one of its own. */
  readonly isShared: boolean;
}

/** Makes the worker that holds the streams, or joins the one that is there. */
export function openWorker({ onMessage, onBroken, onMade }: WorkerOptions): LiveWorker {
  const isShared = 'SharedWorker' in window;
  let port = make();

  function make(): MessagePort | Worker {
    const options = { type: 'module', name: 'medkit-live' } as const;
    const address = workerAddress(workerUrl);
    const worker = isShared ? new SharedWorker(address, options) : new Worker(address, options);
    const made = worker instanceof Worker ? worker : worker.port;
    made.onmessage = ({ data }: MessageEvent<FromStream>) => onMessage(data);
    worker.onerror = () => {
      worker.onerror = null;
      if (worker instanceof Worker) worker.terminate();
      onBroken(RETRY_MS);
      // After an upgrade the script of before is not there any more.
      void reloadForNewPages();
      setTimeout(() => {
        port = make();
        onMade();
      }, RETRY_MS);
    };
    return made;
  }

  return { send: (message) => port.postMessage(message), isShared };
}
