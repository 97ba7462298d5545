import { token } from '../gateway/session.ts';
import { workerAddress } from '../live/worker-address.ts';
import { isFileHref } from '../routes/file-address.ts';
import type { BagMessage, BagQuestions, BagSamples, BagSummary, FromBag, ToBag } from './bag-messages.ts';
import { BagProblem } from './bag-problem.ts';
import workerUrl from './bag-worker.ts?worker&url';

/** An open recording. A worker answers all requests; failures throw an `Error` that `bagProblemText` explains. */
export interface Bag extends BagSummary {
  readonly href: string;
  /**
   * Returns numbers of a field over time. `path` is a JSON Pointer, or `LEAST_RANGE` of a scan. Above `maxCount`
   * samples, returns the minimum and maximum of each interval. A message without such a number yields `NaN`, a gap.
   */
  samplesOf(topic: string, path: string, fromMs: number, toMs: number, maxCount: number): Promise<BagSamples>;
  /** Returns the last message of a topic at or before a moment. */
  messageAt(topic: string, ms: number): Promise<BagMessage | undefined>;
  /**
   * Returns the recording time of the next message after (1) or before (−1) a moment, or `undefined` if there is none.
   */
  momentBeside(topic: string, ms: number, steps: 1 | -1): Promise<number | undefined>;
  close(): void;
}

/** Opens an MCAP recording and reads only the parts that are needed. Throws the errors of the bag. */
export async function openBag(href: string, signal?: AbortSignal): Promise<Bag> {
  if (!isFileHref(href)) throw new BagProblem('foreign');
  const worker = new Worker(workerAddress(workerUrl), { type: 'module', name: 'medkit-bag' });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  let ended: string | undefined;
  const end = (reason: string): void => {
    ended ??= reason;
    worker.terminate();
    for (const { reject } of waiting.values()) reject(new Error(ended));
    waiting.clear();
  };
  worker.onmessage = ({ data }: MessageEvent<FromBag>) => {
    const asker = waiting.get(data.id);
    waiting.delete(data.id);
    if ('problem' in data) asker?.reject(new Error(data.problem));
    else asker?.resolve(data.value);
  };
  worker.onerror = ({ message }) => end(message || 'closed');
  signal?.addEventListener('abort', () => end('closed'), { once: true });

  function ask<Name extends keyof BagQuestions>(name: Name, ...of: Parameters<BagQuestions[Name]>) {
    return new Promise<ReturnType<BagQuestions[Name]>>((resolve, reject) => {
      if (ended !== undefined) return reject(new Error(ended));
      lastId += 1;
      waiting.set(lastId, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ id: lastId, ask: name, of } as unknown as ToBag);
    });
  }

  try {
    const summary = await ask('open', href, token());
    return {
      ...summary,
      href,
      samplesOf: (...of) => ask('samples', ...of),
      messageAt: (...of) => ask('message', ...of),
      momentBeside: (...of) => ask('momentBeside', ...of),
      close: () => end('closed'),
    };
  } catch (error) {
    end('closed');
    throw error;
  }
}
