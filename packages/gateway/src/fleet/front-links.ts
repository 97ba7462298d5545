import type { Duplex } from 'node:stream';
import type { HeldUplinks } from '@medkit/tunnel/front';

/** Serves the link of a standby, which has proven the secret. `address` is that of its machine. */
type ServeLink = (link: Duplex, address: string) => void;

/** Joins the listener for standbys with the fleet of a hub, which opens before. */
export interface FrontLinks {
  /** The uplinks that this process held as a standby, before it took over; absent if it held none. */
  readonly held: HeldUplinks | undefined;
  /** Sets what serves links; until then, `accept` throws. */
  serveWith(serve: ServeLink): void;
  readonly accept: ServeLink;
}

export function frontLinks(held: HeldUplinks | undefined): FrontLinks {
  let serve: ServeLink = () => {
    throw new Error('the fleet of this hub is not open');
  };
  return {
    held,
    serveWith: (next) => {
      serve = next;
    },
    accept: (link, address) => serve(link, address),
  };
}
