import type { Port } from '@medkit/edges';
import type { Bag, BagShelf } from '../files/bag.ts';
import type { BagAnswer, BagCall } from './protocol.ts';

/** Writes one recording according to the calls from `port`. */
export function serveBag(port: Port, shelf: BagShelf): void {
  let bag: Bag | undefined;
  const perform = async (call: BagCall): Promise<unknown> => {
    if (call.name === 'open') {
      bag = await shelf.open(call.options);
      return undefined;
    }
    if (!bag) throw new Error('no recording was opened');
    return call.name === 'write' ? bag.write(call.block) : bag.finish(call.faultCodes);
  };
  port.on('message', async (call) => {
    const answer: BagAnswer = await perform(call as BagCall).then(
      (value) => ({ value }),
      (error: Error) => ({ error: error.message }),
    );
    port.postMessage(answer);
  });
}
