import type { Socket } from 'node:net';
import { SovdError } from '@medkit/contract';
import { MAX_URL_BYTES, urlTooLong } from './public-error.ts';

// Not imported, as in the HTTP client of `edges/node`.
const { STATUS_CODES } = process.getBuiltinModule('node:http');

interface ParserError extends Error {
  readonly code?: string;
  readonly rawPacket?: unknown;
}

/** Replies to a message that is not valid HTTP, or too large to parse. There is no request yet, only a socket. */
export function answerClientError(error: ParserError, socket: Socket): void {
  const isOfTls = /^ERR_(?:SSL|TLS)_/.test(error.code ?? '');
  if (!socket.writable || socket.bytesWritten > 0 || error.code === 'ECONNRESET' || isOfTls) {
    socket.destroy();
    return;
  }
  answer(socket, publicForm(error));
}

/** Replies to plain HTTP on an HTTPS port, before reading any of it. */
export function answerPlainHttp(socket: Socket): void {
  const message = 'This port uses HTTPS: the address must begin with https://';
  answer(socket, new SovdError({ code: 'invalid-request', message }));
}

function answer(socket: Socket, error: SovdError): void {
  const body = JSON.stringify(error.body());
  socket.write(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  // After `end` alone, the connection would stay open until the client closes it.
  socket.destroySoon();
}

function publicForm({ code, rawPacket }: ParserError): SovdError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    if (Buffer.isBuffer(rawPacket) && firstLineLength(rawPacket) > MAX_URL_BYTES) return urlTooLong();
    return new SovdError({ code: 'invalid-request', status: 431, message: 'The request headers are too large' });
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new SovdError({ code: 'invalid-request', status: 408, message: 'The request did not arrive in time' });
  }
  if (code === 'HPE_INVALID_METHOD') return unknownMethod();
  return new SovdError({ code: 'invalid-request', message: 'This is not an HTTP request' });
}

/** The method is unknown to HTTP or not used by SOVD. */
export function unknownMethod(): SovdError {
  return new SovdError({
    code: 'invalid-request',
    message: 'This gateway supports GET, HEAD, PUT, POST, DELETE, OPTIONS',
  });
}

function firstLineLength(packet: Buffer): number {
  const end = packet.indexOf('\r\n');
  return end === -1 ? packet.length : end;
}
