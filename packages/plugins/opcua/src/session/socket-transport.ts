import { EventEmitter } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { CONNECT_TIMEOUT_MS, MAX_CHUNK_BYTES, MAX_CHUNKS, MAX_MESSAGE_BYTES } from './bounds.ts';
import { PlcError } from './plc-error.ts';
import {
  type Acknowledged,
  ChunkReader,
  decodeAcknowledge,
  decodeError,
  encodeHello,
  type NameOfStatus,
} from './uacp.ts';

type Done = (error?: Error | null) => void;

/** Where an endpoint is, as `opc.tcp://plc:4840/path`. Throws `PlcError` for another URL. */
export function addressOf(endpointUrl: string): { readonly host: string; readonly port: number } {
  const url = URL.parse(endpointUrl);
  if (url?.protocol !== 'opc.tcp:' || url.hostname === '') {
    throw new PlcError(
      `expected an endpoint as opc.tcp://plc:4840, found ${JSON.stringify(endpointUrl.slice(0, 200))}`,
    );
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 4840) };
}

const kindOf = (chunk: Buffer): string => chunk.toString('latin1', 0, 3);

/** The library has warnings of status codes that it does not know which no logger of it takes: they go to the console alone. */
function silently(act: () => void): void {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    act();
  } finally {
    console.warn = warn;
  }
}

/**
 * The connection of TCP below a secure channel (OPC 10000-6, 7.1), in the place of the library's own: what comes of a server
 * is handed on where nothing that the library throws at it goes further than this connection, which it ends.
 */
export class SocketTransport extends EventEmitter {
  readonly name = 'medkit';
  protocolVersion = 0;
  timeout = CONNECT_TIMEOUT_MS;
  numberOfRetry = 0;
  endpointUrl = '';
  serverUri = '';
  parameters: Acknowledged | undefined;
  readonly receiveBufferSize = MAX_CHUNK_BYTES;
  sendBufferSize = MAX_CHUNK_BYTES;
  readonly maxChunkCount = MAX_CHUNKS;
  readonly maxMessageSize = MAX_MESSAGE_BYTES;
  bytesRead = 0;
  bytesWritten = 0;
  chunkReadCount = 0;
  chunkWrittenCount = 0;
  readonly #onHeard: () => void;
  readonly #onEnd: (error: Error) => void;
  readonly #nameOf: NameOfStatus;
  readonly #reader = new ChunkReader();
  #socket: Socket | undefined;
  #connecting: Done | undefined;
  #isOver = false;

  /** `onHeard` is told of every chunk of the server, `onEnd` why the connection ended, unless it was disconnected from here. */
  constructor(onHeard: () => void, onEnd: (error: Error) => void, nameOf: NameOfStatus) {
    super();
    this.#nameOf = nameOf;
    this.#onHeard = onHeard;
    this.#onEnd = onEnd;
  }

  connect(endpointUrl: string, callback: Done): void {
    this.endpointUrl = endpointUrl;
    this.#connecting = callback;
    const socket = createConnection({ ...addressOf(endpointUrl), noDelay: true, keepAlive: true });
    this.#socket = socket;
    socket.setTimeout(CONNECT_TIMEOUT_MS, () =>
      this.#end(new PlcError(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`)),
    );
    socket.on('connect', () => socket.write(encodeHello(endpointUrl)));
    socket.on('data', (octets) => this.#take(octets));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new PlcError('the server closed the connection')));
  }

  write(chunk: Buffer, callback?: Done): void {
    this.bytesWritten += chunk.length;
    this.chunkWrittenCount++;
    if (this.isValid()) this.#socket?.write(chunk, callback);
    else callback?.(new PlcError('the connection has ended'));
  }

  disconnect(callback: Done): void {
    this.#over(null);
    setImmediate(callback, null);
  }

  dispose(): void {
    this.#over(null);
  }

  /** The library found something that it cannot go on after. */
  prematureTerminate(error: Error): void {
    this.#end(error);
  }

  forceConnectionBreak(): void {
    this.#end(new PlcError('the connection was ended'));
  }

  isValid(): boolean {
    return !this.#isOver && this.#socket !== undefined && this.parameters !== undefined;
  }

  isDisconnecting(): boolean {
    return this.#isOver || this.#socket === undefined;
  }

  getTransportSettings() {
    return { maxChunkCount: MAX_CHUNKS, maxMessageSize: MAX_MESSAGE_BYTES, receiveBufferSize: MAX_CHUNK_BYTES };
  }

  #take(octets: Buffer): void {
    this.bytesRead += octets.length;
    try {
      for (const chunk of this.#reader.take(octets)) {
        if (this.#isOver) return;
        this.#onHeard();
        this.chunkReadCount++;
        this.#handle(chunk);
      }
    } catch (error) {
      this.#end(error instanceof Error ? error : new PlcError(String(error)));
    }
  }

  #handle(chunk: Buffer): void {
    if (this.#connecting !== undefined) this.#acknowledge(decodeAcknowledge(chunk, this.#nameOf));
    else if (kindOf(chunk) === 'ERR') throw decodeError(chunk, this.#nameOf);
    // The library would take what comes after a second one for not secured.
    else if (kindOf(chunk) === 'ACK')
      throw new PlcError('it acknowledged a connection that it had acknowledged before');
    else silently(() => this.emit('chunk', chunk));
  }

  #acknowledge(acknowledged: Acknowledged): void {
    const connected = this.#connecting;
    this.#connecting = undefined;
    this.#socket?.setTimeout(0);
    this.parameters = { ...acknowledged, sendBufferSize: acknowledged.receiveBufferSize };
    this.sendBufferSize = acknowledged.receiveBufferSize;
    connected?.(null);
    this.emit('connect');
  }

  #end(error: Error): void {
    if (this.#isOver) return;
    this.#onEnd(error);
    this.#over(error);
  }

  #over(error: Error | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket?.destroy();
    const connecting = this.#connecting;
    this.#connecting = undefined;
    try {
      if (connecting) connecting(error ?? new PlcError('the connection was given up'));
      else this.emit('close', error);
    } catch (thrown) {
      // The library cleans up here, and stumbles over what a server made of its state; the connection is over all the same.
      this.#onEnd(thrown instanceof Error ? thrown : new PlcError(String(thrown)));
    }
  }
}
