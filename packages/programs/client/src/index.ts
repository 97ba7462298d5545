export { DEFAULT_GATEWAY_URL, gatewayUrl, InvalidGatewayUrl } from './base-url.ts';
export { type Client, type ClientOptions, createClient, type Download, type Send } from './client.ts';
export type { FollowOptions, Pause } from './events/follow-events.ts';
export { readEvents, readParts, type ServerEvent, type StreamPart } from './events/read-events.ts';
export { type Asked, GatewayRefused, GatewayUnreachable, InvalidName, NotAGateway } from './failures.ts';
export type { Reply } from './reply.ts';
export { resourceUri } from './routes/route-address.ts';
export type { CallRoute, EntityRef, EventRoute, FileRoute, KindOf, RequestOf, ValueOf } from './routes/route-types.ts';
