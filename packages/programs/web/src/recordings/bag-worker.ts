import { gatewayAddress } from '../routes/base-path.ts';
import type { BagQuestion, FromBag, ToBag } from './bag-messages.ts';
import { BagProblem, messageOf } from './bag-problem.ts';
import { type BagReader, openBagReader } from './bag-reader.ts';
import { openRangeSource } from './range-source.ts';

/**
 * Reads one recording in a worker, so that a large or malicious file does not block the page. The page can terminate it
 * at any time.
 */

let opening: Promise<BagReader> | undefined;

async function answer({ ask, of }: BagQuestion): Promise<unknown> {
  if (ask === 'open') {
    const [href, token] = of;
    opening = openBagReader(
      openRangeSource(`${gatewayAddress()}${href}`, { token, fetch: (url, init) => fetch(url, init) }),
    );
    return (await opening).summary;
  }
  const reader = await opening;
  if (!reader) throw new BagProblem('closed');
  switch (ask) {
    case 'samples':
      return reader.samples(...of);
    case 'message':
      return reader.message(...of);
    case 'momentBeside':
      return reader.momentBeside(...of);
  }
}

addEventListener('message', ({ data }: MessageEvent<ToBag>) => {
  const { id } = data;
  const reply = (message: FromBag): void => postMessage(message);
  answer(data).then(
    (value) => reply({ id, value }),
    (error: unknown) => reply({ id, problem: messageOf(error) }),
  );
});
