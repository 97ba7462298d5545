import { reloadForNewPages } from '../gateway/new-pages.ts';
import type { FromStream, ToStream } from './messages.ts';
import workerUrl from './stream-worker.ts?worker&url';
import { workerAddress } from './worker-address.ts';

const RETRY_MS = 10_000;

interface WorkerOptions {
  readonly onMessage: (message: FromStream) => void;
  /** Called if the worker could not be loaded or failed; it is recreated after `retryMs`. */
  readonly onBroken: (retryMs: number) => void;
  /** Called after the worker was recreated and has lost the state of this tab. */
  readonly onMade: () => void;
}

interface LiveWorker {
  readonly send: (message: ToStream) => void;
  /** True if all tabs share one worker; without `SharedWorker` support each tab has a dedicated worker. */
  readonly isShared: boolean;
}

/** Starts the worker that holds the streams, or connects to the running one. */
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
      // After an upgrade, the previous worker script no longer exists.
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
