import { EventEmitter } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { CONNECT_TIMEOUT_MS, MAX_CHUNK_BYTES, MAX_CHUNKS, MAX_MESSAGE_BYTES } from '../bounds.ts';
import { PlcError } from '../plc-error.ts';
import {
  type Acknowledged,
  ChunkReader,
  decodeAcknowledge,
  decodeError,
  encodeHello,
  type NameOfStatus,
} from './uacp.ts';

type Done = (error?: Error | null) => void;

/** Parses an endpoint URL such as `opc.tcp://plc:4840/path`. Throws `PlcError` for other URLs. */
export function addressOf(endpointUrl: string): { readonly host: string; readonly port: number } {
  const url = URL.parse(endpointUrl);
  if (url?.protocol !== 'opc.tcp:' || url.hostname === '') {
    throw new PlcError(
      `expected an endpoint URL such as opc.tcp://plc:4840, found ${JSON.stringify(endpointUrl.slice(0, 200))}`,
    );
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 4840) };
}

const kindOf = (chunk: Buffer): string => chunk.toString('latin1', 0, 3);

/** Suppresses the library's warnings about unknown status codes, which go directly to the console. */
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
 * The TCP connection of a secure channel (OPC 10000-6, 7.1), instead of the library's. Errors that the library throws
 * while it processes received data end only this connection.
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
  readonly #onReceived: () => void;
  readonly #onEnd: (error: Error) => void;
  readonly #nameOf: NameOfStatus;
  readonly #reader = new ChunkReader();
  #socket: Socket | undefined;
  #connecting: Done | undefined;
  #isOver = false;

  /**
   * `onReceived` is called with every chunk of the server; `onEnd` with the reason why the connection ended, unless this
   * side closed it.
   */
  constructor(onReceived: () => void, onEnd: (error: Error) => void, nameOf: NameOfStatus) {
    super();
    this.#nameOf = nameOf;
    this.#onReceived = onReceived;
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

  /** Called by the library after an unrecoverable error. */
  prematureTerminate(error: Error): void {
    this.#end(error);
  }

  forceConnectionBreak(): void {
    this.#end(new PlcError('the gateway closed the connection'));
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
        this.#onReceived();
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
    // After a second acknowledgement, the library would treat further data as unsecured.
    else if (kindOf(chunk) === 'ACK') throw new PlcError('it acknowledged the connection twice');
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
      if (connecting) connecting(error ?? new PlcError('the connection was aborted'));
      else this.emit('close', error);
    } catch (thrown) {
      // The library's cleanup here may fail because of state that the server caused; the connection ends anyway.
      this.#onEnd(thrown instanceof Error ? thrown : new PlcError(String(thrown)));
    }
  }
}
