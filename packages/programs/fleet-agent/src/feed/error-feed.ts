import type { Protocol } from '@medkit/vda5050';
import type { PictureSource, RobotPicture } from '../picture/robot-picture.ts';
import { encodeErrors } from '../state/encode-errors.ts';

const NOT_YET = { errors: [], information: [], gatewayProblem: 'the gateway has not answered yet' } as const;

/** The errors of a robot as JSON text. */
export interface ErrorFeed {
  readonly text: string;
  /** Calls `listener` with each changed text. Returns a function that stops this. */
  follow(listener: (text: string) => void): () => void;
  stop(): void;
}

/** Follows the errors of a picture and ignores its other changes. */
export function errorFeed(picture: PictureSource, protocol: Protocol): ErrorFeed {
  const listeners = new Set<(text: string) => void>();
  const textNow = (): string => JSON.stringify(feedErrors(protocol, picture.picture));
  /** Last text that listeners got; undefined without listeners, which most robots do not have. */
  let lastText: string | undefined;
  const unfollow = picture.onChange(() => {
    if (listeners.size === 0) return;
    const next = textNow();
    if (next === lastText) return;
    lastText = next;
    for (const listener of listeners) listener(next);
  });
  return {
    get text() {
      return textNow();
    },
    follow(listener) {
      if (listeners.size === 0) lastText = textNow();
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: unfollow,
  };
}

/** Errors of a robot for its own VDA 5050 client, which copies the items into its states. */
interface FeedErrors {
  /** VDA 5050 version of the items. */
  readonly version: string;
  /** Why the current state of the robot is unknown; the items are then the last known ones. */
  readonly problem?: string;
  readonly errors: readonly unknown[];
  readonly information: readonly unknown[];
}

/** Encodes the errors and information of a picture in the protocol version. */
function feedErrors(protocol: Protocol, picture: RobotPicture | undefined): FeedErrors {
  const { errors, information, gatewayProblem } = picture ?? NOT_YET;
  return {
    version: protocol.version,
    ...(gatewayProblem !== undefined && { problem: gatewayProblem }),
    ...encodeErrors(protocol, { errors, information }),
  };
}
