/**
 * A client of a gateway on a host of the simulated network. `client.ts get <url>` prints the body of a reply.
 * `client.ts follow <url> <id>` follows a stream from an event on, reconnects whenever it ends, and prints a line of
 * JSON for each event: its id and its data.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { followed } from '../federation/stream-client.ts';

const AGAIN_MS = 200;
const LOOK_MS = 20;

const [, , what, url = '', id] = process.argv;
if (what === 'get') process.stdout.write(await (await fetch(url)).text());
else await follow();

async function follow(): Promise<never> {
  let lastId: string | undefined = id;
  while (true) {
    try {
      const client = await followed(url, lastId);
      for (let printed = 0; !client.isOver || printed < client.events.length; ) {
        for (const event of client.events.slice(printed)) process.stdout.write(`${JSON.stringify(event)}\n`);
        printed = client.events.length;
        await delay(LOOK_MS);
      }
      lastId = client.lastId();
    } catch (error) {
      process.stderr.write(`${error}\n`);
    }
    await delay(AGAIN_MS);
  }
}
