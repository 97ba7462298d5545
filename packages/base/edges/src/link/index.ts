export { type Answers, type CallHandler, dispatchCalls, type IncomingCall } from './incoming-call.ts';
export { Link, type LinkBounds, type LinkCallOptions, type LinkOptions } from './link.ts';
export { decodeError, encodeError, type LinkErrors, type WireError } from './message.ts';
