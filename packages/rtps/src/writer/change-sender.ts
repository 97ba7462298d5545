import type { Change } from '../history/change.ts';
import type { Destination, Outbox } from '../transport/outbox.ts';
import type { DataFields, MessageWriter } from '../wire/message-writer.ts';
import { fractionOfMs } from '../wire/time.ts';
import { FRAGMENT_BYTES, fragmentCount } from './fragment-size.ts';

export function writeTimestamp(message: MessageWriter, { sourceMs }: Change): void {
  message.infoTimestamp(Math.floor(sourceMs / 1000), fractionOfMs(sourceMs));
}

export function dataFields(
  change: Change,
  writerId: number,
  readerId: number,
  inlineQos: Uint8Array | undefined,
): DataFields {
  const { sequenceNumber, payload } = change;
  return { readerId, writerId, sequenceNumber, inlineQos, payload, payloadIsKey: change.change !== 'alive' };
}

/**
 * Sends a change for the first time: one DATA, or one datagram per fragment. `before` and `after` add submessages in
 * front of the first and behind the last.
 */
export function sendChange(
  outbox: Outbox,
  destination: Destination,
  change: Change,
  fields: DataFields,
  before: (message: MessageWriter) => void,
  after: (message: MessageWriter) => void,
): void {
  const count = fragmentCount(change.payload);
  for (let fragment = 1; fragment <= count; fragment += 1) {
    const message = outbox.to(destination);
    writeTimestamp(message, change);
    if (fragment === 1) before(message);
    if (count === 1) message.data(fields);
    else message.dataFrag(fields, fragment, FRAGMENT_BYTES);
    if (fragment === count) after(message);
    outbox.send();
  }
}
